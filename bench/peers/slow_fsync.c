/* A slow disk: every fsync and fdatasync of the process takes SLOW_FSYNC_US (5000) longer, as on an
 * SD card or eMMC.
 *
 *   LD_PRELOAD=build/bench/bin/slow_fsync.so gatehouse run …
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

static void wait_longer(void) {
  const char* text = getenv("SLOW_FSYNC_US");
  const long microseconds = text == NULL ? 5000 : strtol(text, NULL, 10);
  struct timespec left = {microseconds / 1000000, microseconds % 1000000 * 1000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

int fsync(int descriptor) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_longer();
  return real(descriptor);
}

int fdatasync(int descriptor) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_longer();
  return real(descriptor);
}
