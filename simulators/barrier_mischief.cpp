#include "simulators/barrier_mischief.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t delay_ms_max = 60'000;
constexpr std::uint32_t percent_max = 100;

/// The number behind `prefix`, at most `most`.
std::optional<std::uint32_t> number_after(std::string_view word, std::string_view prefix,
                                          std::uint32_t most) {
  if (!word.starts_with(prefix)) return std::nullopt;
  word.remove_prefix(prefix.size());
  std::uint32_t number = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc{} || rest != end || number > most) return std::nullopt;
  return number;
}

constexpr std::array<std::string_view, 8> troubles = {
    "stick", "fault", "silent", "slow=400", "late=700", "exceptions", "hang-up", "lose=40"};

}  // namespace

std::expected<void, std::string> BarrierMischief::add(std::string_view word) {
  if (word == "stick") {
    stick = true;
  } else if (word == "fault") {
    fault = true;
  } else if (word == "silent") {
    silent = true;
  } else if (word == "exceptions") {
    exceptions = true;
  } else if (word == "hang-up") {
    hang_up = true;
  } else if (word == "heal") {
    *this = {};
  } else if (const auto slow_ms = number_after(word, "slow=", delay_ms_max)) {
    slow = std::chrono::milliseconds(*slow_ms);
  } else if (const auto late_ms = number_after(word, "late=", delay_ms_max)) {
    late = std::chrono::milliseconds(*late_ms);
  } else if (const auto percent = number_after(word, "lose=", percent_max)) {
    lost_percent = *percent;
  } else {
    return std::unexpected(std::string(
        "expected stick, fault, silent, slow=MS, late=MS, exceptions, hang-up, lose=PERCENT or "
        "heal"));
  }
  return {};
}

RequestCourse course_of(const BarrierMischief& mischief, VirtualTime now, Random& chance) {
  if (mischief.hang_up) return {.hang_up = true};
  if (mischief.silent) return {};
  if (mischief.exceptions) return {.answer_at = now + mischief.slow, .is_exception = true};
  RequestCourse course{.act_at = now + mischief.slow,
                       .answer_at = now + mischief.slow + mischief.late};
  if (chance.chance(mischief.lost_percent * 10'000)) {
    const bool request_is_lost = chance.chance(500'000);
    if (request_is_lost) course.act_at.reset();
    course.answer_at.reset();
  }
  return course;
}

TroubleMaker::TroubleMaker(std::uint64_t seed, std::size_t barriers, VirtualTime mean_interval)
    : chance_(seed), barriers_(barriers), mean_interval_(mean_interval) {
  planned_.word = "heal";
}

std::optional<Trouble> TroubleMaker::next(VirtualTime until) {
  if (barriers_ == 0 || planned_.at >= until) return std::nullopt;
  auto due = planned_;
  if (due.word == "heal") {
    planned_.at += mean_interval_ / 2 + micros(chance_.below(ticks(mean_interval_)));
    planned_.barrier = chance_.below(barriers_);
    planned_.word = troubles.at(chance_.below(troubles.size()));
  } else {
    constexpr VirtualTime shortest = 1s;
    constexpr VirtualTime spread = 7s;
    planned_.at += shortest + micros(chance_.below(ticks(spread)));
    planned_.word = "heal";
  }
  return due;
}

}  // namespace gatehouse::simulators
