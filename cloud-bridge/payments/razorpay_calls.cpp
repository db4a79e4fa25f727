// Razorpay's calls on the line: credentials, pages of a list, the settlement report.
#include "cloud-bridge/payments/razorpay.hpp"
#include "cloud-bridge/payments/razorpay_reading.hpp"
#include "cloud-bridge/payments/reading.hpp"
#include "cloud-bridge/payments/signatures.hpp"

#include <utility>

#include <fmt/format.h>

namespace gatehouse::payments {
namespace {

constexpr std::size_t page_size = 100;
// A day of the busiest lot; a list that never ends is no list.
constexpr std::size_t items_max = 50'000;

}  // namespace

Asked<Json> Razorpay::get(const std::string& target) {
  return call({.method = HttpMethod::get, .target = target});
}

Asked<Json> Razorpay::post(const std::string& target, const Json& body,
                           std::vector<std::string> headers) {
  headers.emplace_back("Content-Type: application/json");
  return call({.method = HttpMethod::post,
               .target = target,
               .headers = std::move(headers),
               .body = body.dump()});
}

Asked<Json> Razorpay::call(HttpRequest request) {
  const auto credentials = fmt::format("{}:{}", settings_.key_id, settings_.key_secret.reveal());
  // Spelt exactly so: `basic` is refused.
  request.headers.push_back("Authorization: Basic " + to_base64(credentials));
  const auto reply = http_.call(request);
  if (!reply) return std::unexpected(reply.error());
  if (reply->status != 200) return std::unexpected(read_razorpay_error(*reply));
  auto json = Json::parse(reply->body);
  if (!json || !json->is_object()) return std::unexpected(not_understood("No JSON object"));
  return std::move(*json);
}

Asked<std::vector<Json>> Razorpay::all_items(const std::string& target, std::string_view query) {
  std::vector<Json> all;
  for (;;) {
    const auto page = get(fmt::format("{}?{}{}count={}&skip={}", target, query,
                                      query.empty() ? "" : "&", page_size, all.size()));
    if (!page) return std::unexpected(page.error());
    if (!(*page)["items"].is_array()) return std::unexpected(not_understood("A list that is none"));
    const auto& items = (*page)["items"].items();
    all.insert(all.end(), items.begin(), items.end());
    if (items.size() < page_size) return all;
    if (all.size() >= items_max) return std::unexpected(not_understood("A list that never ends"));
  }
}

Asked<std::vector<SettledRow>> Razorpay::settled_on(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  const auto items = all_items(
      "/v1/settlements/recon/combined",
      fmt::format("year={:04}&month={:02}&day={:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())));
  if (!items) return std::unexpected(items.error());
  std::vector<SettledRow> rows;
  for (const Json& item : *items) {
    const auto amount = paise_of(item, "amount");
    SettledRow row{.entity_id = id_of(item, "entity_id"),
                   .type = presentable(text_of(item, "type")),
                   .amount = amount.value_or(Paise(0)),
                   .credit = paise_or_nothing(item, "credit"),
                   .debit = paise_or_nothing(item, "debit"),
                   .fee = paise_or_nothing(item, "fee"),
                   .order_id = id_of(item, "order_id"),
                   .order_receipt = id_of(item, "order_receipt"),
                   .settlement_id = id_of(item, "settlement_id"),
                   .settlement_utr = presentable(text_of(item, "settlement_utr")),
                   .settled_at = seconds_of(item, "settled_at")};
    if (row.entity_id.empty() || !amount || text_of(item, "currency") != "INR")
      return std::unexpected(contradiction("A settled row without id, amount or rupees"));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace gatehouse::payments
