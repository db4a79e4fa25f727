// The proof that `gatehouse audit` gives: every rule of the money and the gates, held against all
// rows, whatever the tables' own constraints refused when they were written.
//
// Reads only, as one snapshot; a running gateway may go on writing. The thread of the Database; a
// store that cannot even be read is a StoreError.
#pragma once

#include "edge/store/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::store {

struct AuditFigure {
  std::string name;   // sessions completed
  std::string value;  // 1234, or rupees: 50.00
  bool operator==(const AuditFigure&) const = default;
};

struct AuditReport {
  std::vector<std::string> violations;  // a sentence each; empty: all holds
  std::vector<AuditFigure> figures;
};

/// The schema must be the newest this program knows.
AuditReport audit(Database& database);

}  // namespace gatehouse::store
