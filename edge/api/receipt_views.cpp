#include "edge/api/receipt_views.hpp"

#include "edge/api/body.hpp"
#include "edge/api/session_lookup.hpp"
#include "edge/domain/local_days.hpp"

#include <utility>
#include <vector>

namespace gatehouse::api {
namespace {

/// Everything that a receipt says, for whichever way of showing it.
struct Shown {
  store::Receipt receipt;
  std::vector<store::Receipt> credit_notes;
  SessionSeen seen;
  Charge charge;
  Instant stayed_until{};
};

std::optional<Shown> find_receipt(const ReadingRoom& room, store::Reader& reader,
                                  const store::Session& session) {
  auto receipt = reader.receipts.find(session.key);
  if (!receipt || !session.entry_time) return std::nullopt;
  const Instant billed = session.billing_time.value_or(receipt->issued_at);
  Shown shown{
      .receipt = std::move(*receipt),
      .credit_notes = reader.receipts.credit_notes(session.key),
      .seen = look_at(reader, room.premises, session, room.clock.now().utc),
      .charge = {},
      .stayed_until = session.chosen_stay ? *session.entry_time + *session.chosen_stay : billed};
  shown.charge = charge_until({session.rates, room.premises.local}, room.premises.billing,
                              *session.entry_time, shown.stayed_until);
  return shown;
}

std::string title_of(const Shown& shown) { return "Receipt " + shown.receipt.serial(); }

Fields tax_fields(Fields fields, const store::Receipt& receipt) {
  fields.rupees("total", receipt.total)
      .number("total_paise", receipt.total.count())
      .number("taxable_paise", receipt.taxable.count())
      .number("cgst_paise", receipt.cgst.count())
      .number("sgst_paise", receipt.sgst.count());
  return fields;
}

Fields seller_fields(const ReadingRoom& room) {
  const TaxRules& tax = room.premises.billing.tax;
  Fields fields;
  fields.text("name", room.premises.plan.lot_name())
      .text_or_null("address", room.about.address)
      .text_or_null("gstin", tax.gstin)
      .text("sac", tax.sac)
      .number("gst_percent", tax.percent);
  return fields;
}

std::string rate_lines_json(const Charge& charge) {
  std::vector<Fields> lines;
  for (const RateLine& line : charge.lines) {
    Fields fields;
    fields.text("hourly_rate", line.hourly_rate.rupees())
        .number("hours", line.hours.count())
        .rupees("amount", line.amount);
    lines.push_back(std::move(fields));
  }
  return json_array(lines);
}

std::string payments_json(const SessionSeen& seen) {
  std::vector<Fields> rows;
  for (const store::Payment& payment : seen.payments) {
    if (is_captured(payment.state)) rows.push_back(payment_fields(payment, seen.session.id));
  }
  return json_array(rows);
}

std::string credit_notes_json(const Shown& shown) {
  std::vector<Fields> rows;
  for (const store::Receipt& note : shown.credit_notes) {
    Fields fields;
    fields.text("serial", note.serial()).time("issued_at", note.issued_at);
    rows.push_back(tax_fields(std::move(fields), note));
  }
  return json_array(rows);
}

Response as_json(const ReadingRoom& room, const Shown& shown) {
  const store::Session& session = shown.seen.session;
  const LotPlan& plan = room.premises.plan;
  Fields data;
  data.text("serial", shown.receipt.serial())
      .time("issued_at", shown.receipt.issued_at)
      .nested("seller", seller_fields(room).json())
      .text("session_id", session.id)
      .text_or_null("vehicle_number", session.vehicle ? session.vehicle->text() : "")
      .text("zone_name", plan.zone(session.zone).name)
      .text_or_null("slot_number", session.slot ? plan.slot(*session.slot).id.text() : "")
      .time("entry_time", session.entry_time)
      .time("exit_time", session.exit_time)
      .number("duration_minutes",
              elapsed_minutes(*session.entry_time, shown.stayed_until, room.premises.billing.minute)
                  .count())
      .number("billed_hours", shown.charge.hours.count())
      .nested("rate_lines", rate_lines_json(shown.charge))
      .rupees("surcharge", session.surcharge);
  data = tax_fields(std::move(data), shown.receipt);
  data.nested("payments", payments_json(shown.seen))
      .nested("credit_notes", credit_notes_json(shown));
  return success(title_of(shown), data.json());
}

using Lines = std::vector<PaperLine>;

void add_seller(Lines& lines, const ReadingRoom& room, const Shown& shown) {
  const TaxRules& tax = room.premises.billing.tax;
  lines.push_back({.what = room.premises.plan.lot_name(), .value = {}, .is_heading = true});
  if (!room.about.address.empty()) lines.push_back({.what = room.about.address, .value = {}});
  if (!tax.gstin.empty()) lines.push_back({"GSTIN", tax.gstin});
  lines.push_back({.what = title_of(shown), .value = {}, .is_heading = true});
  lines.push_back({"Issued", local_time(room.premises.local, shown.receipt.issued_at)});
  lines.push_back({"SAC", tax.sac});
}

void add_stay(Lines& lines, const ReadingRoom& room, const Shown& shown) {
  const store::Session& session = shown.seen.session;
  const LotPlan& plan = room.premises.plan;
  const LocalTime& local = room.premises.local;
  if (session.vehicle) lines.push_back({"Vehicle", session.vehicle->text()});
  lines.push_back({"Zone", plan.zone(session.zone).name});
  if (session.slot) lines.push_back({"Slot", plan.slot(*session.slot).id.text()});
  lines.push_back({"Entry", local_time(local, *session.entry_time)});
  if (session.exit_time) lines.push_back({"Exit", local_time(local, *session.exit_time)});
  for (const RateLine& rate : shown.charge.lines) {
    lines.push_back({std::to_string(rate.hours.count()) + " h at " + money(rate.hourly_rate),
                     money(rate.amount)});
  }
  if (shown.charge.capped > Paise(0))
    lines.push_back({"Daily cap", "-" + money(shown.charge.capped)});
  if (session.surcharge > Paise(0)) lines.push_back({"Lost ticket", money(session.surcharge)});
}

void add_taxes(Lines& lines, const ReadingRoom& room, const Shown& shown) {
  const std::uint32_t percent = room.premises.billing.tax.percent;
  const std::string half = std::to_string(percent / 2) + (percent % 2 == 0 ? "" : ".5") + " %";
  const store::Receipt& receipt = shown.receipt;
  lines.push_back({"Taxable value", money(receipt.taxable)});
  lines.push_back({"CGST " + half, money(receipt.cgst)});
  lines.push_back({"SGST " + half, money(receipt.sgst)});
  lines.push_back({"Total", money(receipt.total)});
  for (const store::Payment& payment : shown.seen.payments) {
    if (is_captured(payment.state))
      lines.push_back({"Paid, " + std::string(name(payment.method)), money(payment.amount)});
  }
  for (const store::Receipt& note : shown.credit_notes)
    lines.push_back({"Credit note " + note.serial(), "-" + money(note.total)});
}

Paper paper_of(const ReadingRoom& room, const Shown& shown) {
  Paper text{.title = title_of(shown), .issued_at = shown.receipt.issued_at, .lines = {}};
  add_seller(text.lines, room, shown);
  add_stay(text.lines, room, shown);
  add_taxes(text.lines, room, shown);
  return text;
}

}  // namespace

Response receipt_response(const ReadingRoom& room, store::Reader& reader,
                          const store::Session& session, PaperFormat format) {
  const auto shown = find_receipt(room, reader, session);
  if (!shown) return failure(404, "not_found", "There is no receipt yet");
  if (format == PaperFormat::json) return as_json(room, *shown);
  return paper_response(paper_of(room, *shown), format);
}

}  // namespace gatehouse::api
