// HTTP around simulated providers: several ports, one thread.
//
//   SimHttpServer server;
//   server.listen("127.0.0.1", 9101, handler);
//   server.start();
//
// listen(), start(), stop() on the owner's thread; handlers are called on the server's, one at a
// time. std::runtime_error out of start() for an address that cannot be listened on. Only
// http_server.cpp sees RESTinio.
#pragma once

#include "simulators/payments/provider.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::simulators {

class SimHttpServer {
 public:
  using Handler = std::function<SimAnswer(const SimRequest&)>;

  SimHttpServer();
  SimHttpServer(const SimHttpServer&) = delete;
  SimHttpServer& operator=(const SimHttpServer&) = delete;
  ~SimHttpServer();

  /// Port 0: any that is free. Before start().
  void listen(std::string host, std::uint16_t port, Handler handler);
  void start();
  /// As they are bound, in the order of listen(); after start().
  [[nodiscard]] std::vector<std::uint16_t> ports() const;
  void stop();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace gatehouse::simulators
