// What each command says it is about, before it is decided.
#include "edge/engine/audit_about.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gatehouse::engine {
namespace {

void tell_gate(About& about, const Turn& turn, const std::optional<GateIndex>& gate) {
  if (gate) about.target("gate", turn.premises.gates.lane(*gate).id.text());
}

void tell_reason(About& about, const std::string& reason) {
  if (!reason.empty()) about.more("because: " + reason);
}

void tell_account_of(About& about, Turn& turn, store::UserKey key) {
  if (const auto user = turn.books.accounts.find(key)) tell_account(about, *user);
}

// At the counter. The session is the result's to tell: what was asked with may be a ticket's code.

void tell(About& about, Turn& turn, const IssueTicket& asked) {
  tell_gate(about, turn, asked.gate);
}
void tell(About& about, Turn& turn, const Enter& asked) { tell_gate(about, turn, asked.gate); }
void tell(About& /*about*/, Turn& /*turn*/, const AskBill& /*asked*/) {}
void tell(About& about, Turn& turn, const Leave& asked) {
  tell_gate(about, turn, asked.gate);
  if (asked.tendered) about.more("tendered " + asked.tendered->rupees());
  tell_reason(about, asked.reason);
}
void tell(About& about, Turn& turn, const MoveBarrier& asked) {
  tell_gate(about, turn, asked.gate);
  if (asked.is_emergency) about.more("emergency");
  tell_reason(about, asked.reason);
}
void tell(About& about, Turn& /*turn*/, const OpenShift& asked) {
  about.more("float " + asked.cash_float.rupees());
}
void tell(About& /*about*/, Turn& /*turn*/, const CloseShift& /*asked*/) {}
void tell(About& /*about*/, Turn& /*turn*/, const AskShift& /*asked*/) {}
void tell(About& about, Turn& /*turn*/, const LostTicket& asked) {
  tell_reason(about, asked.reason);
}
void tell(About& about, Turn& /*turn*/, const Terminate& asked) {
  tell_reason(about, asked.reason);
}
void tell(About& about, Turn& turn, const LetOut& asked) {
  tell_gate(about, turn, asked.gate);
  tell_reason(about, asked.reason);
  if (!asked.reference.empty()) about.more("reference " + asked.reference);
}
void tell(About& about, Turn& turn, const NoteIncident& asked) {
  if (turn.premises.gates.find_gate(asked.gate)) about.target("gate", asked.gate);
}
void tell(About& /*about*/, Turn& /*turn*/, const AskIncidents& /*asked*/) {}

// Bookings, and what users keep. Vehicles and telephones are people's.

void tell(About& about, Turn& /*turn*/, const CancelBooking& asked) {
  if (asked.only_asks) about.more("only asked");
}
void tell(About& /*about*/, Turn& /*turn*/, const BookSlot& /*asked*/) {}
void tell(About& /*about*/, Turn& /*turn*/, const KeepVehicle& /*asked*/) {}
void tell(About& /*about*/, Turn& /*turn*/, const DropVehicle& /*asked*/) {}
void tell(About& about, Turn& /*turn*/, const EditBooking& asked) {
  if (asked.vehicle) about.more("vehicle");
  if (asked.phone_number) about.more("phone number");
}

// Accounts.

void tell(About& /*about*/, Turn& /*turn*/, const SignIn& /*asked*/) {}
void tell(About& /*about*/, Turn& /*turn*/, const Refresh& /*asked*/) {}
void tell(About& /*about*/, Turn& /*turn*/, const SignOut& /*asked*/) {}
void tell(About& /*about*/, Turn& /*turn*/, const ChangePassword& /*asked*/) {}
void tell(About& about, Turn& /*turn*/, const AddAccount& asked) { tell_added(about, asked.user); }
void tell(About& about, Turn& turn, const EditAccount& asked) {
  if (const auto user = turn.books.accounts.find(asked.user)) tell_edited(about, *user, asked.edit);
}
void tell(About& about, Turn& turn, const RemoveAccount& asked) {
  tell_account_of(about, turn, asked.user);
}
void tell(About& about, Turn& turn, const Erase& asked) {
  if (const auto* const user = std::get_if<store::UserKey>(&asked.whose))
    tell_account_of(about, turn, *user);
  tell_reason(about, asked.reason);
}

// Money and alerts.

void tell(About& about, Turn& turn, const MakeRefund& asked) {
  if (turn.books.payments.find_by_id(asked.payment_id)) about.target("payment", asked.payment_id);
  if (asked.amount) about.more("asked " + asked.amount->rupees());
  tell_reason(about, asked.reason);
}
void tell(About& about, Turn& turn, const ResolveException& asked) {
  if (const auto exception = turn.books.exceptions.find(asked.id)) {
    about.target("exception", exception->id);
    about.more(fmt::format("{} of {}", name(exception->kind), exception->amount.rupees()));
  }
  about.more(name(asked.action));
  tell_reason(about, asked.reason);
}
void tell(About& about, Turn& turn, const AcknowledgeAlert& asked) {
  const auto alert = turn.books.alerts.find_by_id(asked.id);
  if (!alert) return;
  about.target("alert", alert->id);
  about.more(alert->kind + " " + alert->subject);
}

// The lot.

std::string rates_text(const Rates& rates) {
  std::string text = rates.hourly_rate.rupees();
  for (const RateBand& band : rates.bands) {
    text +=
        fmt::format(", {:02}:{:02}–{:02}:{:02} {}", band.from.count() / 60, band.from.count() % 60,
                    band.to.count() / 60, band.to.count() % 60, band.hourly_rate.rupees());
  }
  return text;
}

void tell_flag(About& about, std::string_view what, bool before, const std::optional<bool>& after) {
  if (after && *after != before) about.more(fmt::format("{} {} → {}", what, before, *after));
}

/// Texts for people: that they were changed, and not to what.
void tell_texts(About& about, const ChangeZone& asked) {
  if (asked.name) about.more("name");
  if (asked.operating_hours) about.more("operating_hours");
  if (asked.contact) about.more("contact");
  if (asked.location) about.more("location");
  if (asked.features) about.more("features");
}

void tell(About& about, Turn& /*turn*/, const AddZone& asked) {
  about.target("zone", asked.zone.id.text());
  about.more("rates " + rates_text(asked.zone.rates));
  about.more(fmt::format("{} slots", asked.slots.size()));
}
void tell(About& about, Turn& turn, const ChangeZone& asked) {
  const auto row = turn.books.plan_rows.find_zone(asked.id);
  if (!row || row->removed) return;
  const ZonePlan& zone = row->plan;
  about.target("zone", zone.id.text());
  Rates rates = zone.rates;
  rates.hourly_rate = asked.hourly_rate.value_or(rates.hourly_rate);
  rates.bands = asked.bands.value_or(rates.bands);
  if (rates != zone.rates)
    about.more(fmt::format("rates {} → {}", rates_text(zone.rates), rates_text(rates)));
  tell_flag(about, "active", zone.active, asked.active);
  tell_flag(about, "walk_in", zone.walk_in, asked.walk_in);
  tell_texts(about, asked);
}
void tell(About& about, Turn& turn, const RemoveZone& asked) {
  if (turn.books.plan_rows.find_zone(asked.id)) about.target("zone", asked.id);
}
void tell(About& about, Turn& turn, const AddSlot& asked) {
  if (turn.books.plan_rows.find_zone(asked.zone)) about.target("zone", asked.zone);
}
void tell(About& about, Turn& turn, const ChangeSlot& asked) {
  const auto row = turn.books.plan_rows.find_slot(asked.id);
  if (!row || row->removed) return;
  about.target("slot", asked.id);
  tell_flag(about, "closed", row->closed, asked.closed);
  if (asked.outage) {
    about.more("out of service");
    tell_reason(about, asked.outage->reason);
  } else if (asked.ends_outage) {
    about.more("in service again");
  }
}
void tell(About& about, Turn& turn, const RemoveSlot& asked) {
  if (turn.books.plan_rows.find_slot(asked.id)) about.target("slot", asked.id);
}
void tell(About& about, Turn& turn, const ChangeSettings& asked) {
  const std::vector<store::Setting> before = turn.books.settings.all();
  const auto value_of = [&](const std::string& key) {
    const auto found = std::ranges::find(before, key, &store::Setting::key);
    return found == before.end() ? std::string("as in lot.toml") : '"' + found->value + '"';
  };
  for (const store::Setting& each : asked.set)
    about.more(fmt::format("{} {} → \"{}\"", each.key, value_of(each.key), each.value));
  for (const std::string& key : asked.reset)
    about.more(fmt::format("{} {} → as in lot.toml", key, value_of(key)));
}

/// What was refused already.
void tell(About& /*about*/, Turn& /*turn*/, const KeepAnswer& /*asked*/) {}

}  // namespace

About about_asked(Turn& turn, const Call& call) {
  About about(call.from.target);
  std::visit([&](const auto& asked) { tell(about, turn, asked); }, call.what);
  return about;
}

}  // namespace gatehouse::engine
