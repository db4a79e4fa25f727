#include "edge/gateway/signals.hpp"

#include <csignal>

#include <pthread.h>

namespace gatehouse::gateway {
namespace {

sigset_t handled() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

void hold_signals() {
  const sigset_t signals = handled();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void release_signals() {
  const sigset_t signals = handled();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

int wait_for_signal() {
  const sigset_t signals = handled();
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

std::string_view signal_name(int signal) {
  switch (signal) {
    case SIGTERM:
      return "SIGTERM";
    case SIGINT:
      return "SIGINT";
    case SIGHUP:
      return "SIGHUP";
    case SIGUSR1:
      return "SIGUSR1";
    case SIGUSR2:
      return "SIGUSR2";
    default:
      return "a signal";
  }
}

}  // namespace gatehouse::gateway
