#include "simulators/world/gate_witness.hpp"

#include "edge/engine/call.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace gatehouse::world {
namespace {

using namespace std::chrono_literals;
using engine::OpeningId;

// An opening is begun when it is at most 5 s old and has at most two pulses, 6 s apart; the rest is
// the time it takes to see that the first one failed.
constexpr auto pulse_age_max = 14s;
constexpr auto pulse_apart_min = 6s;
constexpr int pulses_max = 2;
// Hours of a stay take a minute here (premises_of() in gate_process.cpp).
constexpr auto hour_of_a_stay = 60s;
// Where nothing is unsynced the disk holds what the process reads; so often that is not believed.
constexpr std::uint64_t image_one_in = 25;

/// What would be found if the power went now and everything unsynced were lost.
class Survivor {
 public:
  Survivor(const Disk& disk, const LotPlan& plan)
      : disk_(disk.as_if_cut_now()),
        database_(
            store::Database::open({.path = "lot.db", .vfs = disk_->vfs_name(), .exclusive = true})),
        books_(database_, plan) {}
  Books& books() { return books_; }

 private:
  std::unique_ptr<Disk> disk_;
  store::Database database_;
  Books books_;
};

std::string member(std::string_view json, std::string_view key) {
  const std::string start = "\"" + std::string(key) + "\":";
  const auto found = json.find(start);
  if (found == std::string_view::npos) return {};
  std::string_view value = json.substr(found + start.size());
  if (!value.starts_with('"')) return std::string(value.substr(0, value.find_first_of(",}")));
  value.remove_prefix(1);
  return std::string(value.substr(0, value.find('"')));
}

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string text_of(OpeningId opening) { return std::to_string(std::to_underlying(opening)); }

/// Which sessions a call was answered with as changed.
std::string session_of(const engine::CallResult& result) {
  if (const auto* issued = std::get_if<engine::TicketIssued>(&result)) return issued->session_id;
  if (const auto* entered = std::get_if<engine::Entered>(&result)) return entered->session_id;
  return {};
}

}  // namespace

Heard read_decision(std::string_view payload) {
  Heard heard{.scan_id = member(payload, "scan_id"),
              .decision = parse_decision_kind(member(payload, "decision")).value(),
              .reason = parse_reason(member(payload, "reason")).value(),
              .update = static_cast<std::uint32_t>(number(member(payload, "update"))),
              .vehicle = member(payload, "vehicle_number"),
              .slot = member(payload, "slot"),
              .code = member(payload, "code"),
              .amount_due = {}};
  const std::string due = member(payload, "amount_due_paise");
  if (!due.empty()) heard.amount_due = Paise(number(due));
  return heard;
}

void Witness::look_at_disk(const std::function<void(Books&)>& check) {
  if (disk_ == nullptr) return;
  if (!disk_->has_unsynced() && ++looks_ % image_one_in != 0) return check(*own_);
  check(Survivor(*disk_, scene_.plan).books());
}

void Witness::act(const store::Committed<engine::Effects>& effects) {
  const Cut cut = std::exchange(cut_, Cut::none);
  if (cut != Cut::none && !effects->orders.empty())
    scene_.reached("power cut between commit and order");
  if (cut == Cut::before) throw PowerCut();
  step_();
  const bool acknowledges = !effects->decisions.empty() || !effects->answers.empty();
  if (acknowledges && ++acts_ % check_one_in_ == 0) {
    look_at_disk([&](Books& books) {
      check_decisions(effects.value(), books);
      check_answers(effects.value(), books);
    });
  }
  for (const engine::BarrierOrder& each : effects->orders) order(each);
  if (cut == Cut::after_orders) throw PowerCut();
  step_();
  for (const engine::DecisionShown& each : effects->decisions) hear(each);
  for (const auto& each : effects->answers) listeners_.answer(*each);
  for (const engine::AlertShown& each : effects->alerts) scene_.trace.add(each.kind);
  step_();
}

void Witness::order(const engine::BarrierOrder& order) {
  if (order.opening && !ordered_.insert(*order.opening).second)
    throw Violation("opening " + text_of(*order.opening) + " was ordered twice");
  listeners_.order(order);
}

void Witness::hear(const engine::DecisionShown& shown) {
  const Heard heard = read_decision(shown.payload);
  const auto [known, is_new] =
      decisions_.try_emplace({shown.gate, heard.scan_id, heard.update}, shown.payload);
  if (!is_new && known->second != shown.payload)
    throw Violation("two decisions for one scan and update: " + known->second + " and " +
                    shown.payload);
  if (heard.update == 0) first_answers_.try_emplace(heard.scan_id, heard.decision);
  const bool is_open = heard.decision == DecisionKind::open;
  if (is_open && forged_.contains(heard.scan_id)) throw Violation("a forged code was let through");
  if (const auto twin = twins_.find(heard.scan_id); is_open && twin != twins_.end()) {
    const auto other = first_answers_.find(twin->second);
    if (other != first_answers_.end() && other->second == DecisionKind::open)
      throw Violation("one code at two gates was let through twice");
  }
  scene_.trace.add(shown.payload);
  listeners_.decision(shown.gate, heard);
}

