#include "edge/api/receipt_views.hpp"

#include "edge/api/body.hpp"
#include "edge/api/local_days.hpp"

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
  return success("Receipt " + shown.receipt.serial(), data.json());
}

std::string local_time(const LocalTime& local, Instant instant) {
  const WallTime wall = local(instant);
  const auto minutes = wall.minute_of_day.count();
  const auto two = [](auto number) { return std::to_string(100 + number).substr(1); };
  return format_date(wall.date) + ' ' + two(minutes / 60) + ':' + two(minutes % 60);
}

/// One line of the page: what, and how much.
std::string line(std::string_view what, std::string_view value) {
  return "<tr><th scope=\"row\">" + html_text(what) + "</th><td>" + html_text(value) +
         "</td></tr>\n";
}
std::string money(Paise amount) { return "₹" + amount.rupees(); }

std::string stay_lines(const ReadingRoom& room, const Shown& shown) {
  const store::Session& session = shown.seen.session;
  const LotPlan& plan = room.premises.plan;
  const LocalTime& local = room.premises.local;
  std::string lines;
  if (session.vehicle) lines += line("Vehicle", session.vehicle->text());
  lines += line("Zone", plan.zone(session.zone).name);
  if (session.slot) lines += line("Slot", plan.slot(*session.slot).id.text());
  lines += line("Entry", local_time(local, *session.entry_time));
  if (session.exit_time) lines += line("Exit", local_time(local, *session.exit_time));
  for (const RateLine& rate : shown.charge.lines) {
    lines += line(std::to_string(rate.hours.count()) + " h at " + money(rate.hourly_rate),
                  money(rate.amount));
  }
  if (shown.charge.capped > Paise(0)) lines += line("Daily cap", "-" + money(shown.charge.capped));
  if (session.surcharge > Paise(0)) lines += line("Lost ticket", money(session.surcharge));
  return lines;
}

std::string tax_lines(const ReadingRoom& room, const Shown& shown) {
  const std::uint32_t percent = room.premises.billing.tax.percent;
  const std::string half = std::to_string(percent / 2) + (percent % 2 == 0 ? "" : ".5") + " % ";
  const store::Receipt& receipt = shown.receipt;
  std::string lines = line("Taxable value", money(receipt.taxable));
  lines += line("CGST " + half, money(receipt.cgst));
  lines += line("SGST " + half, money(receipt.sgst));
  lines += line("Total", money(receipt.total));
  for (const store::Payment& payment : shown.seen.payments) {
    if (is_captured(payment.state))
      lines += line("Paid, " + std::string(name(payment.method)), money(payment.amount));
  }
  for (const store::Receipt& note : shown.credit_notes)
    lines += line("Credit note " + note.serial(), "-" + money(note.total));
  return lines;
}

Response as_html(const ReadingRoom& room, const Shown& shown) {
  const TaxRules& tax = room.premises.billing.tax;
  const std::string title = "Receipt " + shown.receipt.serial();
  std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += "<title>" + html_text(title) + "</title>\n</head>\n<body>\n<main>\n";
  page += "<h1>" + html_text(room.premises.plan.lot_name()) + "</h1>\n";
  if (!room.about.address.empty()) page += "<p>" + html_text(room.about.address) + "</p>\n";
  if (!tax.gstin.empty()) page += "<p>GSTIN " + html_text(tax.gstin) + "</p>\n";
  page += "<h2>" + html_text(title) + "</h2>\n<p>" +
          html_text(local_time(room.premises.local, shown.receipt.issued_at)) + ", SAC " +
          html_text(tax.sac) + "</p>\n";
  page += "<table>\n" + stay_lines(room, shown) + tax_lines(room, shown) + "</table>\n";
  page += "</main>\n</body>\n</html>\n";
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(page);
  return response;
}

}  // namespace

std::string html_text(std::string_view text) {
  if (!is_utf8(text)) return "?";
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Response receipt_response(const ReadingRoom& room, store::Reader& reader,
                          const store::Session& session, ReceiptFormat format) {
  const auto shown = find_receipt(room, reader, session);
  if (!shown) return failure(404, "not_found", "There is no receipt yet");
  return format == ReceiptFormat::html ? as_html(room, *shown) : as_json(room, *shown);
}

}  // namespace gatehouse::api
