// A disk that fails on demand, below SQLite: the system's own, with a fault in one kind of call.
//
//   TestStore store{FailingDisk::name()};
//   const FailingDisk::Fault full(FailingDisk::Call::log_write, SQLITE_FULL);
//
// One thread, one fault at a time.
#pragma once

#include <cstdint>
#include <string>

namespace gatehouse::store::tests {

class FailingDisk {
 public:
  enum class Call : std::uint8_t { none, log_write, log_sync, store_write };

  /// Registers the disk with SQLite, once, and returns its name.
  static std::string name();

  /// The fault lasts as long as the object.
  class Fault {
   public:
    Fault(Call call, int code);
    Fault(const Fault&) = delete;
    Fault& operator=(const Fault&) = delete;
    ~Fault();
  };
};

}  // namespace gatehouse::store::tests
