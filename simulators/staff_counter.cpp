#include "simulators/staff_counter.hpp"

#include "simulators/lot_wire.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

constexpr std::size_t waiting_max = 100;
constexpr std::size_t body_bytes_max = 1U << 20U;
constexpr long connect_timeout_ms = 2'000;
constexpr long timeout_ms = 10'000;
constexpr long http_unauthorized = 401;

struct HttpAnswer {
  long status = 0;  // 0: none came
  std::string body;
};

/// One connection to the gateway, kept open from call to call.
class HttpClient {
 public:
  explicit HttpClient(std::string ca_file) : ca_file_(std::move(ca_file)), curl_(curl_easy_init()) {
    if (curl_ == nullptr) throw std::runtime_error("libcurl does not start");
  }
  ~HttpClient() { curl_easy_cleanup(curl_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// A POST where there is a body, else a GET. Given up when asked to stop.
  HttpAnswer call(const std::string& url, const std::optional<std::string>& body,
                  const std::string& token, std::stop_token stop) {
    HttpAnswer answer;
    curl_easy_reset(curl_);
    curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &HttpClient::receive);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(curl_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl_, CURLOPT_XFERINFOFUNCTION, &HttpClient::is_stopped);
    curl_easy_setopt(curl_, CURLOPT_XFERINFODATA, &stop);
    if (!ca_file_.empty()) curl_easy_setopt(curl_, CURLOPT_CAINFO, ca_file_.c_str());
    curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
    if (!token.empty())
      headers = curl_slist_append(headers, ("Authorization: Bearer " + token).c_str());
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers);
    if (body) {
      curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body->size()));
      curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body->c_str());
    }
    if (curl_easy_perform(curl_) == CURLE_OK)
      curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_slist_free_all(headers);
    return answer;
  }

  std::string escaped(const std::string& text) {
    char* const escaped = curl_easy_escape(curl_, text.c_str(), static_cast<int>(text.size()));
    if (escaped == nullptr) return {};
    std::string result(escaped);
    curl_free(escaped);
    return result;
  }

 private:
  static std::size_t receive(const char* bytes, std::size_t size, std::size_t count, void* into) {
    auto& body = *static_cast<std::string*>(into);
    if (body.size() + size * count > body_bytes_max) return 0;
    body.append(bytes, size * count);
    return size * count;
  }

  static int is_stopped(void* stop, curl_off_t /*down_total*/, curl_off_t /*down*/,
                        curl_off_t /*up_total*/, curl_off_t /*up*/) {
    return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
  }

  std::string ca_file_;
  CURL* curl_;
};

CounterReply refused(const CounterRequest& request, std::string why) {
  return {.car = request.car, .refusal = std::move(why)};
}

}  // namespace

class StaffCounter::Impl {
 public:
  explicit Impl(StaffAccount account) : account_(std::move(account)), http_(account_.ca_file) {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  }

  void ask(CounterRequest request) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= waiting_max) {
      replies_.push_back(refused(request, "busy"));
      return;
    }
    waiting_.push_back(std::move(request));
    changed_.notify_one();
  }

  std::vector<CounterReply> take_replies() {
    const std::lock_guard lock(mutex_);
    return std::exchange(replies_, {});
  }

 private:
  void work(const std::stop_token& stop) {
    stop_ = stop;
    for (;;) {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      const auto request = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      auto reply = request.call == CounterCall::ticket ? sell_ticket(request) : settle(request);
      lock.lock();
      replies_.push_back(std::move(reply));
    }
  }

  CounterReply sell_ticket(const CounterRequest& request) {
    const auto reply = call("/parking/entry/", ticket_body(request.vehicle_number, request.zone));
    if (!reply.success) return refused(request, reply.refusal);
    return {.car = request.car, .done = true, .code = reply.code, .slot = reply.slot};
  }

  CounterReply settle(const CounterRequest& request) {
    const auto found = request.code.empty()
                           ? "vehicle_number=" + http_.escaped(request.vehicle_number)
                           : "qr_code=" + http_.escaped(request.code);
    const auto bill = call("/api/staff/bill/?" + found, std::nullopt);
    if (!bill.success || !bill.amount_due_paise)
      return refused(request, bill.success ? "no_bill" : bill.refusal);
    // An amount that has changed since it was shown is refused by the gateway, and asked for anew.
    const auto paid = call("/api/staff/exit/",
                           cash_exit_body(bill.session, *bill.amount_due_paise, request.gate));
    if (!paid.success) return refused(request, paid.refusal);
    return {.car = request.car, .done = true, .paid_paise = *bill.amount_due_paise};
  }

  /// Logged in: once more when the token is not accepted any longer.
  StaffReply call(const std::string& path, const std::optional<std::string>& body) {
    for (int attempt = 0;; ++attempt) {
      if (token_.empty() && !log_in()) return {.refusal = "no_login"};
      const auto answer = http_.call(account_.url + path, body, token_, stop_);
      if (answer.status == http_unauthorized && attempt == 0) {
        token_.clear();
        continue;
      }
      auto reply = read_staff_reply(answer.body).value_or(StaffReply{.refusal = "unreachable"});
      if (!reply.success && reply.refusal.empty())
        reply.refusal = fmt::format("status_{}", answer.status);
      return reply;
    }
  }

  bool log_in() {
    const auto answer = http_.call(account_.url + "/api/auth/login/",
                                   login_body(account_.username, account_.password), {}, stop_);
    if (const auto reply = read_staff_reply(answer.body)) token_ = reply->access;
    return !token_.empty();
  }

  StaffAccount account_;
  // The thread's own.
  HttpClient http_;
  std::string token_;
  std::stop_token stop_;
  // Protected by mutex_.
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<CounterRequest> waiting_;
  std::vector<CounterReply> replies_;
  std::jthread thread_;  // last: it ends before what it uses
};

StaffCounter::StaffCounter(StaffAccount account)
    : impl_(std::make_unique<Impl>(std::move(account))) {}
StaffCounter::~StaffCounter() = default;
void StaffCounter::ask(CounterRequest request) { impl_->ask(std::move(request)); }
std::vector<CounterReply> StaffCounter::take_replies() { return impl_->take_replies(); }

}  // namespace gatehouse::simulators
