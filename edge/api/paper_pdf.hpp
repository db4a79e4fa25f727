// A paper as a PDF of A5 pages, set by Pango, so that names in any script are shown.
//
//   const std::string pdf = paper_pdf({"Receipt G1/2627/0000123", issued_at, lines});
//
// The same paper gives the same text on any day: the file is dated by the paper. Any thread.
// Failure (no memory) is a std::runtime_error.
#pragma once

#include "edge/api/paper.hpp"

#include <string>

namespace gatehouse::api {

std::string paper_pdf(const Paper& paper);

}  // namespace gatehouse::api
