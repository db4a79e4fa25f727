#include "broker/pump.hpp"

#include <utility>

namespace gatehouse::broker {

void Pump::on_connected() {
  for (Source* const source : sources_) source->connected();
  run();
}

void Pump::on_disconnected() {
  connection_.fetch_add(1);
  for (Source* const source : sources_) source->disconnected();
}

void Pump::run() {
  // Sequentially consistent: whoever leaves a note and whoever stops must see each other.
  run_again_.store(true);
  while (run_again_.load()) {
    if (running_.exchange(true)) return;
    run_again_.store(false);
    send_while_room();
    running_.store(false);
  }
}

void Pump::send_while_room() {
  // No lock is held while the link sends: Paho's callbacks take the sources'.
  while (link_->has_room()) {
    const std::uint64_t connection = connection_.load();
    std::optional<Message> message = take();
    if (!message) return;
    if (!link_->publish(*message)) {
      unsent_ = std::move(message);
      unsent_of_ = connection;
      return;
    }
  }
}

std::optional<Message> Pump::take() {
  if (unsent_) {
    // What an earlier connection did not take is shown anew by this one.
    const bool is_of_now = unsent_of_ == connection_.load();
    std::optional<Message> message = std::exchange(unsent_, std::nullopt);
    if (is_of_now) return message;
  }
  for (Source* const source : sources_) {
    if (auto message = source->next()) return message;
  }
  return std::nullopt;
}

}  // namespace gatehouse::broker
