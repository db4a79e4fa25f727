// `gatehouse-sim barriers` and `gatehouse-sim readers`: a lot's barriers, or its readers, played by
// hand: what happens to them comes as lines on standard input, what they show goes to standard
// output.
//
//   b1 presence on | b1 safety off | b1 stick | b1 late=700 | b1 heal | b1 show
//   EXIT_GATE_01 scan PARK-…       | ENTRY_GATE_01 press DL01AB1234
//
// Blocks until the end or until asked to stop; the result is the exit code. A readers' run also
// ends when the lines have ended and everything was answered.
#pragma once

#include "simulators/lot_description.hpp"
#include "simulators/virtual_time.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatehouse::simulators {

struct ByHandOptions {
  LotDescription lot;
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> duration_ms;
  // Of barriers.
  VirtualTime arm_travel = std::chrono::milliseconds(1'500);
  std::vector<std::string> mischief;  // `b1=stick`, `b2=late=700`
  // Of readers.
  std::string credentials_file;
  std::string payment_method;
};

int run_barriers(const ByHandOptions& options, const std::stop_token& stop);
int run_readers(const ByHandOptions& options, const std::stop_token& stop);

}  // namespace gatehouse::simulators
