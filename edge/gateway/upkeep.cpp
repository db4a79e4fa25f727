#include "edge/gateway/upkeep.hpp"

#include "edge/gateway/log.hpp"
#include "edge/store/mark.hpp"

#include <cerrno>
#include <chrono>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

constexpr std::chrono::seconds backup_interval{30};
constexpr std::chrono::seconds mark_interval{30};
constexpr std::chrono::seconds payments_interval{1};
// Looks at the log of payments between two times that its place is kept: flash wears.
constexpr int place_interval = 30;
// Behind everything that somebody waits for. Of this thread alone, as Linux has it.
constexpr int lower_priority = 10;

}  // namespace

Upkeep::Upkeep(std::filesystem::path store, BackupRota& rota, PaymentLog& payments)
    : store_(std::move(store)), rota_(rota), payments_(payments) {}

Upkeep::~Upkeep() { stop(); }

void Upkeep::start() {
  threads_.emplace_back([this] { keep_mark(); });
  threads_.emplace_back([this] { look_after_backups(); });
  threads_.emplace_back([this] { follow_payments(); });
}

void Upkeep::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Upkeep::look_after_backups() {
  errno = 0;
  if (::nice(lower_priority) == -1 && errno != 0)
    log_warning("backups are made as urgently as the rest");
  repeat(backup_interval, [this] { rota_.tick([this] { return !stopping_.load(); }); });
}

/// Behind nothing that takes long: a store that is put back by hand is told by it.
void Upkeep::keep_mark() {
  repeat(mark_interval, [this] {
    auto database = store::Database::open({.path = store_, .read_only = true});
    store::write_mark(store_, store::newest_place(database));
  });
}

void Upkeep::follow_payments() {
  int looks = 0;
  const auto keep_place = [this] { payments_.keep_place(); };
  repeat(payments_interval, [&] {
    payments_.follow();
    if (++looks % place_interval == 0 || stopping_) keep_place();
  });
}

/// Once more at the end. What goes wrong is said once, until it goes well again.
void Upkeep::repeat(std::chrono::milliseconds interval, const std::function<void()>& work) {
  std::string last_trouble;
  bool is_last = false;
  while (true) {
    try {
      work();
      last_trouble.clear();
    } catch (const std::exception& error) {
      // A full disk, most likely; the loop meets it too.
      if (last_trouble != error.what()) log_error(fmt::format("the upkeep: {}", error.what()));
      last_trouble = error.what();
    }
    if (is_last) return;
    std::unique_lock lock(mutex_);
    is_last = changed_.wait_for(lock, interval, [this] { return stopping_.load(); });
  }
}

}  // namespace gatehouse::gateway
