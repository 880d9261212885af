/* A connection that reads and writes whole Gearman packets; all connections share one epoll. */
#ifndef CONNECTION_H
#define CONNECTION_H
#include <stddef.h>
#include <stdint.h>

enum { CAN_DO = 1, PRE_SLEEP = 4, NOOP = 6, SUBMIT_JOB = 7, JOB_CREATED = 8, GRAB_JOB = 9, NO_JOB = 10, JOB_ASSIGN = 11,
       WORK_COMPLETE = 13, ECHO_REQ = 16, ECHO_RES = 17, SUBMIT_JOB_BG = 18, ERROR = 19, OPTION_REQ = 26, OPTION_RES = 27 };

typedef struct { uint8_t *bytes; size_t from, to, room; } buffer;
typedef struct connection {
  int fd, waits_for_room, has_output;
  buffer in, out;
  /* What tls.c keeps of it. */
  struct ssl_st *tls;
  /* From when its submits count, all of them; JOB_CREATED come in order. */
  uint64_t *since;
  unsigned first, next;
  /* The user's own. */
  void *about;
} connection;

static const uint64_t MILLISECOND = 1000000;

/* What to do with a packet; the body is the connection's until it returns. */
typedef void handler(connection *c, uint32_t type, uint8_t *body, size_t size);

/* What packets begin with that are sent from here: "\0REQ", unless it is changed. */
extern const char *magic;
/* The address to dial from; 0: the kernel's choice. One address has 28,000 ports. */
extern uint32_t source;
connection *dial(int port);
/* From now on accepts connections there, too, and lets them go when they end. */
void serve(int listener);
/* Closes it, and opens it anew. */
void redial(connection *c, int port);
void begin(connection *c, uint32_t type, size_t size);
void put(connection *c, const void *bytes, size_t size);
void packet(connection *c, uint32_t type, const void *body, size_t size);

void flush_all(void);
/* Handles what arrives within so many nanoseconds, and flushes all output. */
void poll_all(uint64_t nanoseconds, handler *on_packet);
void die(const char *what);
uint64_t nanoseconds(void);
#endif
