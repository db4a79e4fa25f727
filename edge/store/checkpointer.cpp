#include "edge/store/checkpointer.hpp"

#include <chrono>
#include <utility>

namespace gatehouse::store {
namespace {

// 4 MiB of log: SQLite's own threshold, which keeps a reader's look-ups short.
constexpr int frames_worth_a_checkpoint = 1'000;
// Between two tries to empty the log: readers and the writer are busy for milliseconds.
constexpr std::chrono::milliseconds between_tries{50};

}  // namespace

Checkpointer::Checkpointer(const std::filesystem::path& path)
    : database_(Database::open({.path = path})), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Checkpointer::log_holds(int frames) {
  if (frames < frames_worth_a_checkpoint) return;
  {
    const std::scoped_lock lock(mutex_);
    asked_ = true;
  }
  changed_.notify_one();
}

void Checkpointer::empty_log() {
  {
    const std::scoped_lock lock(mutex_);
    to_be_emptied_ = true;
  }
  changed_.notify_one();
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (to_be_emptied_) {
      changed_.wait_for(lock, between_tries, [&] { return asked_ || stopping_; });
    } else {
      changed_.wait(lock, [&] { return asked_ || to_be_emptied_ || stopping_; });
    }
    const bool is_last = stopping_;
    const bool is_to_move = std::exchange(asked_, false);
    const bool is_to_empty = std::exchange(to_be_emptied_, false);
    lock.unlock();
    if (is_to_move) checkpoint();
    const bool is_left = is_to_empty && !try_to_empty();
    lock.lock();
    if (is_left) to_be_emptied_ = true;
    if (is_last) return;
  }
}

// A disk that is full or broken: the log stays as it is and the writer, whose next commit meets the
// same disk, decides what becomes of the process.

void Checkpointer::checkpoint() {
  try {
    database_.checkpoint();
  } catch (const StoreError&) {
    static_cast<void>(0);
  }
}

bool Checkpointer::try_to_empty() {
  try {
    return database_.empty_log();
  } catch (const StoreError&) {
    return false;
  }
}

}  // namespace gatehouse::store
