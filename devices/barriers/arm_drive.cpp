// What is asked of the barrier: up, down, and for how long a pulse is on.
#include "devices/barriers/arm.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::devices {

bool Arm::is_driving(Direction direction) const { return drive_ && drive_->direction == direction; }

bool Arm::is_over(const Drive& drive) const {
  return now_.steady >= drive.since + settings_.open_timeout;
}

/// The inputs are those of now, so far as polling knows: something may be asked.
bool Arm::is_fresh() const {
  return is_reachable_ && is_in_contact_ && now_.steady - last_answer_ <= 2 * settings_.poll;
}

void Arm::decide(bool was_read) {
  openings_.expire(now_, output_.reports);
  end_pulse();
  if (!is_reachable_) {
    // Whether the arm followed cannot be seen: for the driver it did not.
    if (is_driving(Direction::up) && is_over(*drive_)) {
      openings_.fail(now_, output_.reports);
      drive_.reset();
    }
    return;
  }
  if (!is_fresh()) return;
  ask_up();
  // Close is never pulsed on connect.
  if (was_read && !std::exchange(is_new_contact_, false)) ask_down();
}

void Arm::ask_up() {
  if (inputs_.safety && motion_ == Motion::closing) must_reopen_ = true;
  if (mode_ != Mode::held && !must_reopen_ && !openings_.any_waiting()) {
    if (is_driving(Direction::up)) stop_driving();
  } else if (position_ == ArmPosition::open && !is_driving(Direction::down)) {
    openings_.arm_open(now_, output_.reports);
    must_reopen_ = false;
  } else if (!is_driving(Direction::up)) {
    start_up();
  } else {
    openings_.begin();
    // The inputs read anew: those of before the deadline do not count.
    if (is_over(*drive_) && last_answer_ >= drive_->since + settings_.open_timeout) try_up_again();
  }
}

void Arm::start_up() {
  pulse(settings_.open, CoilWrite::Purpose::open);
  drive_ = Drive{.direction = Direction::up, .since = now_.steady};
  motion_ = next(motion_, MotionEvent::told_open);
  assumed_ = ArmPosition::open;
  openings_.begin();
  close_ordered_ = false;
}

void Arm::try_up_again() {
  openings_.expire_lost(now_, output_.reports);
  const bool insists = mode_ == Mode::held || must_reopen_;
  if (!insists && !openings_.any_waiting()) return stop_driving();
  if (drive_->tries == 1) {
    drive_->tries = 2;
    drive_->since = now_.steady;
    // An arm on its way is given the same time once more, without a pulse.
    if (insists || position_ == ArmPosition::closed)
      pulse(settings_.open, CoilWrite::Purpose::open);
    return;
  }
  openings_.fail(now_, output_.reports);
  did_not_open_ = true;
  motion_ = next(motion_, MotionEvent::did_not_open);
  must_reopen_ = false;
  is_judged_ = false;
  if (mode_ == Mode::held) {
    // In an emergency nobody gives up.
    drive_->since = now_.steady;
    pulse(settings_.open, CoilWrite::Purpose::open);
  } else {
    stop_driving();
  }
}

/// From here on the arm is where it is seen.
void Arm::stop_driving() {
  drive_.reset();
  follow(position_);
}

void Arm::ask_down() {
  const bool by_hand = std::exchange(close_ordered_, false);
  if (is_driving(Direction::down) && is_over(*drive_)) {
    drive_.reset();
    did_not_close_ = true;
    motion_ = next(motion_, MotionEvent::did_not_close);
    quiet_since_ = now_.steady;
    passed_at_.reset();
  }
  if (!should_close(by_hand)) return;
  if (by_hand) openings_.call_off(now_, output_.reports);
  pulse(settings_.close, CoilWrite::Purpose::close);
  drive_ = Drive{.direction = Direction::down, .since = now_.steady};
  motion_ = next(motion_, MotionEvent::told_close);
  assumed_ = ArmPosition::closed;
  quiet_since_ = now_.steady;
  passed_at_.reset();
  close_when_clear_ = false;
}

bool Arm::should_close(bool by_hand) const {
  if (inputs_.safety || mode_ == Mode::held || position_ == ArmPosition::closed) return false;
  if (is_driving(Direction::down)) return false;
  if (by_hand) return true;
  if (is_driving(Direction::up)) return false;
  const bool is_clear = !inputs_.presence;
  const auto quiet = now_.steady - quiet_since_;
  if (passed_at_ && openings_.empty() && now_.steady - *passed_at_ >= settings_.clear) return true;
  if (close_when_clear_ && is_clear && quiet >= settings_.clear) return true;
  return is_clear && quiet >= settings_.pass_timeout;
}

void Arm::pulse(const BarrierCommand& command, CoilWrite::Purpose purpose) {
  using Kind = BarrierCommand::Pulse;
  // Never both commands at once.
  if (pulse_ && pulse_->coil != command.coil) {
    output_.writes.push_back({pulse_->coil, coil_off, CoilWrite::Purpose::end_of_pulse});
  }
  pulse_.reset();
  if (command.pulse == Kind::flash) {
    const auto tenths = std::clamp<std::int64_t>(settings_.pulse.count() / 100, 1, 0x7FFF);
    output_.writes.push_back({command.coil, static_cast<std::uint16_t>(tenths), purpose});
    return;
  }
  output_.writes.push_back({command.coil, coil_on, purpose});
  if (command.pulse == Kind::gateway) {
    pulse_ = Pulse{.coil = command.coil, .end = now_.steady + settings_.pulse};
  }
}

void Arm::end_pulse() {
  if (!pulse_ || !is_in_contact_ || now_.steady < pulse_->end) return;
  output_.writes.push_back({pulse_->coil, coil_off, CoilWrite::Purpose::end_of_pulse});
  pulse_.reset();
}

}  // namespace gatehouse::devices
