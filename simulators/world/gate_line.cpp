#include "simulators/world/gate_line.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::world {

using namespace std::chrono_literals;
using devices::CoilWrite;
using engine::BarrierOrderKind;
using engine::OpeningReported;

namespace {

constexpr auto response_timeout = 500ms;
constexpr auto late_by = 700ms;

}  // namespace

void ArmLine::begin(Moment now) {
  arm_.emplace(index_, barrier_.settings(), now);
  connect_at_ = due_ = now.steady;
}

void ArmLine::end() {
  arm_.reset();
  orders_.clear();
  ordered_.clear();
  to_repeat_.reset();
  has_contact_ = is_held_ = false;
}

void ArmLine::serve(Moment now, const Tell& tell) {
  // What a barrier has taken it does, whoever is there to see it.
  std::erase_if(late_, [&](const Late& late) {
    if (late.at > now.steady) return false;
    barrier_.write(late.write.coil, late.write.value);
    return true;
  });
  if (!arm_) return;
  for (const engine::BarrierOrder& order : std::exchange(orders_, {})) give(now, order, tell);
  if (!has_contact_ && now.steady >= connect_at_) connect(now, tell);
  if (has_contact_ && now.steady >= due_) poll(now, tell);
  apply(now, arm_->step(now, devices::TimePassed{}), tell);
}

void ArmLine::give(Moment now, const engine::BarrierOrder& order, const Tell& tell) {
  note(order);
  apply(now, arm_->step(now, devices::TimePassed{}, std::span(&order, 1)), tell);
  due_ = now.steady;
}

void ArmLine::note(const engine::BarrierOrder& order) {
  switch (order.kind) {
    case BarrierOrderKind::open:
      if (order.opening) ordered_.push_back({*order.opening, order.authorised.steady});
      return;
    case BarrierOrderKind::hold:
      is_held_ = true;
      return;
    case BarrierOrderKind::release:
      is_held_ = false;
      return;
    case BarrierOrderKind::lock:
      is_held_ = false;
      [[fallthrough]];
    case BarrierOrderKind::close:
      for (OrderedOpening& each : ordered_) each.is_called_off = true;
      return;
  }
}

/// An opening whose arm was seen up, or that has ended, needs no pulse any more.
void ArmLine::note(const devices::BarrierReport& report) {
  const auto* told = std::get_if<OpeningReported>(&report);
  if (told == nullptr) return;
  std::erase_if(ordered_, [&](const OrderedOpening& each) { return each.id == told->opening; });
}

void ArmLine::connect(Moment now, const Tell& tell) {
  if (fault == LineFault::disconnected || fault == LineFault::silent) {
    connect_at_ = now.steady + response_timeout;
    return;
  }
  has_contact_ = true;
  due_ = now.steady;
  if (barrier_.build().pulse == devices::BarrierCommand::Pulse::gateway) {
    barrier_.write(SimulatedBarrier::open_coil, devices::coil_off);
    barrier_.write(SimulatedBarrier::close_coil, devices::coil_off);
  }
  apply(now, arm_->step(now, devices::ContactMade{}), tell);
  const auto again = std::exchange(to_repeat_, std::nullopt);
  if (again && !write(now, *again)) disconnect(now, tell);
}

void ArmLine::poll(Moment now, const Tell& tell) {
  due_ = now.steady + barrier_.settings().poll;
  if (fault == LineFault::disconnected || fault == LineFault::silent) return disconnect(now, tell);
  apply(now, arm_->step(now, barrier_.inputs()), tell);
}

void ArmLine::disconnect(Moment now, const Tell& tell) {
  if (!std::exchange(has_contact_, false)) return;
  connect_at_ = now.steady + response_timeout;
  apply(now, arm_->step(now, devices::ContactLost{}), tell);
}

void ArmLine::apply(Moment now, const devices::ArmOutput& output, const Tell& tell) {
  for (const CoilWrite& each : output.writes) {
    if (!has_contact_) break;
    if (!write(now, each)) disconnect(now, tell);
  }
  for (const devices::BarrierReport& report : output.reports) {
    note(report);
    tell(report);
  }
}

bool ArmLine::write(Moment now, const CoilWrite& write) {
  switch (fault) {
    case LineFault::none:
      execute(now, write);
      return true;
    case LineFault::silent:
    case LineFault::disconnected:
      return false;
    case LineFault::acts_silently:
    case LineFault::acts_late:
      execute(now, write);
      if (write.purpose == CoilWrite::Purpose::open) {
        watch_.executed_silently();
        if (repeats_pulses_) to_repeat_ = write;
      }
      return false;
  }
  return false;
}

void ArmLine::execute(Moment now, const CoilWrite& write) {
  if (write.purpose == CoilWrite::Purpose::open) {
    const bool is_safety = barrier_.was_entered_while_coming_down() || barrier_.safety;
    watch_.pulsed({index_, now.steady, ordered_, is_held_, is_safety});
  }
  const bool has_loop = barrier_.build().has_safety;
  if (write.purpose == CoilWrite::Purpose::close && has_loop && barrier_.safety)
    watch_.closed_over_safety_loop(index_);
  if (fault == LineFault::acts_late) {
    late_.push_back({write, now.steady + late_by});
  } else {
    barrier_.write(write.coil, write.value);
  }
}

}  // namespace gatehouse::world
