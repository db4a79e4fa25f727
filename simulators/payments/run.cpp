#include "simulators/payments/run.hpp"

#include "simulators/payments/http_server.hpp"
#include "simulators/payments/provider.hpp"
#include "simulators/payments/sender.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::simulators {
namespace {

using namespace std::chrono_literals;

// How late a notification may be, and how soon time that passed is noticed.
constexpr auto look_up = 20ms;

Instant real_now() {
  return std::chrono::floor<Instant::duration>(std::chrono::system_clock::now());
}

/// A port that is free, for those who ask for any: pages and webhooks name it, so it has to be
/// known before anybody listens.
std::uint16_t free_port(const std::string& host) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  socklen_t size = sizeof address;
  const bool is_found = inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1 &&
                        bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                        getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(descriptor);
  if (!is_found) throw std::runtime_error(host + ": cannot be listened on");
  return ntohs(address.sin_port);
}

}  // namespace

class PaymentRun::Impl {
 public:
  explicit Impl(PaymentRunOptions options) : options_(std::move(options)) {
    for (auto* const port : {&options_.razorpay_port, &options_.phonepe_port}) {
      if (*port == 0) *port = free_port(options_.host);
    }
    razorpay_.emplace(
        std::make_unique<RazorpayDesk>(
            options_.razorpay, DeskPlace{url(options_.razorpay_port), options_.razorpay_webhook},
            options_.seed),
        options_.seed);
    phonepe_.emplace(
        std::make_unique<PhonePeDesk>(
            options_.phonepe, DeskPlace{url(options_.phonepe_port), options_.phonepe_webhook},
            options_.seed + 1),
        options_.seed + 1);
    for (const auto& [word, rate] : options_.rates) {
      razorpay_->mischief().set_rate(word, rate);
      phonepe_->mischief().set_rate(word, rate);
    }
  }

  void start() {
    serve(options_.razorpay_port, *razorpay_);
    serve(options_.phonepe_port, *phonepe_);
    server_.start();
    for (SimProvider* const provider : {&*razorpay_, &*phonepe_})
      senders_.emplace_back(
          [this, provider](const std::stop_token& stop) { send(*provider, stop); });
  }

  void stop() {
    for (auto& sender : senders_) sender.request_stop();
    changed_.notify_all();
    senders_.clear();
    server_.stop();
  }

  [[nodiscard]] std::string url(std::uint16_t port) const {
    return fmt::format("http://{}:{}", options_.host, port);
  }

  [[nodiscard]] std::string summary() {
    const std::scoped_lock lock(mutex_);
    const SimRequest question{.method = "GET", .path = "/_sim/ledger"};
    return fmt::format(R"({{"razorpay":{},"phonepe":{}}})",
                       razorpay_->answer(question, real_now()).reply.body,
                       phonepe_->answer(question, real_now()).reply.body);
  }

  const PaymentRunOptions& options() const { return options_; }

 private:
  void serve(std::uint16_t port, SimProvider& provider) {
    server_.listen(options_.host, port, [this, &provider](const SimRequest& request) {
      const std::scoped_lock lock(mutex_);
      auto answer = provider.answer(request, real_now());
      changed_.notify_all();
      return answer;
    });
  }

  /// One sender a provider, like one line out: what is slow there holds up what comes after it.
  void send(SimProvider& provider, const std::stop_token& stop) {
    NoticeSender sender;
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      provider.pass(real_now());
      const auto due = provider.notices().take_due(provider.virtual_now(real_now()));
      if (!due) {
        changed_.wait_for(lock, stop, look_up, [] { return false; });
        continue;
      }
      lock.unlock();
      const bool was_accepted = sender.send(due->notice);
      lock.lock();
      provider.notices().report(due->number, was_accepted, provider.virtual_now(real_now()));
    }
  }

  PaymentRunOptions options_;
  // Protected by mutex_.
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<SimProvider> razorpay_;
  std::optional<SimProvider> phonepe_;
  SimHttpServer server_;
  std::vector<std::jthread> senders_;
};

PaymentRun::PaymentRun(PaymentRunOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
PaymentRun::~PaymentRun() { impl_->stop(); }
void PaymentRun::start() { impl_->start(); }
void PaymentRun::stop() { impl_->stop(); }
std::string PaymentRun::razorpay_url() const { return impl_->url(impl_->options().razorpay_port); }
std::string PaymentRun::phonepe_url() const { return impl_->url(impl_->options().phonepe_port); }
std::string PaymentRun::summary() const { return impl_->summary(); }

}  // namespace gatehouse::simulators
