// Moves the write-ahead log into the file beside the loop, so that no commit pays for it:
// checkpoints inside a commit were its tail (reference: p99 1.6 ms, worst 12 ms).
//
// A thread and a connection of its own; any thread may nudge it. An error is remembered, not
// thrown: the writer will meet it too, and it decides.
#pragma once

#include "edge/store/database.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace gatehouse::store {

class Checkpointer {
 public:
  /// Opens its connection and starts. Throws StoreError.
  explicit Checkpointer(const std::filesystem::path& path);
  /// What was asked for is done first.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// Tells how many frames the log holds; starts a checkpoint when it is worth one. Returns at
  /// once.
  void log_holds(int frames);
  /// Empties the log as soon as nobody stands in the way: what was erased is to be in no file.
  /// Returns at once.
  void empty_log();

 private:
  void run();
  void checkpoint();
  bool try_to_empty();

  Database database_;  // the thread's only
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;          // protected by mutex_
  bool to_be_emptied_ = false;  // protected by mutex_
  bool stopping_ = false;       // protected by mutex_
  std::thread thread_;
};

}  // namespace gatehouse::store
