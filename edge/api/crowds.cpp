#include "edge/api/crowds.hpp"

#include <mutex>
#include <unordered_map>

namespace gatehouse::api {

struct Crowds::Counts {
  std::mutex mutex;
  std::unordered_map<std::string, std::size_t> here;  // protected by mutex
};

Crowds::Crowds(std::size_t each_max) : each_max_(each_max), counts_(std::make_shared<Counts>()) {}

Crowds::Place Crowds::enter(const std::string& network) {
  if (network.empty()) return std::make_shared<const std::string>();
  {
    const std::scoped_lock lock(counts_->mutex);
    std::size_t& here = counts_->here[network];
    if (here >= each_max_) return nullptr;
    ++here;
  }
  return {new std::string(network), [counts = counts_](const std::string* left) {
            const std::scoped_lock lock(counts->mutex);
            const auto found = counts->here.find(*left);
            if (--found->second == 0) counts->here.erase(found);
            delete left;
          }};
}

std::size_t Crowds::size() const {
  const std::scoped_lock lock(counts_->mutex);
  return counts_->here.size();
}

}  // namespace gatehouse::api
