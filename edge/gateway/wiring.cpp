#include "edge/gateway/wiring.hpp"

#include "edge/engine/loop.hpp"
#include "edge/gateway/changeable.hpp"
#include "edge/gateway/commands/command_trail.hpp"
#include "edge/gateway/commands/commands.hpp"
#include "edge/gateway/run_program.hpp"
#include "edge/gateway/signals.hpp"
#include "edge/store/audit_head.hpp"
#include "edge/store/lot.hpp"
#include "edge/store/mark.hpp"
#include "edge/store/migrate.hpp"
#include "edge/store/plan_rows.hpp"
#include "edge/store/restore.hpp"

#include <atomic>
#include <csignal>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

// Of the five seconds in which the process is to end (docs/contract/config-and-cli.md).
constexpr std::chrono::seconds last_answers_within{3};

store::ProcessLock lock_store(const std::filesystem::path& path) {
  auto lock = store::ProcessLock::take(path);
  if (!lock) {
    throw store::StoreError(store::StoreError::Kind::unusable,
                            "another process uses the store " + path.string());
  }
  return std::move(*lock);
}

store::Database open_store(const std::filesystem::path& path, store::Ballast& ballast) {
  // First of all: opening writes, and a disk that ended the process before us may still be full.
  if (ballast.is_scarce())
    spdlog::error("the disk of {} is nearly full: nobody new is let in", path.string());
  store::Database database = store::Database::open({.path = path});
  store::migrate(database);
  store::Transaction transaction = database.begin();
  store::PlanRows(database).sweep(transaction);
  static_cast<void>(std::move(transaction).commit(true));
  return database;
}

Keys open_keys(const std::filesystem::path& path) {
  auto keys = load_keys(path);
  if (!keys) throw std::runtime_error(keys.error());
  return *keys;
}

/// The chain goes on from what this store held, and says so.
void tell_audit(const Config& config, store::Database& database, const Keys& keys,
                std::uint64_t epoch, const std::string& outcome) {
  CommandTrail trail(config, database, keys);
  store::Transaction transaction = database.begin();
  trail.append(
      transaction,
      {.action = "gatehouse run", .targets = fmt::format("epoch {}", epoch), .outcome = outcome});
  static_cast<void>(std::move(transaction).commit(true));
}

/// What a restore that was cut short left half done, first of all. Nothing of it without the keys:
/// it could not be told to the audit's chain.
store::Database open_store_of(const Config& config, store::Ballast& ballast, Instant now) {
  const std::filesystem::path& path = config.store.path;
  const Keys keys = open_keys(config.store.keys_path);
  const auto restored = store::finish_restore(path);
  if (restored) {
    spdlog::warn("finished the restore of {}: epoch {}, the store of before is {}", path.string(),
                 restored->now.epoch, restored->kept.string());
  }
  store::Database database = open_store(path, ballast);
  if (restored) tell_audit(config, database, keys, restored->now.epoch, "restored");
  if (const auto epoch = store::begin_epoch_if_put_back(database, now)) {
    spdlog::warn("the store {} is older than it was: it goes on in epoch {}", path.string(),
                 *epoch);
    tell_audit(config, database, keys, *epoch, "put_back");
  }
  return database;
}

Config with_stored_settings(const Config& config, store::Database& database) {
  Effective effective =
      with_settings(config, store::StoredSettings(database).all(), process_environment);
  for (const std::string& sentence : effective.left_out) spdlog::warn("{}", sentence);
  return std::move(effective.config);
}

/// Another lot's slots, money and tickets are not for this one's gates.
std::unique_ptr<const LotPlan> load_plan_of(const LotId& lot, store::Database& database) {
  auto plan = store::load_plan(database);
  if (plan->lot() == lot) return plan;
  throw store::StoreError(store::StoreError::Kind::unusable,
                          fmt::format("the store {} belongs to the lot {}, the configuration to {}",
                                      database.path().string(), plan->lot().text(), lot.text()));
}

/// 128 random bits: tells two lives of one gateway, and two gateways of one lot, apart.
std::string new_instance() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

