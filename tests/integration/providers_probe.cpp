// Drives the real provider clients for the integration tests: orders come on standard input, what
// came of each goes to standard output, a line each.
//
//   providers_probe razorpay=http://127.0.0.1:9101 phonepe=http://127.0.0.1:9102 api=v1
//   timeout_ms=500
//
//   create WHO order|link|lane_qr OUR_ID PAISE LIFE_S     ask WHO KIND OUR_ID [ID]
//   close WHO KIND OUR_ID [ID]                            capture WHO PAYMENT PAISE
//   refund WHO OUR_ID ORDER PAYMENT PAISE                 ask_refund WHO OUR_ID PAYMENT [ID]
//   list WHO FROM_S TO_S      settled YYYY MM DD          read WHO BASE64 SIGNATURE EVENT_ID
//   proof ORDER PAYMENT SIGNATURE [OUR_ID STATUS]
//
// WHO is razorpay or phonepe; `-` stands for an empty word. Ends at the end of standard input.
#include "cloud-bridge/payments/curl_http.hpp"
#include "cloud-bridge/payments/phonepe_v1.hpp"
#include "cloud-bridge/payments/phonepe_v2.hpp"
#include "cloud-bridge/payments/razorpay.hpp"
#include "cloud-bridge/payments/signatures.hpp"
#include "edge/domain/invariant.hpp"
#include "edge/engine/ports.hpp"

#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace gatehouse;
using namespace gatehouse::payments;

class RealClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override {
    return {std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
            Steady()};
  }
};

using Arguments = std::map<std::string, std::string>;
using Words = std::vector<std::string>;

Arguments read_arguments(int count, char** texts) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string text = texts[i];
    arguments[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
  }
  return arguments;
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

std::string words(const ProviderTrouble& trouble) {
  return fmt::format("trouble {} {} {} {} {}", name(trouble.kind), trouble.status,
                     or_dash(trouble.code), trouble.retry_after ? trouble.retry_after->count() : -1,
                     trouble.words);
}

std::string words(const MoneySeen& money) {
  constexpr const char* states[] = {"waiting", "authorized", "captured", "failed"};
  return fmt::format("{}:{}:{}:{}:{}", money.provider_payment_id,
                     states[static_cast<int>(money.state)], money.amount.count(),
                     money.refunded.count(), money.currency);
}

std::string words(const OrderSeen& order) {
  constexpr const char* states[] = {"open", "paid", "closed"};
  std::string line =
      fmt::format("order {} {} {} {} url={} upi={}", order.our_id, order.provider_order_id,
                  states[static_cast<int>(order.state)], order.amount.count(),
                  or_dash(order.pay_url), or_dash(order.upi_uri));
  for (const MoneySeen& money : order.payments) line += " " + words(money);
  return line;
}

std::string words(const RefundSeen& refund) {
  constexpr const char* states[] = {"pending", "done", "failed"};
  return fmt::format("refund {} {} {} {}", or_dash(refund.our_id), refund.provider_refund_id,
                     states[static_cast<int>(refund.progress)], refund.amount.count());
}

std::string words(const MoneyList& list) {
  std::string line = "list";
  for (const MoneySeen& money : list.payments) line += " " + words(money);
  for (const RefundSeen& refund : list.refunds)
    line += fmt::format(" {}:{}", refund.provider_refund_id, refund.amount.count());
  return line;
}

std::string words(const Notification& notification) {
  std::string line = fmt::format("notification {} {} {}", notification.event, notification.event_id,
                                 notification.is_hint ? "hint" : "fact");
  if (notification.payment) line += " " + words(*notification.payment);
  if (notification.refund) line += " " + words(*notification.refund);
  return line;
}

template <class T>
std::string words(const Asked<T>& asked) {
  return asked ? words(*asked) : words(asked.error());
}

template <class T>
std::string words(const Asked<std::optional<T>>& asked) {
  if (!asked) return words(asked.error());
  return *asked ? words(**asked) : "none";
}

class Probe {
 public:
  explicit Probe(const Arguments& arguments) {
    PaymentSettings settings;
    const auto value = [&](const char* name) {
      const auto found = arguments.find(name);
      return found == arguments.end() ? std::string() : found->second;
    };
    settings.razorpay.base_url = value("razorpay");
    settings.razorpay.webhook_secret_previous = Secret(value("previous_secret"));
    settings.phonepe.base_url = value("phonepe");
    settings.phonepe.api = value("api") == "v2" ? PhonePeApi::v2 : PhonePeApi::v1;
    fill_sandbox_credentials(settings);
    require(mode_conflicts(settings).empty(), "the settings fit the sandbox");
    HttpLimits limits{.ca_file = value("ca")};
    if (const auto text = value("timeout_ms"); !text.empty())
      limits.timeout = std::chrono::milliseconds(std::stoi(text));
    const auto razorpay_at =
        check_endpoint(settings.razorpay.base_url, ProviderName::razorpay, Mode::sandbox);
    const auto phonepe_at =
        check_endpoint(settings.phonepe.base_url, ProviderName::phonepe, Mode::sandbox);
    razorpay_http_ = std::make_unique<CurlHttp>(*razorpay_at, limits);
    phonepe_http_ = std::make_unique<CurlHttp>(*phonepe_at, limits);
    razorpay_ = std::make_unique<Razorpay>(settings.razorpay, *razorpay_http_, clock_);
    const auto paths = phonepe_paths(*phonepe_at, settings.phonepe.api);
    if (settings.phonepe.api == PhonePeApi::v1)
      phonepe_ = std::make_unique<PhonePeV1>(settings.phonepe, paths, *phonepe_http_);
    else
      phonepe_ =
          std::make_unique<PhonePeV2>(settings.phonepe, paths, *phonepe_http_, clock_, tokens_);
    notify_url_ = value("notify");
  }

