// A log in files of a day: which line goes where, what is kept, and what a full disk does.
#include "edge/gateway/day_file.hpp"

#include "edge/gateway/log.hpp"
#include "edge/gateway/payment_log.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>

using namespace gatehouse;
using namespace gatehouse::gateway;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr Instant noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 12h;

WallTime utc(Instant at) {
  const auto date = std::chrono::floor<std::chrono::days>(at);
  return {date, std::chrono::floor<std::chrono::minutes>(at - date)};
}

struct Logs {
  gatehouse::tests::TempDir dir;

  [[nodiscard]] DayFile::Parts parts(int keep_days = 2) const {
    return {.directory = dir.path(),
            .name = "parking",
            .keep = std::chrono::days(keep_days),
            .local = utc};
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    std::ifstream file(dir / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(dir.path()))
      all.push_back(entry.path().filename().string());
    std::ranges::sort(all);
    return all;
  }
  /// As if nobody had written to it since.
  void written_at(const std::string& name, Instant at) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    REQUIRE(::utimensat(AT_FDCWD, (dir / name).c_str(), times, 0) == 0);
  }
};

}  // namespace

TEST_CASE("each day has a file of its own, and old ones go", "[gateway][log]") {
  const Logs logs;
  DayFile file(logs.parts());
  file.write("one\n", noon);
  file.write("two\n", noon + 11h);
  CHECK(logs.names() == std::vector<std::string>{"parking.log"});
  file.write("three\n", noon + 12h);
  CHECK(logs.text("parking-2026-11-20.log") == "one\ntwo\n");
  CHECK(logs.text("parking.log") == "three\n");
  file.write("four\n", noon + 36h);
  file.write("five\n", noon + 60h);
  CHECK(logs.names() == std::vector<std::string>{"parking-2026-11-21.log", "parking-2026-11-22.log",
                                                 "parking.log"});
  CHECK(file.lost_lines() == 0);
}

TEST_CASE("a clock that goes back begins no day again", "[gateway][log]") {
  const Logs logs;
  DayFile file(logs.parts());
  file.write("one\n", noon);
  file.write("two\n", noon - 24h);
  CHECK(logs.text("parking.log") == "one\ntwo\n");
}