/// One life of the process, however often the lot is read anew within it.
const std::string& instance_of_process() {
  static const std::string instance = new_instance();
  return instance;
}

std::vector<devices::ProfileReader> make_readers(const Config& config) {
  std::vector<devices::ProfileReader> readers;
  for (const auto& profile : config.sensor_profiles) {
    auto reader = devices::ProfileReader::make(profile);
    if (!reader)
      throw std::runtime_error("sensor_profiles " + profile.name + ": " + reader.error());
    readers.push_back(std::move(*reader));
  }
  return readers;
}

std::optional<KeyValue> previous_of(const KeyPair& pair) {
  if (!pair.previous) return std::nullopt;
  return pair.previous->value;
}

api::ReadingParts reading_parts(const Config& config, const engine::Premises& premises,
                                const api::LotRules& rules) {
  return {.store_path = config.store.path,
          .premises = premises,
          .pictures = ticket_pictures(),
          .about = {.address = config.lot.address,
                    .latitude = config.lot.latitude,
                    .longitude = config.lot.longitude,
                    .currency = config.lot.currency,
                    .stale_after = config.sensors.stale_after},
          .rules = &rules};
}

/// Returns the signal that is the end. SIGUSR1: the loop tells that the store broke; SIGUSR2:
/// that the lot was changed.
int wait_for_the_end(const std::function<void()>& on_hangup) {
  int signal = wait_for_signal();
  for (; signal == SIGHUP; signal = wait_for_signal()) on_hangup();
  return signal;
}

}  // namespace

Gateway::Gateway(const Config& config, ZonedCalendar calendar)
    : calendar_(std::move(calendar)),
      lock_(lock_store(config.store.path)),
      ballast_(config.store.path),
      database_(open_store_of(config, ballast_, clock_.now().utc)),
      rules_(config, process_environment),
      config_(with_stored_settings(config, database_)),
      plan_(load_plan_of(config_.lot.id, database_)),
      premises_(make_premises(config_, *plan_, calendar_)),
      keys_(open_keys(config_.store.keys_path)),
      topics_(plan_->lot()),
      identity_{instance_of_process(), GATEHOUSE_VERSION, clock_.now().utc},
      inbox_(plan_->slots().size()),
      view_(plan_),
      barriers_(config_.barriers, config_.barrier_profiles, clock_, tell_inbox(inbox_)),
      frames_({}, clock_, tell_inbox_of_frames(inbox_)),
      orders_(barriers_),
      calls_(inbox_, clock_),
      audit_inbox_(clock_),
      audit_head_file_(config.store.path),
      gate_publisher_(premises_.gates, topics_, clock_),
      publisher_(view_, premises_.gates, topics_, identity_, clock_),
      event_publisher_(plan_->lot(), topics_, inbox_),
      pump_({&gate_publisher_, &publisher_, &event_publisher_}),
      intake_(*plan_, premises_.gates, topics_, inbox_, clock_, publisher_, pump_),
      link_(config_.broker,
            {topics_.gateway_status(),
             broker::gateway_status_json(identity_, false, identity_.started)},
            intake_),
      vital_signs_(premises_.gates, clock_, link_),
      backups_({.settings = config_.backup,
                .store = config_.store.path,
                .lot = config_.lot.id.text(),
                .clock = clock_,
                .calendar = calendar_,
                .alarms = alarms_,
                .run_program = run_program}),
      payment_log_({.store = config_.store.path,
                    .directory = config_.log.directory,
                    .currency = config_.lot.currency}),
      upkeep_(config_.store.path, backups_, payment_log_),
      accounts_(config_.store.path),
      traffic_(config_.store.path, clock_, calendar_),
      user_socket_(config_.store.path, calls_),
      server_(
          config_.http, view_, vital_signs_, clock_,
          {&inbox_, &engine_, &link_, &intake_, &frames_, &barriers_, &gate_publisher_, &backups_},
          api::SignedInParts{.calls = calls_,
                             .gates = premises_.gates,
                             .accounts = accounts_,
                             .token_keys = {.current = keys_.token.current.value,
                                            .previous = previous_of(keys_.token)},
                             .reading = reading_parts(config_, premises_, rules_),
                             .audit = &audit_inbox_},
          api::BoardParts{.minute = config_.billing.minute,
                          .traffic = config_.gates.lanes.empty() ? nullptr : &traffic_}),
      outside_({&orders_, &view_, &vital_signs_, &gate_publisher_, &publisher_, &event_publisher_,
                &calls_, &server_, &audit_head_file_, &rebuild_signal_}),
      engine_({.plan = *plan_,
               .database = database_,
               .inbox = inbox_,
               .clock = clock_,
               .calendar = calendar_,
               .outside = outside_,
               .settings = {.stale_after = config_.sensors.stale_after,
                            .outbox = {.keep = config_.cloud.outbox_keep,
                                       .bytes_max = config_.cloud.outbox_max_mb << 20U,
                                       .has_cloud = !config_.cloud.url.empty()}},
               .gates = engine::GateParts{.premises = premises_,
                                          .qr = qr_,
                                          .random = random_,
                                          .ticket_key = keys_.ticket.current.value,
                                          .previous_ticket_key = previous_of(keys_.ticket),
                                          .alarms = &alarms_,
                                          .audit_keys = audit_keys_of(keys_),
                                          .audit_head = store::read_audit_head(config.store.path),
                                          .audit_inbox = &audit_inbox_},
               .ballast = &ballast_}),
      checkpointer_(config_.store.path) {
  gate_publisher_.use(pump_);
  publisher_.use(pump_);
  intake_.use(frames_);
  event_publisher_.use(pump_);
  pump_.use(link_);
  intake_.use_profiles(make_readers(config_));
  profiles_ = config_.sensor_profiles;
}

