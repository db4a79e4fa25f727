#include "edge/store/checkpointer.hpp"

namespace gatehouse::store {
namespace {

// 4 MiB of log: SQLite's own threshold, which keeps a reader's look-ups short.
constexpr int frames_worth_a_checkpoint = 1'000;

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

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return asked_ || stopping_; });
    if (!asked_) return;
    asked_ = false;
    lock.unlock();
    try {
      database_.checkpoint();
    } catch (const StoreError&) {
      // A disk that is full or broken: the log stays as it is and the writer, whose next commit
      // meets the same disk, decides what becomes of the process.
      static_cast<void>(0);
    }
    lock.lock();
  }
}

}  // namespace gatehouse::store
