// Clients of the API: as many at once as asked for, each with its next request as soon as the one
// before is answered.
//
//   api_load --port 8080 --mode get --path /parking/zone/G/status/ --connections 100 --seconds 5
//   api_load --port 8080 --mode cycle --zone G --token eyJ… --connections 100 --series 1
//   api_load --port 8080 --mode login --user admin --password … --connections 10
//
// A cycle is a ticket from the entry form, its entry scan and its cash exit, three requests of one
// connection. `--series`: vehicles of two runs differ. Prints one line of JSON.
#include "bench/peers/arguments.hpp"
#include "bench/peers/http_client.hpp"
#include "bench/peers/timings.hpp"

#include <array>
#include <cstdint>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace gatehouse::bench {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr std::int64_t patience_ns = 60 * ns_per_s;  // for what is on its way at the end

std::string request(std::string_view method, std::string_view path, std::string_view token,
                    std::string_view type = {}, std::string_view body = {}) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, path);
  if (!token.empty()) text += fmt::format("Authorization: Bearer {}\r\n", token);
  if (!type.empty()) text += fmt::format("Content-Type: {}\r\n", type);
  if (method != "GET") text += fmt::format("Content-Length: {}\r\n", body.size());
  text += "\r\n";
  text += body;
  return text;
}

std::string form(std::string_view path, std::string_view token, std::string_view body) {
  return request("POST", path, token, "application/x-www-form-urlencoded", body);
}

/// The code of a ticket, out of either server's JSON.
std::string code_in(std::string_view body) {
  const std::size_t member = body.find("\"qr_code\"");
  if (member == std::string_view::npos) return {};
  const std::size_t begin = body.find('"', body.find(':', member)) + 1;
  return std::string(body.substr(begin, body.find('"', begin) - begin));
}

/// What each connection does next. The steps are timed apart.
class Work {
 public:
  explicit Work(const Arguments& arguments)
      : mode_(arguments.text("mode")),
        path_(arguments.text("path")),
        token_(arguments.text("token")),
        zone_(arguments.text("zone")),
        series_(arguments.number("series")),
        login_(fmt::format(R"({{"username":"{}","password":"{}"}})", arguments.text("user"),
                           arguments.text("password"))),
        codes_(arguments.number("connections")),
        steps_of_(arguments.number("connections")) {
    if (mode_ != "get" && mode_ != "cycle" && mode_ != "login")
      throw std::invalid_argument("--mode is get, cycle or login");
  }

  std::string next(std::size_t connection) {
    if (mode_ == "get") return request("GET", path_, {});
    if (mode_ == "login")
      return request("POST", "/api/auth/login/", {}, "application/json", login_);
    const std::string& code = codes_[connection];
    switch (steps_of_[connection]) {
      case 0:
        return form("/parking/entry/", token_,
                    fmt::format("vehicle_number=B{}C{:07}&owner_name=Bench&zone_id={}", series_,
                                ++vehicles_, zone_));
      case 1:
        return form("/parking/entry-qr-scan/", token_, "qr_code=" + code);
      default:
        return form("/parking/exit-qr-scan/", token_, "qr_code=" + code + "&payment_method=CASH");
    }
  }

  void answered(const HttpAnswer& answer) {
    std::size_t& step = steps_of_[answer.connection];
    ++requests_;
    latencies_ns_[step].push_back(answer.took_ns);
    const bool is_good = answer.status == 200 || answer.status == 201;
    if (!is_good) {
      ++failed_;
      if (first_failure_.empty()) first_failure_ = fmt::format("{} {}", answer.status, answer.body);
      step = 0;
      return;
    }
    if (mode_ != "cycle") return;
    if (step == 0) codes_[answer.connection] = code_in(answer.body);
    if (step == 2) ++cycles_;
    step = (step + 1) % 3;
  }

  /// Whether a connection stands between two cycles.
  [[nodiscard]] bool is_between(std::size_t connection) const { return steps_of_[connection] == 0; }

  std::string result_json(std::int64_t took_ns) {
    const double seconds = static_cast<double>(took_ns) / static_cast<double>(ns_per_s);
    constexpr std::array<std::string_view, 3> names = {"entry", "entry_scan", "exit"};
    std::string steps;
    for (std::size_t step = 0; step < latencies_ns_.size(); ++step) {
      if (latencies_ns_[step].empty()) continue;
      steps += fmt::format(R"({}"{}":{{{}}})", steps.empty() ? "" : ",",
                           mode_ == "cycle" ? names[step] : std::string_view(mode_),
                           percentiles_json(latencies_ns_[step]));
    }
    if (!first_failure_.empty()) std::cerr << "first failure: " << first_failure_ << '\n';
    return fmt::format(
        R"({{"requests":{},"failed":{},"cycles":{},"requests_per_s":{:.1f},"cycles_per_s":{:.1f},"steps":{{{}}}}})",
        requests_, failed_, cycles_, static_cast<double>(requests_) / seconds,
        static_cast<double>(cycles_) / seconds, steps);
  }

 private:
  const std::string mode_;
  const std::string path_;
  const std::string token_;
  const std::string zone_;
  const std::uint64_t series_;
  const std::string login_;
  std::uint64_t vehicles_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t cycles_ = 0;
  std::string first_failure_;
  std::vector<std::string> codes_;
  std::vector<std::size_t> steps_of_;
  std::array<std::vector<std::int64_t>, 3> latencies_ns_;
};

int run(int count, char** words) {
  const Arguments arguments(count, words,
                            {{"host", "127.0.0.1"},
                             {"port", "8080"},
                             {"mode", "get"},
                             {"path", "/"},
                             {"token", ""},
                             {"zone", "G"},
                             {"user", ""},
                             {"password", ""},
                             {"series", "1"},
                             {"connections", "10"},
                             {"seconds", "5"}});
  const std::size_t connections = arguments.number("connections");
  const std::int64_t began = monotonic_ns();
  const std::int64_t ends =
      began + static_cast<std::int64_t>(arguments.number("seconds")) * ns_per_s;
  Work work(arguments);
  HttpClient client(arguments.text("host"), static_cast<std::uint16_t>(arguments.number("port")),
                    connections);
  // What was begun is brought to its end, so that no car stays inside.
  const auto go_on = [&](std::size_t connection) {
    if (monotonic_ns() < ends || !work.is_between(connection))
      client.send(connection, work.next(connection));
  };
  client.on_answer([&](const HttpAnswer& answer) {
    work.answered(answer);
    go_on(answer.connection);
  });
  for (std::size_t connection = 0; connection < connections; ++connection) go_on(connection);
  if (!client.run_until(ends + patience_ns)) throw std::runtime_error("requests are not answered");
  std::cout << work.result_json(monotonic_ns() - began) << std::endl;
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** words) {
  return gatehouse::bench::guarded(gatehouse::bench::run, count, words);
}
