/*
 * Preloaded into a program: writes down, with their data, all operations that change files below $RECORD_ROOT, and all syncs of them, into
 * the log $RECORD_LOG (outside of that root). recording.ts reads the log. What goes past these functions (mmap, sendfile) is not seen; the
 * reader compares the files that the log makes with the real ones, and so notices.
 *
 * An entry: struct entry, then the path (for rename: the old one), then the data (for rename: the new path).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { OPENED = 1, CREATED, WRITTEN, RESIZED, ALLOCATED, UNLINKED, RENAMED, DIRECTORY_MADE, SYNCED };

struct entry {
  uint32_t size, kind;
  int64_t began, ended;      /* CLOCK_MONOTONIC, nanoseconds */
  uint64_t inode;
  int64_t offset;            /* of data; or the new size */
  uint32_t path_size, data_size;
};

#define MAX_FDS 65536
static uint64_t inode_of[MAX_FDS]; /* of what is open below the root; 0: nothing */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static int log_fd = -1;

#define REAL(name, ...)                                               \
  static __typeof__(&name) real_##name;                               \
  if (!real_##name) real_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int real_open_file(const char *path, int flags, mode_t mode) {
  REAL(open64);
  return real_open64(path, flags, mode);
}

__attribute__((constructor)) static void begin(void) {
  const char *log = getenv("RECORD_LOG");
  root = getenv("RECORD_ROOT");
  if (root && log) log_fd = real_open_file(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int below_root(const char *path) {
  if (log_fd < 0 || !path) return 0;
  size_t size = strlen(root);
  return strncmp(path, root, size) == 0 && (path[size] == '/' || path[size] == 0);
}

static uint64_t inode_at(int fd) { return log_fd >= 0 && fd >= 0 && fd < MAX_FDS ? inode_of[fd] : 0; }

/* A log with a hole would lie: better no program than that. */
static void append(struct entry entry, const char *path, const void *data) {
  REAL(writev);
  int kept = errno;
  entry.path_size = strlen(path);
  entry.size = sizeof entry + entry.path_size + entry.data_size;
  struct iovec parts[] = {{&entry, sizeof entry}, {(void *)path, entry.path_size}, {(void *)data, entry.data_size}};
  pthread_mutex_lock(&lock);
  if (real_writev(log_fd, parts, 3) != (ssize_t)entry.size) abort();
  pthread_mutex_unlock(&lock);
  errno = kept;
}

static void note(enum kind kind, int64_t began, uint64_t inode, int64_t offset, const char *path, const void *data, size_t size) {
  append((struct entry){.kind = kind, .began = began, .ended = now(), .inode = inode, .offset = offset, .data_size = size}, path, data);
}

static int open_noted(const char *path, int flags, mode_t mode) {
  struct stat old, new;
  if (!below_root(path)) return real_open_file(path, flags, mode);
  int64_t began = now();
  int existed = stat(path, &old) == 0;
  int fd = real_open_file(path, flags, mode);
  if (fd < 0 || fd >= MAX_FDS || fstat(fd, &new) != 0) return fd;
  inode_of[fd] = new.st_ino;
  note(existed ? OPENED : CREATED, began, new.st_ino, 0, path, NULL, 0);
  if (existed && (flags & O_TRUNC)) note(RESIZED, began, new.st_ino, 0, path, NULL, 0);
  return fd;
}

static mode_t mode_of(int flags, va_list more) { return flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0; }

#define OPEN(name)                                \
  int name(const char *path, int flags, ...) {    \
    va_list more;                                 \
    va_start(more, flags);                        \
    mode_t mode = mode_of(flags, more);           \
    va_end(more);                                 \
    return open_noted(path, flags, mode);         \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                      \
  int name(int at, const char *path, int flags, ...) {                    \
    REAL(name);                                                           \
    va_list more;                                                         \
    va_start(more, flags);                                                \
    mode_t mode = mode_of(flags, more);                                   \
    va_end(more);                                                         \
    return path[0] == '/' ? open_noted(path, flags, mode) : real_##name(at, path, flags, mode); \
  }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
  REAL(close);
  if (inode_at(fd)) inode_of[fd] = 0; /* before the number can be given out anew */
  return real_close(fd);
}

/* Data that was taken, maybe less than was given. */
static void note_data(int fd, uint64_t inode, int64_t began, int64_t offset, const struct iovec *parts, int count, size_t taken) {
  char *data = malloc(taken + 1);
  size_t at = 0;
  for (int i = 0; i < count && at < taken; i++) {
    size_t size = parts[i].iov_len < taken - at ? parts[i].iov_len : taken - at;
    memcpy(data + at, parts[i].iov_base, size);
    at += size;
  }
  note(WRITTEN, began, inode, offset < 0 ? lseek(fd, 0, SEEK_CUR) - (int64_t)taken : offset, "", data, taken);
  free(data);
}

#define WRITE(name, parameters, arguments, parts, count, at)                               \
  ssize_t name parameters {                                                                \
    REAL(name);                                                                            \
    uint64_t inode = inode_at(fd);                                                         \
    int64_t began = inode ? now() : 0;                                                     \
    ssize_t taken = real_##name arguments;                                                 \
    if (inode && taken > 0) note_data(fd, inode, began, at, parts, count, taken);          \
    return taken;                                                                          \
  }
#define ONE(data, size) (&(struct iovec){(void *)data, size})
WRITE(write, (int fd, const void *data, size_t size), (fd, data, size), ONE(data, size), 1, -1)
WRITE(pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), ONE(data, size), 1, at)
WRITE(pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), ONE(data, size), 1, at)
WRITE(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), parts, count, -1)
WRITE(pwritev, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at), parts, count, at)
WRITE(pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at), parts, count, at)

