// The payer's pages, as HTML. Pure; any thread.
#pragma once

#include "simulators/payments/book.hpp"

#include <string>
#include <vector>

namespace gatehouse::simulators {

/// Everything that can be paid, and a place for a UPI code.
std::string list_page(const std::string& provider, const ProviderBook& book);
/// One order with its buttons.
std::string pay_page(const std::string& provider, const SimOrder& order, const std::string& notice);
/// After paying where the browser does not go back by itself.
std::string done_page(const std::string& provider, const std::string& words,
                      const std::string& proof);

}  // namespace gatehouse::simulators
