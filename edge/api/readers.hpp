// A few read-only connections and the threads that read through them, so that a long report holds
// up neither the server nor the engine.
//
//   Readers readers("gatehouse.db", plan);            // while the engine's connection is open
//   if (!readers.run([…](store::Reader& reader) { … })) … too many wait: answer 503 `busy` …
//
// run() on any thread; jobs must not throw. Each job has a connection for itself and sees one
// moment of the store. stop() drops the jobs that wait; those that are being done find the store
// unusable and are over soon, however long their report is.
#pragma once

#include "edge/api/workers.hpp"
#include "edge/domain/plan.hpp"
#include "edge/store/reader.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace gatehouse::api {

class Readers {
 public:
  using Job = std::move_only_function<void(store::Reader&)>;

  /// Throws StoreError.
  Readers(const std::filesystem::path& store_path, const LotPlan& plan);
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  /// False: as many wait as may, or it was stopped; the job is not done.
  [[nodiscard]] bool run(Job job);
  void stop();
  [[nodiscard]] bool is_stopping() const { return is_over_; }

 private:
  std::unique_ptr<store::Reader> take();
  void give_back(std::unique_ptr<store::Reader> reader);

  std::atomic<bool> is_over_ = false;
  std::mutex mutex_;
  std::vector<std::unique_ptr<store::Reader>> idle_;  // protected by mutex_; one for each thread
  Workers workers_;                                   // ends before what its jobs use
};

}  // namespace gatehouse::api
