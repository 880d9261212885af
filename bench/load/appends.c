/*
 * What a disk can do: `appends FILE COUNT` appends pages of 4 KB to a new file, each followed by fdatasync, as a log that promises something has to.
 * Prints {"p50":microseconds,"p99":microseconds} of a page.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096 };

static uint64_t microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

static int ascending(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  int file = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600), pages = atoi(arguments[2]);
  uint64_t *took = calloc(pages, sizeof *took);
  char page[PAGE];
  for (int i = 0; i < pages; i++) {
    memset(page, i, PAGE);
    uint64_t began = microseconds();
    if (write(file, page, PAGE) != PAGE || fdatasync(file)) {
      perror(arguments[1]);
      return 1;
    }
    took[i] = microseconds() - began;
  }
  qsort(took, pages, sizeof *took, ascending);
  printf("{\"p50\":%lu,\"p99\":%lu}\n", took[pages / 2], took[pages * 99 / 100]);
}