TEST_CASE("a clock that runs ahead by years costs no logs, and is followed back",
          "[gateway][log]") {
  const Logs logs;
  DayFile file(logs.parts());
  file.write("one\n", noon);
  file.write("two\n", noon + 24h);
  file.write("ahead\n", noon + 24h * 3'000);
  CHECK(logs.names() == std::vector<std::string>{"parking-2026-11-20.log", "parking-2026-11-21.log",
                                                 "parking.log"});
  file.write("right again\n", noon + 25h);
  CHECK(logs.text("parking.log") == "right again\n");
  CHECK(logs.text("parking-2026-11-21.log") == "two\n");
  // What the wrong clock left is the first to go.
  CHECK(logs.text("parking-2026-11-20.log") == "one\n");
  CHECK(logs.names().size() == 3);
  file.write("the next day\n", noon + 48h);
  CHECK(logs.text("parking-2026-11-21-2.log") == "right again\n");
  CHECK(logs.names().size() == 4);
}

TEST_CASE("a clock that begins in the past keeps the day's lines apart", "[gateway][log]") {
  const Logs logs;
  DayFile(logs.parts()).write("before the power went\n", noon);
  logs.written_at("parking.log", noon);
  DayFile file(logs.parts());
  file.write("lost in time\n", Instant{});
  file.write("set right\n", noon + 1h);
  CHECK(logs.text("parking-2026-11-20.log") == "before the power went\n");
  CHECK(logs.text("parking-1970-01-01.log") == "lost in time\n");
  CHECK(logs.text("parking.log") == "set right\n");
}

TEST_CASE("files of one day count as one", "[gateway][log]") {
  const Logs logs;
  for (const char* const name : {"parking-2026-11-17.log", "parking-2026-11-18-2.log",
                                 "parking-2026-11-18.log", "parking-2026-11-19.log"})
    std::ofstream(logs.dir / name) << "old\n";
  DayFile(logs.parts()).write("one\n", noon);
  CHECK(logs.names() == std::vector<std::string>{"parking-2026-11-18-2.log",
                                                 "parking-2026-11-18.log", "parking-2026-11-19.log",
                                                 "parking.log"});
}

TEST_CASE("after a restart the day's file goes on, and yesterday's is put away", "[gateway][log]") {
  const Logs logs;
  DayFile(logs.parts()).write("one\n", noon);
  logs.written_at("parking.log", noon);
  DayFile(logs.parts()).write("two\n", noon + 1h);
  CHECK(logs.text("parking.log") == "one\ntwo\n");
  logs.written_at("parking.log", noon + 1h);
  DayFile(logs.parts()).write("three\n", noon + 24h);
  CHECK(logs.text("parking-2026-11-20.log") == "one\ntwo\n");
  // A name that is taken is not written over.
  logs.written_at("parking.log", noon);
  DayFile(logs.parts()).write("four\n", noon + 25h);
  CHECK(logs.text("parking-2026-11-20-2.log") == "three\n");
  CHECK(logs.text("parking-2026-11-20.log") == "one\ntwo\n");
}

TEST_CASE("only its owner and its group read a log", "[gateway][log]") {
  const Logs logs;
  const mode_t before = ::umask(0);
  DayFile(logs.parts()).write("one\n", noon);
  ::umask(before);
  CHECK(static_cast<unsigned>(fs::status(logs.dir / "parking.log").permissions()) == 0640);
}

TEST_CASE("what cannot be written is lost and counted", "[gateway][log]") {
  const Logs logs;
  DayFile::Parts parts = logs.parts();
  parts.directory /= "missing";
  DayFile file(parts);
  file.write("one\n", noon);
  file.write("two\n", noon);
  CHECK(file.lost_lines() == 2);
  fs::create_directory(parts.directory);
  file.write("three\n", noon);
  CHECK(logs.text("missing/parking.log") == "three\n");
  CHECK(file.lost_lines() == 2);
}

TEST_CASE("lines of payments have a file of their own", "[gateway][log]") {
  const Logs logs;
  start_logging({.format = LogFormat::json, .level = LogLevel::error});
  keep_log_files({.directory = logs.dir.path(), .keep = std::chrono::days(90), .local = utc});
  log_error("something broke");
  log_payment("payment.succeeded outcome=SUCCESS");
  start_logging({});
  const std::string parking = logs.text("parking.log");
  const std::string payments = logs.text("payments.log");
  CHECK(parking.find(R"("message":"something broke"})") != std::string::npos);
  CHECK(parking.find("SUCCESS") == std::string::npos);
  CHECK(payments.find(R"("log":"payment","message":"payment.succeeded outcome=SUCCESS"})") !=
        std::string::npos);
  CHECK(payments.find("broke") == std::string::npos);
}

TEST_CASE("a payment's line says who, what, when, how much and what came of it", "[gateway][log]") {
  CHECK(payment_line({.at = noon,
                      .type = "parking.payment.succeeded.v1",
                      .id = "p-1",
                      .session_id = "s-1",
                      .vehicle_number = "DL01AB1234",
                      .method = PaymentMethod::cash,
                      .amount = Paise(5'050),
                      .by = "staff1"},
                     "INR") ==
        "payment.succeeded outcome=SUCCESS amount=50.50 INR method=CASH vehicle=DL01AB1234 "
        "session=s-1 id=p-1 by=staff1 at=2026-11-20T12:00:00.000Z");
  CHECK(payment_line({.at = noon,
                      .type = "parking.refund.requested.v1",
                      .id = "r-1",
                      .session_id = "s-1",
                      .method = PaymentMethod::online,
                      .provider = "razorpay",
                      .amount = Paise(100),
                      .detail = "Paid twice"},
                     "INR") ==
        "refund.requested outcome=PENDING amount=1.00 INR method=ONLINE provider=razorpay "
        "session=s-1 id=r-1 at=2026-11-20T12:00:00.000Z because=Paid twice");
}
