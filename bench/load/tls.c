/* The certificate of the server is not checked: it is one of this machine, and made for the day. */
#include "stream.h"
#include <fcntl.h>
#include <openssl/ssl.h>
#include <signal.h>

/* Of the content of a TLS record, at most. */
static const size_t RECORD = 16384;

static SSL_CTX *context(void) {
  static SSL_CTX *made;
  if (made) return made;
  if (!(made = SSL_CTX_new(TLS_client_method()))) die("SSL_CTX_new");
  SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  signal(SIGPIPE, SIG_IGN);
  return made;
}

/* A load begins when all its connections are there; those that it opens later shake hands side by side. */
void stream_open(connection *c) {
  int first = !c->tls;
  SSL_free(c->tls);
  c->tls = SSL_new(context());
  SSL_set_fd(c->tls, c->fd);
  SSL_set_connect_state(c->tls);
  if (first && SSL_do_handshake(c->tls) <= 0) die("a handshake failed");
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

void stream_close(connection *c) { SSL_shutdown(c->tls); }

static int is_later(connection *c, int result) {
  int error = SSL_get_error(c->tls, result);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

ssize_t stream_send(connection *c, const uint8_t *bytes, size_t size) {
  int sent = SSL_write(c->tls, bytes, size);
  if (sent > 0) return sent;
  return is_later(c, sent) ? 0 : -1;
}

/* No record is left half read: what OpenSSL holds back, no poll tells. */
ssize_t stream_receive(connection *c, uint8_t *bytes, size_t size) {
  size_t received = 0;
  while (size - received >= RECORD) {
    int got = SSL_read(c->tls, bytes + received, size - received);
    if (got <= 0) return received || is_later(c, got) ? (ssize_t)received : -1;
    received += got;
  }
  return received;
}

int stream_waits_for_room(connection *c) { return SSL_want_write((SSL *)c->tls); }
