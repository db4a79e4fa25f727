// A line to a provider that says what a test wrote down, and remembers what it was asked.
//
//   ScriptedHttp http;
//   http.answer(200, R"({"id":"order_1"})");
//   http.fail(TroubleKind::unknown);
//   … http.asked(0).target …
#pragma once

#include "cloud-bridge/payments/http.hpp"

#include <deque>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::tests {

class ScriptedHttp final : public payments::HttpCaller {
 public:
  void answer(int status, std::string body) {
    script_.push_back(payments::HttpReply{.status = status, .body = std::move(body)});
  }
  void fail(payments::TroubleKind kind) {
    script_.push_back(std::unexpected(payments::ProviderTrouble{.kind = kind}));
  }
  payments::Asked<payments::HttpReply> call(const payments::HttpRequest& request) override {
    requests_.push_back(request);
    if (script_.empty()) throw std::logic_error("asked too often: " + request.target);
    auto next = std::move(script_.front());
    script_.pop_front();
    return next;
  }

  [[nodiscard]] std::size_t count() const { return requests_.size(); }
  [[nodiscard]] const payments::HttpRequest& asked(std::size_t index) const {
    return requests_.at(index);
  }
  /// The value of a header of the request, or "absent".
  [[nodiscard]] std::string header(std::size_t index, const std::string& name) const {
    for (const auto& line : asked(index).headers) {
      if (line.starts_with(name + ": ")) return line.substr(name.size() + 2);
    }
    return "absent";
  }

 private:
  std::deque<payments::Asked<payments::HttpReply>> script_;
  std::vector<payments::HttpRequest> requests_;
};

}  // namespace gatehouse::tests
