// A connection that cannot write, and everything that is asked through it: for pages and reports,
// which never make the engine wait and never see half of a commit.
//
//   Reader reader("gatehouse.db", plan);     // while the writer's connection is open
//   const auto answer = reader.at_one_moment([&] { return reader.lists.sessions({}, {}); });
//
// One thread at a time. Failure is a StoreError.
#pragma once

#include "edge/store/accounts.hpp"
#include "edge/store/activity.hpp"
#include "edge/store/alerts.hpp"
#include "edge/store/audit_rows.hpp"
#include "edge/store/clock_notes.hpp"
#include "edge/store/database.hpp"
#include "edge/store/erasures.hpp"
#include "edge/store/exceptions.hpp"
#include "edge/store/giving_up.hpp"
#include "edge/store/ledger.hpp"
#include "edge/store/lists.hpp"
#include "edge/store/outages.hpp"
#include "edge/store/payments.hpp"
#include "edge/store/plan_rows.hpp"
#include "edge/store/receipts.hpp"
#include "edge/store/reports.hpp"
#include "edge/store/scans.hpp"
#include "edge/store/sessions.hpp"
#include "edge/store/shifts.hpp"
#include "edge/store/slots.hpp"
#include "edge/store/snapshot.hpp"
#include "edge/store/stored_settings.hpp"
#include "edge/store/user_vehicles.hpp"

#include <atomic>
#include <filesystem>

namespace gatehouse::store {

class Reader {
 public:
  /// `plan` as load_plan() gave it for this store. Once `is_over`, on any thread, whatever is asked
  /// is a StoreError soon; it outlives the reader.
  Reader(const std::filesystem::path& path, const LotPlan& plan, std::atomic<bool>& is_over)
      : Reader(path, plan) {
    give_up_when(database_, is_over);
  }
  Reader(const std::filesystem::path& path, const LotPlan& plan)
      : database_(Database::open({.path = path, .read_only = true})),
        accounts(database_),
        sessions(database_, plan),
        payments(database_),
        receipts(database_),
        ledger(database_),
        shifts(database_),
        exceptions(database_),
        scans(database_),
        alerts(database_),
        audit_rows(database_),
        clock_notes(database_),
        slots(database_, plan),
        outages(database_),
        plan_rows(database_),
        settings(database_),
        lists(database_),
        reports(database_),
        activity(database_),
        erasures(database_),
        user_vehicles(database_) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Whatever `work` reads is of the same moment.
  template <class Work>
  auto at_one_moment(Work&& work) -> decltype(work()) {
    const Snapshot snapshot(database_.raw());
    return work();
  }

 private:
  Database database_;

 public:
  Accounts accounts;
  Sessions sessions;
  Payments payments;
  Receipts receipts;
  Ledger ledger;
  Shifts shifts;
  Exceptions exceptions;
  Scans scans;
  Alerts alerts;
  AuditRows audit_rows;
  ClockNotes clock_notes;
  SlotStates slots;
  Outages outages;
  PlanRows plan_rows;
  StoredSettings settings;
  Lists lists;
  Reports reports;
  Activity activity;
  Erasures erasures;
  UserVehicles user_vehicles;
};

}  // namespace gatehouse::store
