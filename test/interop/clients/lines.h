/* The interop line protocol in C: see test/support/interop-clients.ts. */
#include <libgearman/gearman.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
  char *data;
  size_t size;
};

static inline int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

static inline struct bytes unhex(const char *hex) {
  struct bytes out = {malloc(strlen(hex) / 2 + 1), strlen(hex) / 2};
  for (size_t i = 0; i < out.size; i++) out.data[i] = (char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  return out;
}

/* One line: the words, then the bytes in hex behind "x:". */
static inline void say_bytes(const char *words, const void *data, size_t size) {
  const unsigned char *byte = data;
  printf("%s\tx:", words);
  for (size_t i = 0; i < size; i++) {
    putchar_unlocked("0123456789abcdef"[byte[i] >> 4]);
    putchar_unlocked("0123456789abcdef"[byte[i] & 15]);
  }
  putchar('\n');
  fflush(stdout);
}

static inline void say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
  putchar('\n');
  fflush(stdout);
}

static inline void check(gearman_return_t code, const char *what) {
  if (gearman_success(code)) return;
  fprintf(stderr, "%s: %s\n", what, gearman_strerror(code));
  exit(1);
}

static inline void reverse(const char *from, char *to, size_t size) {
  for (size_t i = 0; i < size; i++) to[i] = from[size - 1 - i];
}
