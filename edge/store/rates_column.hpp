// How the rates of a session stand in its row: `5000 360-540=8000 1080-1260=7000`, the hourly rate
// and its bands in minutes of the day, all in paise. Pure; any thread.
#pragma once

#include "edge/domain/tariff.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::store {

std::string encode_rates(const Rates& rates);
/// nullopt: nobody wrote this.
std::optional<Rates> decode_rates(std::string_view text);

}  // namespace gatehouse::store
