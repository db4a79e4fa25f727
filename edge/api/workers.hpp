// A few threads for what takes long and must not hold up the server's own: checking passwords.
//
//   Workers workers(2, 64);
//   if (!workers.run([…] { … })) … too many wait: answer 503 …
//
// run() on any thread; jobs must not throw. stop() waits for the jobs that are being done and drops
// those that wait.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gatehouse::api {

class Workers {
 public:
  using Job = std::move_only_function<void()>;

  Workers(std::size_t threads, std::size_t waiting_max);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { stop(); }

  /// False: as many wait as may, or it was stopped; the job is not done.
  [[nodiscard]] bool run(Job job);
  void stop();

 private:
  void work();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Protected by mutex_.
  std::deque<Job> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;  // the owner's
};

}  // namespace gatehouse::api
