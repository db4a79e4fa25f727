// The hot path allocates nothing: counted by replacing the program's operator new.
#include "devices/sensors/native.hpp"
#include "devices/sensors/profile_reader.hpp"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

#include <catch2/catch.hpp>

namespace {

std::atomic<std::uint64_t> allocations{0};

void* counted(std::size_t size) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size);
}
void* counted_or_throw(std::size_t size) {
  void* memory = counted(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return counted_or_throw(size); }
void* operator new[](std::size_t size) { return counted_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

using namespace gatehouse::devices;

TEST_CASE("reading a state allocates nothing, not even the first or a large one",
          "[devices][native]") {
  SensorReader reader;
  const std::string small = R"({"occupied":true,"ts":"2026-11-20T10:00:00Z","seq":17,"rssi":-71})";
  const std::string large = R"({"occupied":true,"x":")" + std::string(16'000, 'x') + R"("})";
  const std::string numbers = R"({"occupied":true,"x":[1)" + std::string(8'000, ' ') + ",1.5]}";
  const auto before = allocations.load();
  const bool all_read = reader.read_state(small, TopicId{"A-001"}).has_value() &&
                        reader.read_state(large, TopicId{"A-001"}).has_value() &&
                        reader.read_state(numbers, TopicId{"A-001"}).has_value() &&
                        !reader.read_state("{", TopicId{"A-001"}).has_value();
  const auto after = allocations.load();
  CHECK(all_read);
  CHECK(after - before == 0);
  CHECK(before > 0);  // the count counts
}

TEST_CASE("reading another maker's message allocates nothing", "[devices][profile]") {
  SensorProfile profile;
  profile.name = "ttn";
  profile.topic = "v3/+/devices/{device}/up";
  profile.decoder = "bosch_tps110";
  profile.bytes = "/uplink_message/frm_payload";
  profile.port = "/uplink_message/f_port";
  profile.seq = "/uplink_message/f_cnt";
  auto reader = ProfileReader::make(profile);
  REQUIRE(reader);
  const std::string payload =
      R"({"uplink_message":{"f_port":1,"f_cnt":1,"frm_payload":"AQ=="},"simulated":false})";
  const auto before = allocations.load();
  const auto device = reader->match("v3/lot/devices/eui-70b3d5/up");
  const bool named = device && reader->slot_name(*device) == "eui-70b3d5";
  const bool was_read = reader->read(payload).has_value();
  const auto after = allocations.load();
  CHECK(named);
  CHECK(was_read);
  CHECK(after - before == 0);
}
