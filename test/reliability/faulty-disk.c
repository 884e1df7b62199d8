// Loaded before the C library (LD_PRELOAD): file calls below one folder fail with an error of our choosing, from the nth on.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

// What the test writes and reads: which error (0: none), from which call on, which calls, how many there were, how many failed.
struct control { int error, from, kinds, count, failed; };
enum { WRITES = 1, OPENS = 2, SYNCS = 4 };

static struct control *control;
static const char *under;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("FAULTY_DISK");
  under = getenv("FAULTY_DISK_UNDER");
  if (!path || !under) return;
  int fd = open(path, O_RDWR);
  if (fd < 0) return;
  void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (shared != MAP_FAILED) control = shared;
}

static int below(const char *path) { return strncmp(path, under, strlen(under)) == 0; }

static int fails(int kind, int fd, const char *path) {
  if (!control || !(control->kinds & kind)) return 0;
  char found[PATH_MAX];
  if (!path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, found, sizeof found - 1);
    if (length < 0) return 0;
    found[length] = 0;
    path = found;
  }
  if (!below(path)) return 0;
  int count = __atomic_add_fetch(&control->count, 1, __ATOMIC_SEQ_CST);
  if (!control->error || count < control->from) return 0;
  __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
  errno = control->error;
  return 1;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define ON_FD(kind, type, name, parameters, ...) \
  type name parameters { REAL(name); return fails(kind, fd, NULL) ? (type)-1 : real(__VA_ARGS__); }

ON_FD(WRITES, ssize_t, write, (int fd, const void *buf, size_t n), fd, buf, n)
ON_FD(WRITES, ssize_t, pwrite, (int fd, const void *buf, size_t n, off_t at), fd, buf, n, at)
ON_FD(WRITES, ssize_t, pwrite64, (int fd, const void *buf, size_t n, off64_t at), fd, buf, n, at)
ON_FD(WRITES, ssize_t, writev, (int fd, const struct iovec *v, int n), fd, v, n)
ON_FD(WRITES, ssize_t, pwritev, (int fd, const struct iovec *v, int n, off_t at), fd, v, n, at)
ON_FD(WRITES, ssize_t, pwritev64, (int fd, const struct iovec *v, int n, off64_t at), fd, v, n, at)
ON_FD(WRITES, int, ftruncate, (int fd, off_t n), fd, n)
ON_FD(WRITES, int, ftruncate64, (int fd, off64_t n), fd, n)
ON_FD(SYNCS, int, fsync, (int fd), fd)
ON_FD(SYNCS, int, fdatasync, (int fd), fd)

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list rest; va_start(rest, flags); \
    int mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, int) : 0; \
    va_end(rest); \
    return fails(OPENS, -1, path) ? -1 : real(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
