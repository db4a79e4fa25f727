#include "devices/barriers/line.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

namespace gatehouse::devices {
namespace {

using namespace std::chrono_literals;

// A line that comes and goes must not fill the log.
constexpr auto log_interval = 5s;
// A wait is never longer, so that a wrong deadline costs little.
constexpr auto wait_max = 1s;

}  // namespace

Line::Line(const Endpoint& endpoint, std::vector<BusStation> stations, const engine::Clock& clock,
           const TellBarrierReport& tell, std::uint32_t seed)
    : clock_(clock),
      name_(line_name(endpoint)),
      port_(endpoint, response_timeout(stations)),
      bus_(std::move(stations), port_, clock, tell, seed) {
  orders_.reserve(orders_max);
}

Line::~Line() { stop(); }

void Line::start() {
  logged_at_ = clock_.now().steady - log_interval;
  thread_ = std::thread([this] { run(); });
}

void Line::ask_to_stop() {
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  woken_.notify_one();
}

void Line::stop() {
  if (!thread_.joinable()) return;
  ask_to_stop();
  thread_.join();
}

void Line::order(const engine::BarrierOrder& order) {
  {
    const std::scoped_lock lock(mutex_);
    if (orders_.size() >= orders_max) {
      orders_dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    orders_.push_back(order);
  }
  woken_.notify_one();
}

void Line::run() {
  std::vector<engine::BarrierOrder> orders;
  orders.reserve(orders_max);
  while (true) {
    orders.clear();
    {
      const std::scoped_lock lock(mutex_);
      if (is_stopping_) break;
      orders.swap(orders_);
    }
    const Steady next = bus_.serve(orders);
    log_news();
    std::unique_lock lock(mutex_);
    const auto wait = std::min<Steady::duration>(next - clock_.now().steady, wait_max);
    if (wait > Steady::duration::zero()) {
      woken_.wait_for(lock, wait, [this] { return is_stopping_ || !orders_.empty(); });
    }
  }
  bus_.finish();
}

void Line::log_news() {
  const Steady now = clock_.now().steady;
  if (now - logged_at_ < log_interval) return;
  const std::string news = bus_.take_news();
  if (news.empty()) return;
  logged_at_ = now;
  spdlog::info("barriers at {}: {}", name_, news);
}

void Line::collect(std::vector<engine::Sample>& samples) const {
  bus_.collect(samples);
  samples.push_back({.name = "gatehouse_barrier_orders_dropped_total",
                     .help = "Orders that found no room on their line.",
                     .kind = engine::Sample::Kind::counter,
                     .value = static_cast<double>(orders_dropped_.load()),
                     .labels = {{"line", name_}}});
}

}  // namespace gatehouse::devices
