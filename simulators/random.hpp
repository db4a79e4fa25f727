// The only source of chance of a simulated lot: xoshiro256** seeded through splitmix64 (Blackman
// and Vigna, prng.di.unimi.it), with its own bounded draw.
//
//   Random random(seed);
//   auto slot = random.below(slots);          // 0 … slots − 1, without bias
//   if (random.chance(50'000)) …              // one time in twenty
//
// The distributions of <random> differ between standard libraries; this draws the same everywhere,
// so that a seed in a bug report replays on any machine. Whole numbers only. One thread.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace gatehouse::simulators {

class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) {
    for (auto& word : state_) word = splitmix64(seed);
  }

  constexpr std::uint64_t next() {
    const auto result = std::rotl(state_[1] * 5, 7) * 9;
    const auto shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// 0 … bound − 1; 0 when there is nothing to choose from.
  constexpr std::uint64_t below(std::uint64_t bound) {
    if (bound <= 1) return 0;
    // The values under 2^64 mod bound would make the small results more likely: drawn again.
    const auto biased_below = (0 - bound) % bound;
    auto value = next();
    while (value < biased_below) value = next();
    return value % bound;
  }

  /// True `per_million` times in a million.
  constexpr bool chance(std::uint32_t per_million) { return below(1'000'000) < per_million; }

 private:
  static constexpr std::uint64_t splitmix64(std::uint64_t& seed) {
    seed += 0x9e3779b97f4a7c15U;
    auto mixed = seed;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31U);
  }

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace gatehouse::simulators
