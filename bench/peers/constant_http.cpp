// What RESTinio answers at best on one thread: one text, whatever is asked.
//
//   constant_http --port 8081 --bytes 200
//
// Prints a line when it listens and lives until it is ended.
#include "bench/peers/arguments.hpp"

#include <cstdint>
#include <iostream>
#include <string>

#include <restinio/all.hpp>

namespace gatehouse::bench {
namespace {

int run(int count, char** words) {
  const Arguments arguments(count, words, {{"port", "8081"}, {"bytes", "200"}});
  const std::string body = '"' + std::string(arguments.number("bytes"), 'x') + '"';
  asio::io_context io;
  restinio::http_server_t<restinio::default_single_thread_traits_t> server(
      restinio::external_io_context(io), [&](auto& settings) {
        settings.address("127.0.0.1")
            .port(static_cast<std::uint16_t>(arguments.number("port")))
            .socket_options_setter(
                [](auto& options) { options.set_option(asio::ip::tcp::no_delay(true)); })
            .request_handler([&body](const restinio::request_handle_t& request) {
              return request->create_response()
                  .append_header(restinio::http_field::content_type, "application/json")
                  .set_body(body)
                  .done();
            });
      });
  server.open_sync();
  std::cout << R"({"listening":true})" << std::endl;
  io.run();
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}
