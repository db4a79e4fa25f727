// What administrators ask of money and alerts that wait for somebody, and what they are told
// (docs/contract/http.md, "Admin"). Values.
#pragma once

#include "edge/domain/money.hpp"
#include "edge/engine/which_session.hpp"
#include "edge/store/alerts.hpp"
#include "edge/store/exceptions.hpp"
#include "edge/store/payments.hpp"

#include <optional>
#include <string>

namespace gatehouse::engine {

/// POST `/api/admin/refunds/`: CASH out of the asker's drawer, ONLINE by its provider.
struct MakeRefund {
  std::string payment_id;
  std::optional<Paise> amount;  // none: what was promised back already, or else all that is left
  std::string reason;
};
/// POST `/api/admin/exceptions/{id}/resolve/`
struct ResolveException {
  std::string id;
  store::ExceptionAction action = store::ExceptionAction::apply;
  std::optional<ById> session;  // of `apply`: whose the money is
  std::string reason;
};
/// POST `/api/admin/alerts/{id}/acknowledge/`
struct AcknowledgeAlert {
  std::string id;
};

struct RefundMade {
  store::Refund refund;
  store::Payment payment;
  std::string session_id;   // "": nobody could place the money
  std::string credit_note;  // its serial; "": there is no receipt that it takes back from
};
struct ExceptionResolved {
  store::Exception exception;
  std::string payment_id;  // "": it is about none
  std::string session_id;
  std::string user;
  std::optional<RefundMade> refund;  // of `refund`
};
struct AlertAcknowledged {
  store::Alert alert;
  std::string user;
};

}  // namespace gatehouse::engine
