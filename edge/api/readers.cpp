#include "edge/api/readers.hpp"

#include "edge/api/limits.hpp"
#include "edge/domain/invariant.hpp"

#include <utility>

namespace gatehouse::api {

Readers::Readers(const std::filesystem::path& store_path, const LotPlan& plan)
    : workers_(limits::reading_threads, limits::reads_waiting_max) {
  for (std::size_t i = 0; i < limits::reading_threads; ++i)
    give_back(std::make_unique<store::Reader>(store_path, plan, is_over_));
}

void Readers::stop() {
  is_over_ = true;
  workers_.stop();
}

bool Readers::run(Job job) {
  return workers_.run([this, job = std::move(job)]() mutable {
    auto reader = take();
    job(*reader);
    give_back(std::move(reader));
  });
}

std::unique_ptr<store::Reader> Readers::take() {
  const std::scoped_lock lock(mutex_);
  require(!idle_.empty(), "there is a connection for each thread that reads");
  auto reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

void Readers::give_back(std::unique_ptr<store::Reader> reader) {
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(reader));
}

}  // namespace gatehouse::api
