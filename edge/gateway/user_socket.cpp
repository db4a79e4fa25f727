#include "edge/gateway/user_socket.hpp"

#include "edge/gateway/accept_connection.hpp"
#include "edge/gateway/log.hpp"
#include "edge/store/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

using namespace std::chrono_literals;

// The asker is a program that writes at once; the gateway waits for nobody longer.
constexpr timeval patience_of_gateway{.tv_sec = 3, .tv_usec = 0};
// The engine's answer, and then some.
constexpr auto answer_within = 10s;
constexpr timeval patience_of_command{.tv_sec = 15, .tv_usec = 0};
// A list of 100,000 accounts.
constexpr std::size_t answer_bytes_max = 16 << 20;
constexpr int waiting_max = 8;

class File {
 public:
  explicit File(int number) : number_(number) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

/// A socket's address holds 107 characters: a longer path is named by its folder's descriptor.
class Address {
 public:
  explicit Address(const std::filesystem::path& path)
      : folder_(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    std::string name = path.string();
    if (name.size() >= sizeof address_.sun_path)
      name = fmt::format("/proc/self/fd/{}/{}", folder_.number(), path.filename().string());
    address_.sun_family = AF_UNIX;
    name.resize(std::min(name.size(), sizeof address_.sun_path - 1));
    std::ranges::copy(name, std::begin(address_.sun_path));
  }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): that is how the kernel takes it
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static socklen_t size() { return sizeof(sockaddr_un); }

 private:
  const File folder_;
  sockaddr_un address_{};
};

void set_patience(int socket, const timeval& patience) {
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

bool send_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// To the end of what is said, or of `bytes_max`; nullopt: too slow, or broken off.
std::optional<std::string> receive_all(int socket, std::size_t bytes_max) {
  std::string text;
  std::array<char, 4096> piece{};
  const auto until = std::chrono::steady_clock::now() + answer_within;
  while (text.size() <= bytes_max) {
    const ssize_t got = ::recv(socket, piece.data(), piece.size(), 0);
    if (got == 0) return text;
    if (got < 0 || std::chrono::steady_clock::now() > until) return std::nullopt;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return std::nullopt;
}

/// The file's mode says the same; this says it of whoever got hold of the open socket.
bool is_ours(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

/// Nothing: it cannot be made, and errno says why.
int listen_at(const std::filesystem::path& path) {
  File socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return -1;
  // Of a process that died: this one holds the store's lock.
  ::unlink(path.c_str());
  // Before bind() makes the file: nobody else may get in meanwhile.
  if (::fchmod(socket.number(), S_IRUSR | S_IWUSR) != 0) return -1;
  const Address address(path);
  if (::bind(socket.number(), address.get(), Address::size()) != 0) return -1;
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) return -1;
  if (::listen(socket.number(), waiting_max) != 0) return -1;
  return socket.release();
}

}  // namespace

std::filesystem::path user_socket_path(const std::filesystem::path& store_path) {
  return store::real_path(store_path).string() + ".sock";
}

std::optional<UserOutcome> tell_gateway(const std::filesystem::path& store_path,
                                        const UserTask& task) {
  const File socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return std::nullopt;
  set_patience(socket.number(), patience_of_command);
  const Address address(user_socket_path(store_path));
  if (::connect(socket.number(), address.get(), Address::size()) != 0) return std::nullopt;
  if (!send_all(socket.number(), to_line(task) + "\n")) return std::nullopt;
  ::shutdown(socket.number(), SHUT_WR);
  const auto said = receive_all(socket.number(), answer_bytes_max);
  return said ? parse_user_outcome(*said) : std::nullopt;
}

UserSocket::UserSocket(const std::filesystem::path& store_path, engine::Calls& calls)
    : path_(user_socket_path(store_path)),
      calls_(calls),
      database_(store::Database::open({.path = store_path, .read_only = true})),
      accounts_(database_) {}

void UserSocket::start() {
  listening_ = listen_at(path_);
  stopping_ = ::eventfd(0, EFD_CLOEXEC);
  if (listening_ < 0 || stopping_ < 0) {
    log_error(fmt::format("{}: {}; `gatehouse user` has to wait until the gateway is stopped",
                          path_.string(), std::generic_category().message(errno)));
    return;
  }
  thread_ = std::thread([this] { serve(); });
}

void UserSocket::stop() {
  if (thread_.joinable()) {
    ::eventfd_write(stopping_, 1);
    thread_.join();
    ::unlink(path_.c_str());
  }
  for (int* const file : {&listening_, &stopping_}) {
    if (*file >= 0) ::close(std::exchange(*file, -1));
  }
}

void UserSocket::serve() {
  while (const auto accepted = accept_connection(listening_, stopping_)) {
    const File connection(*accepted);
    if (is_ours(connection.number())) answer(connection.number());
  }
}

void UserSocket::answer(int connection) {
  set_patience(connection, patience_of_gateway);
  const auto said = receive_all(connection, user_task_bytes_max);
  if (!said || !said->ends_with('\n')) return;
  const auto task = parse_user_task(std::string_view(*said).substr(0, said->size() - 1));
  const UserOutcome outcome =
      task ? carry_out(*task)
           : UserOutcome{exit_code::wrong_usage, "the gateway is of another version"};
  static_cast<void>(send_all(connection, to_text(outcome)));
}

UserOutcome UserSocket::carry_out(const UserTask& task) {
  try {
    if (task.what == UserOptions::What::list) return {exit_code::done, list_of(accounts_.users())};
    auto change = change_of(task, accounts_.find(std::string_view(task.name)));
    if (!change) return std::move(change.error());
    return ask_engine(task, std::move(*change));
  } catch (const store::StoreError& error) {
    return {exit_code::not_so, error.what()};
  }
}

UserOutcome UserSocket::ask_engine(const UserTask& task, AccountChange change) {
  // Shared: the answer may come when nobody waits for it any more.
  const auto said = std::make_shared<std::promise<UserOutcome>>();
  const bool taken = calls_.ask(
      {.user = {}, .name = "command line", .is_admin = true},
      std::visit([](auto& asked) -> decltype(engine::Call::what) { return std::move(asked); },
                 change),
      [said, task](const std::expected<engine::CallResult, engine::CallRefused>& result) {
        said->set_value(result ? UserOutcome{} : outcome_of(task, result.error().why));
      },
      {.from = {.action = action_of(task)}});
  if (!taken) return {exit_code::unreachable, "the gateway is too busy: try again"};
  auto outcome = said->get_future();
  if (outcome.wait_for(answer_within) == std::future_status::ready) return outcome.get();
  return {
      exit_code::unreachable,
      "the gateway did not answer in time: look with `gatehouse user list` whether it was done"};
}

}  // namespace gatehouse::gateway
