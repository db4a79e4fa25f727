// The threads that look after the box beside the loop, which never waits for them: one for the
// daily backup, which may take half an hour; one for the mark that tells a store which was put back
// by hand (store/mark.hpp); and one that follows the store with the log of payments.
//
// Made and destroyed by the main thread; destroying it gives up what it is doing.
#pragma once

#include "edge/gateway/backup_rota.hpp"
#include "edge/gateway/payment_log.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gatehouse::gateway {

class Upkeep {
 public:
  /// What it looks after outlives it; the writer's connection to the store is open already.
  Upkeep(std::filesystem::path store, BackupRota& rota, PaymentLog& payments);
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  void start();
  /// Gives up what it is doing and ends.
  void stop();

 private:
  void look_after_backups();
  void keep_mark();
  void follow_payments();
  void repeat(std::chrono::milliseconds interval, const std::function<void()>& work);

  const std::filesystem::path store_;
  BackupRota& rota_;
  PaymentLog& payments_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::thread> threads_;
};

}  // namespace gatehouse::gateway
