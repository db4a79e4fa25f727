#include "devices/barriers/arm.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::devices {

using engine::BarrierOrderKind;
using engine::BarrierState;

ArmSettings arm_settings(const BarrierSettings& settings, const BarrierProfile& profile,
                         bool is_serial) {
  return {.open = profile.open,
          .close = profile.close,
          .has_arm_open = profile.arm_open.has_value(),
          .has_arm_closed = profile.arm_closed.has_value(),
          .has_presence = profile.presence.has_value(),
          .has_safety = profile.safety.has_value(),
          .closed_reads = static_cast<std::uint8_t>(is_serial ? 2 : 1),
          .pulse = settings.pulse,
          .poll = settings.poll,
          .open_timeout = settings.open_timeout,
          .clear = settings.clear,
          .pass_timeout = settings.pass_timeout,
          .offline_after = settings.offline_after};
}

Arm::Arm(BarrierIndex barrier, const ArmSettings& settings, Moment now)
    : barrier_(barrier),
      settings_(settings),
      now_(now),
      last_answer_(now.steady),
      watch_(settings.has_presence, settings.has_safety),
      quiet_since_(now.steady),
      openings_(barrier) {}

ArmOutput Arm::step(Moment now, const Observation& seen,
                    std::span<const engine::BarrierOrder> orders) {
  now_ = now;
  output_ = {};
  // A gateway that takes long to start has not asked yet: silence counts from the first asking.
  if (!std::exchange(has_begun_, true)) last_answer_ = now.steady;
  lose_if_silent();
  observe(seen);
  for (const engine::BarrierOrder& order : orders) take(order);
  decide(std::holds_alternative<ArmInputs>(seen));
  tell_what_changed();
  return std::exchange(output_, {});
}

void Arm::observe(const Observation& seen) {
  if (std::holds_alternative<ContactMade>(seen)) {
    pulse_.reset();
    is_in_contact_ = close_ordered_ = false;
    is_new_contact_ = true;
  } else if (std::holds_alternative<ContactLost>(seen)) {
    is_in_contact_ = close_ordered_ = false;
    closed_reads_ = 0;
  } else if (const auto* inputs = std::get_if<ArmInputs>(&seen)) {
    read(*inputs);
  }
}

void Arm::take(const engine::BarrierOrder& order) {
  switch (order.kind) {
    case BarrierOrderKind::open:
      openings_.add(order, mode_ != Mode::working || !is_reachable_, now_, output_.reports);
      quiet_since_ = now_.steady;
      break;
    case BarrierOrderKind::close:
      close_ordered_ = mode_ != Mode::held && is_in_contact_;
      break;
    case BarrierOrderKind::hold:
      mode_ = Mode::held;
      close_ordered_ = close_when_clear_ = is_judged_ = false;
      passed_at_.reset();
      break;
    case BarrierOrderKind::lock:
      mode_ = Mode::locked;
      close_when_clear_ = true;
      openings_.call_off(now_, output_.reports);
      break;
    case BarrierOrderKind::release:
      close_when_clear_ = mode_ != Mode::working;
      mode_ = Mode::working;
      did_not_open_ = did_not_close_ = false;
      break;
  }
}

ArmPosition Arm::position_of(const ArmInputs& inputs) {
  if (!settings_.has_arm_open && !settings_.has_arm_closed) return assumed_;
  const bool is_open = settings_.has_arm_open ? inputs.arm_open : !inputs.arm_closed;
  const bool is_closed = settings_.has_arm_closed ? inputs.arm_closed : !inputs.arm_open;
  if (is_open != is_closed) {
    if (is_open) return closed_reads_ = 0, ArmPosition::open;
    closed_reads_ = static_cast<std::uint8_t>(std::min(closed_reads_ + 1, 255));
    return closed_reads_ >= settings_.closed_reads ? ArmPosition::closed : position_;
  }
  closed_reads_ = 0;
  return ArmPosition::between;
}

void Arm::read(const ArmInputs& inputs) {
  const bool had_fault = inputs_.fault && is_reachable_;
  inputs_ = inputs;
  last_answer_ = now_.steady;
  is_in_contact_ = true;
  const ArmPosition position = position_of(inputs);
  if (position == ArmPosition::unknown) return;
  position_ = position;
  if (!is_reachable_) found();
  if (inputs.presence || inputs.safety) quiet_since_ = now_.steady;
  if (inputs.safety) passed_at_.reset();
  follow(position);
  if (watch_.sees(position, inputs)) vehicle_passed();
  if (position == ArmPosition::closed && !drive_) at_rest_closed();
  if (inputs.fault && !had_fault) {
    openings_.fail(now_, output_.reports);
    must_reopen_ = false;
  }
}

