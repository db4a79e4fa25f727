// One thread on which sockets are served, with its timers (Asio).
//
//   IoThread io([](const std::exception& wrong) { … what a handler let escape … });
//   … make what is served on io.context() …
//   io.every(15s, [] { … });                    // before start()
//   io.start([] { … first of all, on the thread … });
//   io.post([] { … }); io.run_at(instant, [] { … });
//   io.stop([] { … last of all, on the thread … });
//   … let go of what was made on io.context() …
//   io.clear();
//
// start(), stop(), clear() on the owner's thread; post() on any; run_at() on this one's.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>

namespace asio {
class io_context;
}

namespace gatehouse::api {

class IoThread {
 public:
  explicit IoThread(std::function<void(const std::exception&)> on_escape);
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;
  ~IoThread();

  [[nodiscard]] asio::io_context& context();
  void every(std::chrono::milliseconds interval, std::function<void()> work);
  void start(std::function<void()> first);
  /// Runs `work` on the thread, soon; nothing when it is not running.
  void post(std::function<void()> work);
  /// Runs `work` at an instant; one at a time.
  void run_at(std::chrono::steady_clock::time_point when, std::function<void()> work);
  /// Returns when the thread has ended. Once stopped it stays stopped.
  void stop(std::function<void()> last);
  [[nodiscard]] bool is_running() const;
  /// Whatever still waits is dropped, unanswered.
  void clear();

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace gatehouse::api
