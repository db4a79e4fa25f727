// A receipt as a PDF of A5 pages, set by Pango, so that names in any script are shown.
//
//   const std::string pdf = receipt_pdf({"Receipt G1/2627/0000123", issued_at, lines});
//
// The same receipt gives the same text on any day: the file is dated by the receipt. Any thread.
// Failure (no memory) is a std::runtime_error.
#pragma once

#include "edge/domain/time.hpp"

#include <string>
#include <vector>

namespace gatehouse::api {

struct ReceiptLine {
  std::string what;
  std::string value;        // stands at the right
  bool is_heading = false;  // without a value, larger
};

struct ReceiptText {
  std::string title;
  Instant issued_at{};
  std::vector<ReceiptLine> lines;
};

std::string receipt_pdf(const ReceiptText& receipt);

}  // namespace gatehouse::api