void Arm::found() {
  is_reachable_ = true;
  did_not_open_ = did_not_close_ = false;
  if (is_driving(Direction::up)) motion_ = next(motion_, MotionEvent::told_open);
  // An arm that is found up may be so for a good reason that nobody here remembers.
  is_judged_ = position_ == ArmPosition::closed && mode_ != Mode::held;
  quiet_since_ = now_.steady;
}

void Arm::lose_if_silent() {
  if (!is_reachable_ || now_.steady - last_answer_ < settings_.offline_after) return;
  is_reachable_ = is_in_contact_ = false;
  motion_ = next(motion_, MotionEvent::lost);
  position_ = ArmPosition::unknown;
  closed_reads_ = 0;
  watch_.forget();
  passed_at_.reset();
  openings_.lost();
  if (is_driving(Direction::down)) drive_.reset();
}

void Arm::follow(ArmPosition position) {
  switch (position) {
    case ArmPosition::unknown:
      break;
    case ArmPosition::open:
      // Told to close it needs a moment to leave; coming back, its controller has turned it round.
      if (is_driving(Direction::down) && !drive_->has_moved) return;
      if (motion_ != Motion::open) {
        quiet_since_ = now_.steady;
        close_when_clear_ = close_when_clear_ || mode_ == Mode::locked;
      }
      drive_.reset();
      must_reopen_ = did_not_open_ = false;
      motion_ = next(motion_, MotionEvent::seen_open);
      openings_.arm_open(now_, output_.reports);
      break;
    case ArmPosition::between:
      if (drive_) drive_->has_moved = true;
      motion_ = next(motion_, MotionEvent::seen_between);
      break;
    case ArmPosition::closed:
      if (!inputs_.safety) must_reopen_ = false;  // nobody is under it any more
      if (is_driving(Direction::up)) return;
      drive_.reset();
      did_not_close_ = false;
      motion_ = next(motion_, MotionEvent::seen_closed);
      break;
  }
}

void Arm::at_rest_closed() {
  openings_.arm_closed(now_, output_.reports);
  passed_as_authorised_ = false;
  passed_at_.reset();
  close_when_clear_ = false;
  is_judged_ = mode_ != Mode::held;
}

void Arm::vehicle_passed() {
  if (settings_.has_safety && mode_ != Mode::held) passed_at_ = now_.steady;
  if (openings_.vehicle_passed(now_, output_.reports)) {
    passed_as_authorised_ = true;
  } else if (mode_ != Mode::held && is_judged_) {
    using Kind = engine::IntrusionReported::Kind;
    const Kind kind = passed_as_authorised_ ? Kind::tailgate : Kind::forced;
    output_.reports.emplace_back(engine::IntrusionReported{barrier_, kind, now_});
  }
}

BarrierState Arm::state() const {
  if (!is_reachable_) return BarrierState::unreachable;
  if (inputs_.fault || did_not_open_ || did_not_close_) return BarrierState::fault;
  if (mode_ == Mode::held) return BarrierState::held;
  if (mode_ == Mode::locked) return BarrierState::locked;
  switch (motion_) {
    case Motion::closed:
      return BarrierState::closed;
    case Motion::opening:
      return BarrierState::opening;
    case Motion::closing:
      return BarrierState::closing;
    case Motion::unset:
    case Motion::unknown:  // between its ends: a vehicle might pass
    case Motion::open:
      break;
  }
  return BarrierState::open;
}

void Arm::tell_what_changed() {
  // A barrier that was never seen is called unreachable once it has had its time to answer.
  if (!is_reachable_ && !shown_ && now_.steady - last_answer_ < settings_.offline_after) return;
  const engine::BarrierShown shown{.state = state(),
                                   .vehicle_present = is_reachable_ && inputs_.presence,
                                   .vehicle_under_arm = is_reachable_ && inputs_.safety,
                                   .cycles = inputs_.cycles,
                                   .has_presence_loop = settings_.has_presence};
  if (shown == shown_) return;
  shown_ = shown;
  output_.reports.emplace_back(engine::BarrierReported{barrier_, shown, now_});
}

std::optional<Steady> Arm::next_deadline(Steady after) const {
  std::optional<Steady> next;
  const auto consider = [&](std::optional<Steady> deadline) {
    if (deadline && *deadline > after && (!next || *deadline < *next)) next = deadline;
  };
  if (is_reachable_ || !shown_) consider(last_answer_ + settings_.offline_after);
  if (pulse_ && is_in_contact_) consider(pulse_->end);
  if (drive_) consider(drive_->since + settings_.open_timeout);
  consider(openings_.next_expiry());
  return next;
}

std::optional<CoilWrite> Arm::unfinished_pulse() const {
  if (!pulse_) return std::nullopt;
  return CoilWrite{pulse_->coil, coil_off, CoilWrite::Purpose::end_of_pulse};
}

}  // namespace gatehouse::devices
