// GST: how a receipt splits a price that includes it, and the serial it stands under.
//
// Prices include the tax: cgst = sgst = round(total · p / 2 / (100 + p)) in paise, half up, taxable
// the rest (docs/contract/http.md; CGST Rules 2017, rule 46: a consecutive serial of at most 16
// characters, unique in a financial year, which begins on 1 April). Pure; any thread.
#pragma once

#include "edge/domain/money.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse {

struct TaxSplit {
  Paise taxable;
  Paise cgst;
  Paise sgst;
  bool operator==(const TaxSplit&) const = default;
};

/// The parts of `total`, which sum to it. `total` is not negative: a credit note splits what it
/// gives back.
TaxSplit tax_split(Paise total, std::uint32_t percent);

/// `2627` for every local date from 1 April 2026 to 31 March 2027.
std::string financial_year(std::chrono::sys_days local_date);

inline constexpr std::size_t serial_characters_max = 16;
/// What the slashes, the year and seven digits leave of them.
inline constexpr std::size_t invoice_series_characters_max = 3;

/// `G1/2627/0000123`. Numbers begin at 1 in each series and financial year, without a gap.
std::string invoice_serial(std::string_view series, std::chrono::sys_days local_date,
                           std::uint32_t number);

/// The series of the credit notes beside a series of invoices: `C1` beside `G1`.
std::string credit_note_series(std::string_view invoice_series);

}  // namespace gatehouse
