// What the engine says, for those who show it. Pure; any thread.
#pragma once

#include "edge/domain/invariant.hpp"
#include "edge/domain/money.hpp"
#include "edge/engine/call.hpp"

#include <variant>

namespace gatehouse::api {

/// The result of the command that was asked; any other stops the process.
template <class Wanted>
const Wanted& result_of(const engine::CallResult& result) {
  const auto* const wanted = std::get_if<Wanted>(&result);
  require(wanted != nullptr, "the engine answers what it was asked");
  return *wanted;
}

/// Rupees as the first clients knew them: `100.0`. Only on their way out; nothing reckons with it.
inline double rupees(Paise amount) { return static_cast<double>(amount.count()) / 100.0; }

}  // namespace gatehouse::api
