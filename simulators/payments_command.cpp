// `gatehouse-sim payments`: its options. What it does is in payments/run.hpp.
#include "simulators/command_line.hpp"
#include "simulators/commands.hpp"
#include "simulators/payments/mischief.hpp"
#include "simulators/payments/run.hpp"

#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

constexpr int exit_usage = 2;

struct Arguments {
  PaymentRunOptions run;
  std::string gateway;
  std::string duration;
  std::vector<std::string> mischief;
};

/// `slow=2%`, `missing=0.5%`: in a million.
std::optional<std::pair<std::string, std::uint32_t>> parse_rate(const std::string& text) {
  constexpr double per_percent = 10'000;
  const auto equals = text.find('=');
  if (equals == std::string::npos || !text.ends_with('%')) return std::nullopt;
  double percent = 0;
  const char* const end = text.data() + text.size() - 1;
  const auto [stopped, wrong] = std::from_chars(text.data() + equals + 1, end, percent);
  if (wrong != std::errc() || stopped != end || percent < 0 || percent > 100) return std::nullopt;
  const auto word = text.substr(0, equals);
  const auto rate = static_cast<std::uint32_t>(percent * per_percent);
  if (!PaymentMischief(0).set_rate(word, rate)) return std::nullopt;
  return std::pair(word, rate);
}

const CLI::Validator rate_check(
    [](std::string& text) {
      return parse_rate(text) ? std::string()
                              : fmt::format(
                                    "{}: expected for example slow=2%; words: busy, error, "
                                    "error_after, garbled, lost_answer, hang_up, early, "
                                    "slow, missing, duplicate, forged, late",
                                    text);
    },
    "");

/// The environment's, where it has one: the same names as in lot.toml.
void take_from_environment(const char* name, std::string& into) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody writes the environment.
  const char* const value = std::getenv(name);
  if (value != nullptr && *value != '\0') into = value;
}

void take_credentials(PaymentRunOptions& options) {
  take_from_environment("RAZORPAY_KEY_ID", options.razorpay.key_id);
  take_from_environment("RAZORPAY_KEY_SECRET", options.razorpay.key_secret);
  take_from_environment("RAZORPAY_WEBHOOK_SECRET", options.razorpay.webhook_secret);
  take_from_environment("PHONEPE_MERCHANT_ID", options.phonepe.merchant_id);
  take_from_environment("PHONEPE_SALT_KEY", options.phonepe.salt_key);
  take_from_environment("PHONEPE_CLIENT_ID", options.phonepe.client_id);
  take_from_environment("PHONEPE_CLIENT_SECRET", options.phonepe.client_secret);
  take_from_environment("PHONEPE_WEBHOOK_USERNAME", options.phonepe.webhook_username);
  take_from_environment("PHONEPE_WEBHOOK_PASSWORD", options.phonepe.webhook_password);
}

int run_payments(Arguments arguments, const std::stop_token& stop) {
  auto& options = arguments.run;
  take_credentials(options);
  if (options.razorpay.key_id.starts_with("rzp_live_")) {
    fmt::print(stderr, "gatehouse-sim: RAZORPAY_KEY_ID is a live one; it has no business here\n");
    return exit_usage;
  }
  if (!arguments.gateway.empty()) {
    options.razorpay_webhook = arguments.gateway + "/api/payment/webhook/";
    options.phonepe_webhook = arguments.gateway + "/api/payment/callback/phonepe/";
  }
  for (const auto& text : arguments.mischief) {
    if (const auto rate = parse_rate(text)) options.rates.insert(*rate);
  }
  PaymentRun run(options);
  run.start();
  fmt::print("razorpay {}\nphonepe {}\n", run.razorpay_url(), run.phonepe_url());
  std::fflush(stdout);
  std::mutex mutex;
  std::condition_variable_any asked_to_stop;
  std::unique_lock lock(mutex);
  const auto never = [] { return false; };
  if (const auto duration_ms = parse_milliseconds(arguments.duration);
      !arguments.duration.empty() && duration_ms)
    asked_to_stop.wait_for(lock, stop, std::chrono::milliseconds(*duration_ms), never);
  else
    asked_to_stop.wait(lock, stop, never);
  run.stop();
  fmt::print("{}\n", run.summary());
  return 0;
}

}  // namespace

void add_payments_command(CLI::App& program, Command& chosen) {
  auto* command = program.add_subcommand(
      "payments",
      "Razorpay and PhonePe on the wire, with pages on which a tester pays or declines");
  const auto arguments = std::make_shared<Arguments>();
  auto& options = arguments->run;
  command->add_option("--listen", options.host, "The address of both")->capture_default_str();
  command->add_option("--port", options.razorpay_port, "Razorpay's; 0: any that is free")
      ->capture_default_str();
  command->add_option("--phonepe-port", options.phonepe_port, "PhonePe's; 0: any that is free")
      ->capture_default_str();
  command->add_option("--gateway", arguments->gateway,
                      "Where webhooks go: http://127.0.0.1:8080; none are sent without it");
  command->add_option("--seed", options.seed, "Ids and mischief are drawn from it")
      ->capture_default_str();
  command
      ->add_option("--mischief", arguments->mischief,
                   "How often what goes wrong: slow=2% missing=5% …")
      ->check(rate_check);
  command
      ->add_option("--duration", arguments->duration,
                   "Ends after so much real time: 500ms, 60s, 5m, 2h")
      ->check(CLI::Validator(
          [](std::string& text) {
            return parse_milliseconds(text)
                       ? std::string()
                       : fmt::format("{}: expected a duration such as 60s", text);
          },
          ""));
  command->callback([&chosen, arguments] {
    chosen = [arguments](const std::stop_token& stop) { return run_payments(*arguments, stop); };
  });
}

}  // namespace gatehouse::simulators
