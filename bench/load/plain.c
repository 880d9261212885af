#include "stream.h"
#include <errno.h>
#include <sys/socket.h>

void stream_open(connection *c) { (void)c; }

void stream_close(connection *c) { (void)c; }

ssize_t stream_send(connection *c, const uint8_t *bytes, size_t size) {
  ssize_t sent = send(c->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 && errno == EAGAIN ? 0 : sent;
}

ssize_t stream_receive(connection *c, uint8_t *bytes, size_t size) {
  ssize_t received = recv(c->fd, bytes, size, MSG_DONTWAIT);
  if (received < 0 && errno == EAGAIN) return 0;
  return received ? received : -1;
}

int stream_waits_for_room(connection *c) { return (void)c, 1; }
