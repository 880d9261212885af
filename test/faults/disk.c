/*
 * A disk that does as it is told, for what no injection of strace can do; to be preloaded. Only calls on files below $DISK are touched.
 *   $DISK_STUCK   while this file exists, syncs wait
 *   $DISK_SHORT   while this file exists, every other write takes half of its bytes and says so, and the one after it finds no room
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int told(const char *name) {
  const char *file = getenv(name);
  return file != NULL && access(file, F_OK) == 0;
}

static int ours(int fd) {
  char link[64], path[PATH_MAX];
  const char *disk = getenv("DISK");
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (disk == NULL || length < 0) return 0;
  path[length] = 0;
  return strncmp(path, disk, strlen(disk)) == 0;
}

static __thread int odd;

/* How many of the bytes are to be written; -1: none, the disk is full. */
static ssize_t taken(int fd, size_t count) {
  if (!told("DISK_SHORT") || !ours(fd)) return (ssize_t)count;
  odd = !odd;
  if (odd && count > 1) return (ssize_t)(count / 2);
  errno = ENOSPC;
  return -1;
}

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  ssize_t few = taken(fd, count);
  return few < 0 ? few : REAL(pwrite)(fd, bytes, (size_t)few, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  ssize_t few = taken(fd, count);
  return few < 0 ? few : REAL(pwrite64)(fd, bytes, (size_t)few, at);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  ssize_t few = taken(fd, count);
  return few < 0 ? few : REAL(write)(fd, bytes, (size_t)few);
}

static void wait_if_stuck(int fd) {
  while (told("DISK_STUCK") && ours(fd)) usleep(1000);
}

int fdatasync(int fd) {
  wait_if_stuck(fd);
  return REAL(fdatasync)(fd);
}

int fsync(int fd) {
  wait_if_stuck(fd);
  return REAL(fsync)(fd);
}
