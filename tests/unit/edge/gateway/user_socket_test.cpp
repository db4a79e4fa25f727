// The door for `gatehouse user`: what is said there, and what the gateway does with it.
#include "edge/gateway/user_socket.hpp"

#include "edge/engine/inbox.hpp"
#include "edge/store/migrate.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_dir.hpp"

#include <thread>

#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

using namespace gatehouse;
using namespace gatehouse::gateway;
using gatehouse::tests::TempDir;
using What = UserOptions::What;

namespace {

const std::string hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

/// A gateway that has nothing but accounts, its engine played by a thread.
struct Door {
  explicit Door(const std::filesystem::path& store_path) : path(store_path) {
    spdlog::set_level(spdlog::level::off);
    store::migrate(database);
    store::Accounts accounts(database);
    store::Transaction transaction = database.begin();
    accounts.insert(transaction,
                    {.username = "admin", .role = store::Role::admin, .password_hash = hash});
    static_cast<void>(std::move(transaction).commit(0));
  }
  /// Answers one call with `says`, and notes it.
  void answer(std::expected<engine::CallResult, engine::CallRefused> says) {
    engine_thread = std::thread([this, says = std::move(says)] {
      engine::Batch batch;
      while (batch.urgent.empty()) {
        inbox.wait(std::chrono::seconds(10));
        inbox.take(batch);
      }
      const auto call = std::get<engine::CallMade>(batch.urgent.front()).call;
      asked = call->what;
      engine::Effects effects;
      effects.answers.push_back(
          std::make_shared<const engine::CallAnswer>(engine::CallAnswer{call->id, says}));
      calls.act(database.begin().commit(std::move(effects)));
    });
  }
  std::optional<UserOutcome> tell(const UserTask& task) {
    auto outcome = tell_gateway(path, task);
    if (engine_thread.joinable()) engine_thread.join();
    return outcome;
  }

  const std::filesystem::path path;
  store::Database database = store::Database::open({.path = path, .create = true});
  gatehouse::tests::ManualClock clock;
  engine::Inbox inbox{1};
  engine::Calls calls{inbox, clock};
  decltype(engine::Call::what) asked = engine::AskShift{};
  std::thread engine_thread;
};

}  // namespace

TEST_CASE("what is asked at the door is read as it was written", "[gateway][user]") {
  const UserTask task = GENERATE(
      UserTask{}, UserTask{.what = What::disable, .name = "priya@lot"},
      UserTask{.what = What::passwd, .name = "priya", .password_hash = hash},
      UserTask{.what = What::rights, .name = "priya", .may_refund = true},
      UserTask{.what = What::rights, .name = "priya", .may_terminate = true},
      UserTask{.what = What::add, .name = "p", .role = store::Role::staff, .password_hash = hash},
      UserTask{.what = What::add,
               .name = "reader",
               .role = store::Role::device,
               .gate = "ENTRY_GATE_01",
               .password_hash = hash});
  CHECK(parse_user_task(to_line(task)) == task);
}

TEST_CASE("anything else said at the door is nothing", "[gateway][user]") {
  const std::string line =
      GENERATE(std::string(), " ", "list ", "list all", "disable", "disable two words",
               "disable a:b", "passwd priya", "passwd priya secret", "rights priya yes",
               "rights priya yes perhaps", "add priya staff -", "add priya boss - $argon2id$x",
               "add priya staff - plain", "drop priya", std::string(2000, 'x'));
  CAPTURE(line);
  CHECK_FALSE(parse_user_task(line));
}

TEST_CASE("an outcome is read as it was written, and only whole", "[gateway][user]") {
  const UserOutcome outcome =
      GENERATE(UserOutcome{}, UserOutcome{0, "admin admin\nstaff1 staff\n"},
               UserOutcome{1, "there is no account priya"}, UserOutcome{3, "too busy: try again"});
  const std::string text = to_text(outcome);
  CHECK(parse_user_outcome(text) == outcome);
  for (std::size_t i = 0; i < text.size(); ++i) CHECK_FALSE(parse_user_outcome(text.substr(0, i)));
}

TEST_CASE("the gateway does what its command line asks, through the engine", "[gateway][user]") {
  const TempDir directory;
  Door door(directory / "gatehouse.db");
  UserSocket socket(door.path, door.calls);
  socket.start();
  struct stat file{};
  REQUIRE(::stat(user_socket_path(door.path).c_str(), &file) == 0);
  CHECK((file.st_mode & 07777) == 0600);

  CHECK(door.tell({}) == UserOutcome{0, "admin admin\n"});
  door.answer(engine::AccountShown{});
  CHECK(door.tell({.what = What::passwd, .name = "admin", .password_hash = hash}) == UserOutcome{});
  const auto* const edit = std::get_if<engine::EditAccount>(&door.asked);
  REQUIRE(edit != nullptr);
  CHECK(edit->edit.password_hash == hash);
  door.answer(std::unexpected(engine::CallRefused{engine::Refusal::last_administrator, {}}));
  const auto refused = door.tell({.what = What::disable, .name = "admin"});
  CHECK(refused == UserOutcome{1, "admin is the last administrator: make another one first"});
  CHECK(door.tell({.what = What::disable, .name = "nobody"}) ==
        UserOutcome{1, "there is no account nobody"});

  socket.stop();
  CHECK_FALSE(std::filesystem::exists(user_socket_path(door.path)));
  CHECK_FALSE(door.tell({}));
}

TEST_CASE("a long path and a socket left behind are no obstacle", "[gateway][user]") {
  const TempDir directory;
  const auto folder = directory / std::string(120, 'd');
  std::filesystem::create_directory(folder);
  Door door(folder / "gatehouse.db");
  {
    UserSocket left(door.path, door.calls);
    left.start();
    // As after a crash: the file stays, nobody listens.
    std::filesystem::rename(user_socket_path(door.path), folder / "kept");
    left.stop();
    std::filesystem::rename(folder / "kept", user_socket_path(door.path));
  }
  CHECK_FALSE(door.tell({}));
  UserSocket socket(door.path, door.calls);
  socket.start();
  CHECK(door.tell({}) == UserOutcome{0, "admin admin\n"});
}
