// docs/contract/http.md, "Admin": the audit's log, the newest first.
#include "edge/api/endpoints.hpp"
#include "edge/api/listing.hpp"
#include "edge/api/reading.hpp"

#include <string>
#include <utility>

namespace gatehouse::api {
namespace {

constexpr std::size_t search_characters_max = 100;

/// A customer's name is the account's, as long as it has one: the log itself does not hold it.
std::string user_name(store::Reader& reader, const store::AuditEntry& entry) {
  if (!entry.user_name.empty() || !entry.user) return entry.user_name;
  const auto user = reader.accounts.find(*entry.user);
  return user ? user->username : std::string();
}

Fields audit_fields(const store::AuditRow& row, const std::string& user) {
  const store::AuditEntry& entry = row.entry;
  Fields fields;
  fields.number("sequence", row.sequence)
      .time("at", entry.at)
      .time("until", entry.until)
      .number("times", entry.times)
      .text_or_null("user", user)
      .text_or_null("role", entry.role)
      .text_or_null("address", entry.address)
      .text("action", entry.action)
      .text_or_null("targets", entry.targets)
      .text("outcome", entry.outcome)
      .text_or_null("detail", entry.detail)
      .number("key_id", row.key_id)
      .text("hash", row.hash);
  return fields;
}

Asked ask_audit(const ReadingRoom& room, const Call& call) {
  auto form = Form::of_query(call.request);
  if (!form) return std::unexpected(std::move(form.error()));
  const Paging paging = paging_in(*form, Export::csv);
  store::AuditFilter filter;
  filter.at = period_in(*form, {"date", "from", "to"}, room.today());
  if (const auto username = form->text("user", Need::optional, search_characters_max)) {
    const auto user = room.accounts.find(*username);
    if (user) filter.user = user->key;
    if (!user) form->wrong("user", "is the name of no account");
  }
  filter.action = form->text("action", Need::optional, search_characters_max).value_or("");
  filter.outcome = form->text("outcome", Need::optional, search_characters_max).value_or("");
  filter.search = form->text("q", Need::optional, search_characters_max).value_or("");
  if (!form->is_good()) return std::unexpected(form->refusal());
  return [paging, filter](store::Reader& reader) {
    const auto found = reader.audit_rows.page(filter, paging.rows());
    if (auto refusal = refuse_long_export(paging, found.total)) return std::move(*refusal);
    Listed listed{.plural = "audit", .total = found.total};
    for (const store::AuditRow& row : found.rows)
      listed.rows.push_back(audit_fields(row, user_name(reader, row.entry)));
    listed.empty = audit_fields({}, "");
    return list_response(paging, std::move(listed));
  };
}

}  // namespace

void add_audit_endpoint(std::vector<Route>& routes, const ReadingRoom& room) {
  routes.push_back({Method::get, "/api/admin/audit/", Access::admin, reading(room, ask_audit)});
}

}  // namespace gatehouse::api