void Witness::expect_one_of(std::string first_scan, std::string second_scan) {
  twins_[second_scan] = first_scan;
  twins_[std::move(first_scan)] = std::move(second_scan);
}

void Witness::check_decisions(const engine::Effects& effects, Books& books) {
  for (const engine::DecisionShown& shown : effects.decisions) {
    const auto scan = books.scans().find(scene_.gates.lane(shown.gate).id.text(),
                                         read_decision(shown.payload).scan_id);
    const auto answers = scan ? books.scans().answers(scan->key) : std::vector<store::ScanAnswer>();
    if (std::ranges::find(answers, shown.payload, &store::ScanAnswer::payload) == answers.end())
      throw Violation("a decision was told before it was on disk: " + shown.payload);
  }
}

void Witness::check_answers(const engine::Effects& effects, Books& books) {
  for (const auto& answer : effects.answers) {
    if (!answer->result) continue;
    const std::string session = session_of(*answer->result);
    if (!session.empty() && !books.sessions().find_by_id(session))
      throw Violation("a call was answered before its session was on disk");
    const auto* bill = std::get_if<engine::BillShown>(&*answer->result);
    if (bill == nullptr || !bill->exit_time) continue;
    const auto settled = books.sessions().find_by_id(bill->session_id);
    if (!settled || settled->state != SessionState::completed)
      throw Violation("an exit was answered before it was on disk");
  }
}

void Witness::pulsed(const PulseSeen& seen) {
  scene_.trace.add("pulse");
  scene_.trace.add(at(seen.barrier));
  if (seen.is_held) return;
  if (seen.openings.empty()) {
    if (!seen.is_safety) throw Violation("a barrier was told to open for nobody");
    scene_.reached("arm told to go up over an occupied loop");
    return;
  }
  bool is_one_young = seen.is_safety;
  for (const OrderedOpening& each : seen.openings)
    is_one_young = is_one_young || seen.at - each.authorised <= pulse_age_max;
  if (!is_one_young) throw Violation("an opening was carried out long after it was authorised");
  look_at_disk([&](Books& books) { check_openings(seen, books); });
  if (seen.is_safety) return;
  for (const OrderedOpening& each : seen.openings) {
    if (each.is_called_off) continue;
    Pulsed& pulsed = pulsed_[each.id];
    if (++pulsed.pulses > pulses_max)
      throw Violation("opening " + text_of(each.id) + " was pulsed more than twice");
    if (pulsed.pulses > 1) {
      if (seen.at - pulsed.last < pulse_apart_min)
        throw Violation("opening " + text_of(each.id) + " was pulsed again without waiting");
      scene_.reached("second pulse of an opening");
    }
    pulsed.last = seen.at;
  }
}

void Witness::check_openings(const PulseSeen& seen, Books& books) {
  for (const OrderedOpening& each : seen.openings) {
    const auto row = books.openings().find(store::OpeningKey(std::to_underlying(each.id)));
    if (!row) throw Violation("opening " + text_of(each.id) + " was pulsed and is not on disk");
    if (row->scan) {
      const auto [known, is_new] =
          opening_of_scan_.try_emplace(std::to_underlying(*row->scan), each.id);
      if (!is_new && known->second != each.id) throw Violation("two openings for one scan");
    }
    if (!row->authorisation) continue;
    const auto authorisation = books.openings().find(*row->authorisation);
    if (!authorisation || authorisation->direction != store::Passage::exit) continue;
    const auto session = books.sessions().find(authorisation->session);
    if (!session || session->state != SessionState::completed)
      throw Violation("an exit was opened whose session is not completed on disk");
  }
}

void Witness::closed_over_safety_loop(BarrierIndex barrier) {
  throw Violation("barrier " + std::to_string(at(barrier)) +
                  " was told to close over an occupied loop");
}

void Witness::leaves(const std::string& code, std::optional<Steady::duration> stayed) {
  look_at_disk([&](Books& books) {
    const auto ticket = TicketCode::parse(code);
    const auto session = ticket ? books.sessions().find_by_code(ticket->body) : std::nullopt;
    if (!session || session->state != SessionState::completed)
      throw Violation("a car left whose session is not completed on disk");
    const Paise charge = session->quote ? session->quote->charge : Paise(0);
    if (books.payments().credits(session->key) < charge)
      throw Violation("a car left whose charge is not covered");
    if (stayed && charge > session->rates.hourly_rate * (*stayed / hour_of_a_stay + 1))
      throw Violation("a car was charged for more time than it stayed");
  });
}

}  // namespace gatehouse::world
