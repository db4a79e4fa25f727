// The signals a running gateway is told with: SIGTERM and SIGINT to stop, SIGHUP to read its file
// again, SIGUSR1 from its own loop when the store broke, SIGUSR2 when the lot was changed.
//
//   hold_signals();                    // first of all in main(), before any thread is made
//   …
//   switch (wait_for_signal()) { … }   // once everything stands
//
// Held back, a signal that comes before somebody waits is not lost and ends nothing: a gateway told
// to stop while it starts stops orderly as soon as it stands. The main thread.
#pragma once

#include <string_view>

namespace gatehouse::gateway {

/// For this thread and every one it makes from now on.
void hold_signals();
/// Signals act as usual again, those that came meanwhile at once: for commands that run to their
/// end.
void release_signals();

/// The next one.
int wait_for_signal();

/// `SIGTERM`
std::string_view signal_name(int signal);

}  // namespace gatehouse::gateway
