/*
 * Connections that wait: `crowd PORT CONNECTIONS FUNCTIONS` opens so many, from 127.0.0.1 to 127.0.0.8, which offer so many functions between
 * them, at least one each, and sleep; with no functions they are idle. Says `open` when the server has handled all, and holds them until its input ends.
 */
#include "connection.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ADDRESSES = 8, AT_ONCE = 16 };

static int connections, functions, answered;

static void on_packet(connection *c, uint32_t type, uint8_t *body, size_t size) { answered += type == ECHO_RES; }

/* All are dealt out in turn. */
static void offer(connection *c, int nth) {
  char name[32];
  for (int f = nth; f < functions || f == nth; f += connections) packet(c, CAN_DO, name, sprintf(name, "crowd%d", f % functions));
  packet(c, PRE_SLEEP, "", 0);
}

static connection *join(int port, int nth) {
  source = INADDR_LOOPBACK + nth % ADDRESSES;
  connection *c = dial(port);
  if (functions) offer(c, nth);
  packet(c, ECHO_REQ, "", 0);
  return c;
}

/* They will not need it soon, and there are many. */
static void forget_buffers(connection *c) {
  free(c->in.bytes);
  free(c->out.bytes);
  c->in = c->out = (buffer){0};
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  connection *joined[AT_ONCE];
  connections = atoi(arguments[2]);
  functions = atoi(arguments[3]);
  for (int i = 0; i < connections; i++) {
    joined[i % AT_ONCE] = join(atoi(arguments[1]), i);
    if (i % AT_ONCE < AT_ONCE - 1 && i < connections - 1) continue;
    for (flush_all(); answered <= i; poll_all(100 * MILLISECOND, on_packet));
    for (int j = i % AT_ONCE; j >= 0; j--) forget_buffers(joined[j]);
  }
  puts("open");
  fflush(stdout);
  for (char byte; read(STDIN_FILENO, &byte, 1) > 0;);
}
