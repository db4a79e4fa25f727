#include "edge/api/login_throttle.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

namespace gatehouse::api {
namespace {

std::string place_name(std::string_view name, std::string_view address) {
  // No address holds a blank, so no two pairs share a place.
  return network_of(address).append(" ").append(name);
}

}  // namespace

std::optional<std::chrono::seconds> LoginThrottle::begin(std::string_view name,
                                                         std::string_view address) {
  if (failures_max_ == 0) return std::nullopt;
  const Steady now = clock_.now().steady;
  const std::scoped_lock lock(mutex_);
  const std::string key = place_name(name, address);
  if (!places_.contains(key) && places_.size() >= places_max) make_room(now);
  Place& place = places_[key];
  if (place.over_at <= now) place = {};
  if (place.failures >= failures_max_)
    return std::chrono::ceil<std::chrono::seconds>(place.over_at - now);
  ++place.failures;
  place.over_at = now + lock_;
  return std::nullopt;
}

void LoginThrottle::succeeded(std::string_view name, std::string_view address) {
  const std::scoped_lock lock(mutex_);
  places_.erase(place_name(name, address));
}

void LoginThrottle::give_back(std::string_view name, std::string_view address) {
  const std::scoped_lock lock(mutex_);
  const auto place = places_.find(place_name(name, address));
  if (place == places_.end()) return;
  if (place->second.failures > 0) --place->second.failures;
  if (place->second.failures == 0) places_.erase(place);
}

std::size_t LoginThrottle::size() const {
  const std::scoped_lock lock(mutex_);
  return places_.size();
}

void LoginThrottle::make_room(Steady now) {
  std::erase_if(places_, [&](const auto& place) { return place.second.over_at <= now; });
  if (places_.size() < places_max) return;
  places_.erase(std::ranges::min_element(places_, {},
                                         [](const auto& place) { return place.second.over_at; }));
}

std::string network_of(std::string_view address) {
  std::array<unsigned char, 16> bytes{};
  std::string text(address);
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!std::equal(mapped.begin(), mapped.end(), bytes.begin()))
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  std::array<char, INET6_ADDRSTRLEN> shown{};
  inet_ntop(AF_INET6, bytes.data(), shown.data(), shown.size());
  return shown.data();
}

}  // namespace gatehouse::api
