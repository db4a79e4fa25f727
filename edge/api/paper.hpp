// What can be printed: a receipt, a Z report. Lines of what and how much, shown as a page or as a
// PDF (docs/contract/http.md, `format=json|html|pdf`).
//
//   const Paper paper{.title = "Z report 31", .issued_at = closed_at, .lines = lines};
//   return paper_response(paper, PaperFormat::pdf);
//
// Pure; any thread.
#pragma once

#include "edge/api/message.hpp"
#include "edge/domain/billing.hpp"
#include "edge/domain/money.hpp"
#include "edge/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

struct PaperLine {
  std::string what;
  std::string value;        // stands at the right
  bool is_heading = false;  // without a value, larger
};

struct Paper {
  std::string title;
  Instant issued_at{};
  std::vector<PaperLine> lines;
};

enum class PaperFormat : std::uint8_t { json, html, pdf };
std::optional<PaperFormat> parse_paper_format(std::string_view text);

/// As a page or as a PDF; the JSON of a thing is its own.
Response paper_response(const Paper& paper, PaperFormat format);

/// `2026-11-20 15:30`, where the lot is.
std::string local_time(const LocalTime& local, Instant instant);
/// `₹100.00`
std::string money(Paise amount);

/// Text that stands in a page: what HTML would read as its own is escaped.
std::string html_text(std::string_view text);

}  // namespace gatehouse::api