/* What changes an open file and gives 0, but for posix_fallocate an error number, if it went well. */
#define CHANGE(name, parameters, arguments, kind, at)                                      \
  int name parameters {                                                                    \
    REAL(name);                                                                            \
    uint64_t inode = inode_at(fd);                                                         \
    int64_t began = inode ? now() : 0;                                                     \
    int result = real_##name arguments;                                                    \
    if (inode && result == 0) note(kind, began, inode, at, "", NULL, 0);                   \
    return result;                                                                         \
  }
CHANGE(ftruncate, (int fd, off_t size), (fd, size), RESIZED, size)
CHANGE(ftruncate64, (int fd, off64_t size), (fd, size), RESIZED, size)
CHANGE(fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size), ALLOCATED, mode == 0 ? at + size : 0)
CHANGE(fallocate64, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size), ALLOCATED, mode == 0 ? at + size : 0)
CHANGE(posix_fallocate, (int fd, off_t at, off_t size), (fd, at, size), ALLOCATED, at + size)
CHANGE(posix_fallocate64, (int fd, off64_t at, off64_t size), (fd, at, size), ALLOCATED, at + size)
CHANGE(fsync, (int fd), (fd), SYNCED, 0)
CHANGE(fdatasync, (int fd), (fd), SYNCED, 0)

#define NAME(name, parameters, arguments, kind, path, data)                                \
  int name parameters {                                                                    \
    REAL(name);                                                                            \
    int64_t began = now();                                                                 \
    int result = real_##name arguments;                                                    \
    if (result == 0 && below_root(path)) note(kind, began, 0, 0, path, data, strlen(data)); \
    return result;                                                                         \
  }
NAME(unlink, (const char *path), (path), UNLINKED, path, "")
NAME(unlinkat, (int at, const char *path, int flags), (at, path, flags), UNLINKED, path, "")
NAME(rename, (const char *from, const char *to), (from, to), RENAMED, from, to)
NAME(mkdir, (const char *path, mode_t mode), (path, mode), DIRECTORY_MADE, path, "")