  std::string answer(const Words& said) {
    const std::string& verb = said.at(0);
    if (verb == "settled") return settled(said);
    if (verb == "proof") return proof(said);
    Provider& provider = said.at(1) == "razorpay" ? static_cast<Provider&>(*razorpay_) : *phonepe_;
    if (verb == "create") return words(provider.create(order_request(said)));
    if (verb == "ask") return words(provider.ask(order_key(said)));
    if (verb == "close") return words(provider.close(order_key(said)));
    if (verb == "capture") {
      const auto money = provider.capture(said.at(2), Paise(std::stoll(said.at(3))));
      return money ? "payment " + words(*money) : words(money.error());
    }
    if (verb == "refund")
      return words(provider.refund({.our_id = said.at(2),
                                    .our_order_id = said.at(3),
                                    .provider_payment_id = said.at(4),
                                    .amount = Paise(std::stoll(said.at(5))),
                                    .notify_url = notify_url_}));
    if (verb == "ask_refund")
      return words(provider.ask_refund({.our_id = said.at(2),
                                        .provider_refund_id = optional(said, 4),
                                        .provider_payment_id = optional(said, 3)}));
    if (verb == "list") return words(provider.list(at(said.at(2)), at(said.at(3))));
    if (verb == "read") return read(provider, said);
    return "unheard of";
  }

 private:
  static std::string optional(const Words& said, std::size_t index) {
    return said.size() > index && said[index] != "-" ? said[index] : "";
  }
  static Instant at(const std::string& seconds) {
    return Instant(std::chrono::seconds(std::stoll(seconds)));
  }
  static OrderKind kind(const std::string& word) {
    return word == "order"  ? OrderKind::order
           : word == "link" ? OrderKind::link
                            : OrderKind::lane_qr;
  }
  [[nodiscard]] OrderRequest order_request(const Words& said) const {
    return {.our_id = said.at(3),
            .kind = kind(said.at(2)),
            .amount = Paise(std::stoll(said.at(4))),
            .description = "Slot A-001",
            .expires_at = clock_.now().utc + std::chrono::seconds(std::stoi(said.at(5))),
            .return_url = "http://127.0.0.1:1/pay/1",
            .notify_url = notify_url_};
  }
  [[nodiscard]] OrderKey order_key(const Words& said) const {
    return {.our_id = said.at(3),
            .provider_order_id = optional(said, 4),
            .kind = kind(said.at(2)),
            .sent_at = clock_.now().utc};
  }
  std::string settled(const Words& said) {
    const auto rows = razorpay_->settled_on(std::chrono::year(std::stoi(said.at(1))) /
                                            std::stoi(said.at(2)) / std::stoi(said.at(3)));
    if (!rows) return words(rows.error());
    std::string line = "settled";
    for (const auto& row : *rows)
      line += fmt::format(" {}:{}:{}", row.entity_id, row.credit.count(), row.debit.count());
    return line;
  }
  std::string proof(const Words& said) {
    const bool is_proven = razorpay_->is_proven({.provider_order_id = said.at(1),
                                                 .provider_payment_id = said.at(2),
                                                 .signature = said.at(3),
                                                 .our_id = optional(said, 4),
                                                 .link_status = optional(said, 5)});
    return is_proven ? "proven" : "not proven";
  }
  static std::string read(const Provider& provider, const Words& said) {
    const auto notification = provider.read({.body = from_base64(said.at(2)).value_or(""),
                                             .signature = optional(said, 3),
                                             .event_id = optional(said, 4)});
    if (notification) return words(*notification);
    return notification.error() == NotificationTrouble::bad_signature ? "bad_signature"
                                                                      : "unreadable";
  }

  RealClock clock_;
  TokenShelf tokens_;
  std::unique_ptr<CurlHttp> razorpay_http_;
  std::unique_ptr<CurlHttp> phonepe_http_;
  std::unique_ptr<Razorpay> razorpay_;
  std::unique_ptr<Provider> phonepe_;
  std::string notify_url_;
};

}  // namespace

int main(int count, char** texts) {
  Probe probe(read_arguments(count, texts));
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream stream(line);
    Words said;
    for (std::string word; stream >> word;) said.push_back(word);
    if (!said.empty()) std::cout << probe.answer(said) << std::endl;
  }
}
