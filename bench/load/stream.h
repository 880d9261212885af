/* The bytes of a connection, as they are (plain.c) or in TLS (tls.c): a program is linked with one of the two. */
#ifndef STREAM_H
#define STREAM_H
#include "connection.h"
#include <sys/types.h>

/* When its socket is connected. */
void stream_open(connection *c);
/* Before its socket is closed. */
void stream_close(connection *c);
/* How many bytes went; 0 for none at the moment, -1 when the connection has ended. */
ssize_t stream_send(connection *c, const uint8_t *bytes, size_t size);
ssize_t stream_receive(connection *c, uint8_t *bytes, size_t size);
/* Whether what stream_send has left waits for room in the socket, and not for what is to be received first. */
int stream_waits_for_room(connection *c);
#endif