Gateway::~Gateway() = default;

void Gateway::start() {
  engine_.start();
  vital_signs_.watch(engine_);
  server_.start();
  user_socket_.start();
  link_.start(intake_.subscriptions());
  barriers_.start();
  upkeep_.start();
  spdlog::info("lot {}: {} slots in {} zones; listening on port {}", plan_->lot().text(),
               plan_->slots().size(), plan_->zones().size(), server_.port());
}

Ended Gateway::run(const std::function<void()>& on_hangup) {
  std::atomic<bool> store_broke = false;
  std::thread loop([&] {
    try {
      engine::Loop(engine_, inbox_, clock_, checkpointer_).run();
    } catch (const store::StoreError& error) {
      spdlog::critical("{}; stopping, so that the next start reads what is true", error.what());
      store_broke = true;
      ::kill(::getpid(), SIGUSR1);
    }
  });
  const int signal = wait_for_the_end(on_hangup);
  const bool is_rebuilt = signal == SIGUSR2;
  if (is_rebuilt) spdlog::info("the lot was changed: finishing what is in, and reading it anew");
  if (!store_broke && !is_rebuilt)
    spdlog::info("told to stop by {}: finishing what is in", signal_name(signal));
  // Nothing new comes in; then what is in is finished.
  link_.stop(
      {topics_.gateway_status(), broker::gateway_status_json(identity_, false, clock_.now().utc)});
  user_socket_.stop();
  if (!store_broke) server_.finish(last_answers_within);
  server_.stop();
  frames_.stop();
  barriers_.stop();
  while (!store_broke && !inbox_.put(engine::StopRequested{})) std::this_thread::yield();
  loop.join();
  upkeep_.stop();
  if (!store_broke) spdlog::info("stopped: everything that was in is committed");
  if (store_broke) return Ended::store_broke;
  return is_rebuilt ? Ended::lot_changed : Ended::told_to;
}

bool Gateway::reload(const Config& config) {
  if (config.sensor_profiles == profiles_) return false;
  intake_.use_profiles(make_readers(config));
  // Anew even where the topics are the same: what the broker keeps is read as it reads now.
  link_.resubscribe(intake_.subscriptions());
  profiles_ = config.sensor_profiles;
  return true;
}

}  // namespace gatehouse::gateway
