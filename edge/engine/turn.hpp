// One turn of the loop, as the capabilities see it: everything they may read, and the one
// transaction and the effects that they write.
//
// Capabilities read, decide, record. They act on nothing: what they want of the world they add to
// `effects`, which is carried out once the transaction is committed. The engine's thread.
#pragma once

#include "edge/engine/effect.hpp"
#include "edge/engine/occupancy_board.hpp"
#include "edge/engine/ports.hpp"
#include "edge/engine/premises.hpp"
#include "edge/engine/tickets.hpp"
#include "edge/store/accounts.hpp"
#include "edge/store/alerts.hpp"
#include "edge/store/audit_chain.hpp"
#include "edge/store/barrier_orders.hpp"
#include "edge/store/clock_notes.hpp"
#include "edge/store/erasures.hpp"
#include "edge/store/exceptions.hpp"
#include "edge/store/incidents.hpp"
#include "edge/store/kept_answers.hpp"
#include "edge/store/ledger.hpp"
#include "edge/store/openings.hpp"
#include "edge/store/outages.hpp"
#include "edge/store/outbox.hpp"
#include "edge/store/payments.hpp"
#include "edge/store/plan_rows.hpp"
#include "edge/store/receipts.hpp"
#include "edge/store/scans.hpp"
#include "edge/store/sessions.hpp"
#include "edge/store/shifts.hpp"
#include "edge/store/staff_acts.hpp"
#include "edge/store/stored_settings.hpp"
#include "edge/store/token_families.hpp"
#include "edge/store/unpaid_bookings.hpp"
#include "edge/store/user_vehicles.hpp"

namespace gatehouse::engine {

class AuditInbox;

/// Everything that the store keeps for the gate and its money.
struct Books {
  explicit Books(store::Database& database, const LotPlan& plan)
      : sessions(database, plan),
        payments(database),
        ledger(database),
        receipts(database),
        scans(database),
        openings(database),
        accounts(database),
        families(database),
        user_vehicles(database),
        erasures(database),
        shifts(database),
        staff_acts(database),
        exceptions(database),
        incidents(database),
        kept_answers(database),
        alerts(database),
        barrier_orders(database),
        clock_notes(database),
        outages(database),
        plan_rows(database),
        settings(database),
        unpaid_bookings(database) {}

  store::Sessions sessions;
  store::Payments payments;
  store::Ledger ledger;
  store::Receipts receipts;
  store::Scans scans;
  store::Openings openings;
  store::Accounts accounts;
  store::TokenFamilies families;
  store::UserVehicles user_vehicles;
  store::Erasures erasures;
  store::Shifts shifts;
  store::StaffActs staff_acts;
  store::Exceptions exceptions;
  store::Incidents incidents;
  store::KeptAnswers kept_answers;
  store::Alerts alerts;
  store::BarrierOrders barrier_orders;
  store::ClockNotes clock_notes;
  store::Outages outages;
  store::PlanRows plan_rows;
  store::StoredSettings settings;
  store::UnpaidBookings unpaid_bookings;
};

struct Turn {
  const Premises& premises;
  Books& books;
  store::Outbox& outbox;
  OccupancyBoard& board;
  Tickets& tickets;
  const QrWriter& qr;
  store::Transaction& transaction;
  Effects& effects;
  Moment now;
  store::AuditChain& audit_chain;
  AuditInbox* audit_inbox = nullptr;  // null: nobody brings anything
  bool disk_is_scarce = false;        // whoever is inside may pay and leave; nobody new comes in
};

}  // namespace gatehouse::engine
