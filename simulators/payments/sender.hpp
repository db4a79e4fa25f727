// Sends webhooks over HTTP, as a provider does: five seconds for a 2xx, no redirect followed.
// One thread at a time. libcurl.
#pragma once

#include "simulators/payments/exchange.hpp"

#include <memory>

namespace gatehouse::simulators {

class NoticeSender {
 public:
  /// std::runtime_error when libcurl does not start.
  NoticeSender();
  NoticeSender(const NoticeSender&) = delete;
  NoticeSender& operator=(const NoticeSender&) = delete;
  ~NoticeSender();

  /// Whether somebody said 2xx.
  bool send(const SimNotice& notice);

 private:
  struct FreeCurl {
    void operator()(void* curl) const;
  };
  const std::unique_ptr<void, FreeCurl> curl_;
};

}  // namespace gatehouse::simulators
