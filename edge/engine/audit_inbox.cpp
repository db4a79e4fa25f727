#include "edge/engine/audit_inbox.hpp"

#include <algorithm>
#include <utility>

namespace gatehouse::engine {
namespace {

std::string user_text(const Sighting& sighting) {
  return sighting.user ? std::to_string(std::to_underlying(*sighting.user)) : std::string();
}

/// Line ends stand in no address, method, pattern or word.
std::string place_of(const Sighting& sighting) {
  return user_text(sighting) + '\n' + sighting.address + '\n' + sighting.action + '\n' +
         sighting.outcome;
}

/// Of those that are too many to be told apart.
Sighting without_place(const Sighting& sighting) {
  return {.user = {},
          .user_name = {},
          .role = {},
          .address = {},
          .action = "several",
          .target = {},
          .outcome = sighting.outcome,
          .detail = "from more places than are told apart"};
}

}  // namespace

AuditInbox::AuditInbox(const Clock& clock) : clock_(clock), refilled_at_(clock.now().steady) {}

void AuditInbox::saw(const Sighting& sighting) {
  const Instant now = clock_.now().utc;
  const std::scoped_lock lock(mutex_);
  std::string name = place_of(sighting);
  const bool is_full = places_.size() >= places_max && !places_.contains(name);
  const Sighting& told = is_full ? without_place(sighting) : sighting;
  if (is_full) name = place_of(told);
  store::AuditEntry& entry = places_[name].entry;
  if (entry.times == 0) {
    entry = {.at = now,
             .until = now,
             .times = 0,
             .user = told.user,
             .user_name = told.user_name,
             .role = told.role,
             .address = told.address,
             .action = told.action,
             .targets = told.target,
             .outcome = told.outcome,
             .detail = told.detail};
  }
  // Of several that were not about the same there is nothing to be said but their number.
  if (entry.targets != told.target) entry.targets.clear();
  if (entry.detail != told.detail) entry.detail.clear();
  ++entry.times;
  entry.until = now;
}

bool AuditInbox::is_due(const Place& place, Steady now) const {
  return place.entry.times > 0 && (!place.was_told || now - place.told_at >= counted_for);
}

void AuditInbox::refill(Steady now) {
  const auto rows = (now - refilled_at_) / row_every;
  if (rows <= 0) return;
  refilled_at_ += rows * std::chrono::duration_cast<Steady::duration>(row_every);
  rows_left_ = std::min<std::int64_t>(rows_left_ + rows, rows_at_once);
}

std::vector<store::AuditEntry> AuditInbox::take(Steady now, Taking taking) {
  const std::scoped_lock lock(mutex_);
  refill(now);
  std::vector<store::AuditEntry> taken;
  const bool all = taking == Taking::everything;
  for (auto each = places_.begin(); each != places_.end();) {
    Place& place = each->second;
    if (place.entry.times > 0 && (all || (is_due(place, now) && rows_left_ > 0))) {
      --rows_left_;
      taken.push_back(place.entry);
      place = {.entry = nothing_seen, .told_at = now, .was_told = true};
    }
    const bool is_over = place.entry.times == 0 && now - place.told_at >= counted_for;
    each = is_over ? places_.erase(each) : std::next(each);
  }
  rows_left_ = std::max<std::int64_t>(rows_left_, 0);
  std::ranges::sort(taken, {}, &store::AuditEntry::at);
  return taken;
}

}  // namespace gatehouse::engine
