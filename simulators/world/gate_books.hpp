// What is read of a store to judge it, through one connection; each table's queries are prepared
// when they are first needed. One thread; the connection outlives it.
#pragma once

#include "edge/store/openings.hpp"
#include "edge/store/payments.hpp"
#include "edge/store/scans.hpp"
#include "edge/store/sessions.hpp"

#include <optional>

namespace gatehouse::world {

class Books {
 public:
  Books(store::Database& database, const LotPlan& plan) : database_(database), plan_(plan) {}

  store::Scans& scans() { return scans_ ? *scans_ : scans_.emplace(database_); }
  store::Openings& openings() { return openings_ ? *openings_ : openings_.emplace(database_); }
  store::Payments& payments() { return payments_ ? *payments_ : payments_.emplace(database_); }
  store::Sessions& sessions() {
    return sessions_ ? *sessions_ : sessions_.emplace(database_, plan_);
  }

 private:
  store::Database& database_;
  const LotPlan& plan_;
  std::optional<store::Scans> scans_;
  std::optional<store::Sessions> sessions_;
  std::optional<store::Openings> openings_;
  std::optional<store::Payments> payments_;
};

}  // namespace gatehouse::world
