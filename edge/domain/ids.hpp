// Names of things, in types that cannot be mixed up.
//
//   auto slot = SlotId::parse("A-001");   // std::expected<SlotId, IdError>
//   if (slot) use(slot->text());
//
// An id is what stands in a topic, a URL and a row: 1 to 64 characters of [A-Za-z0-9_-]
// (docs/contract/mqtt.md, "Rules for every topic"). No id ever needs escaping anywhere.
// Values; any thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

namespace gatehouse {

enum class IdError : std::uint8_t { empty, too_long, bad_character, reserved };

/// A sentence for people, without the offending text.
std::string_view describe(IdError error);

/// Whether text may stand as one level of a topic: 1–64 characters of [A-Za-z0-9_-].
std::expected<void, IdError> check_id(std::string_view text);

/// As check_id, and not a user name that the broker keeps for somebody else:
/// `gateway`, `bridge`, `dashboard-…`, `integration-…`. For slots and gates, whose ids are user
/// names.
std::expected<void, IdError> check_device_id(std::string_view text);

template <class Tag>
class Id {
 public:
  static std::expected<Id, IdError> parse(std::string_view text) {
    const auto checked = Tag::names_a_device ? check_device_id(text) : check_id(text);
    if (!checked) return std::unexpected(checked.error());
    return Id(std::string(text));
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct LotTag {
  static constexpr bool names_a_device = false;
};
struct ZoneTag {
  static constexpr bool names_a_device = false;
};
struct SlotTag {
  static constexpr bool names_a_device = true;
};
struct GateTag {
  static constexpr bool names_a_device = true;
};
struct BarrierTag {
  static constexpr bool names_a_device = false;
};

using LotId = Id<LotTag>;
using ZoneId = Id<ZoneTag>;
using SlotId = Id<SlotTag>;
using GateId = Id<GateTag>;
using BarrierId = Id<BarrierTag>;

// Where a slot, a zone, a gate or a barrier stands in the lot's plan: dense, from 0, for one run of
// the process only. Never stored, never sent.
enum class SlotIndex : std::uint32_t {};
enum class ZoneIndex : std::uint32_t {};
enum class GateIndex : std::uint32_t {};
enum class BarrierIndex : std::uint32_t {};
constexpr std::size_t at(SlotIndex slot) { return static_cast<std::size_t>(slot); }
constexpr std::size_t at(ZoneIndex zone) { return static_cast<std::size_t>(zone); }
constexpr std::size_t at(GateIndex gate) { return static_cast<std::size_t>(gate); }
constexpr std::size_t at(BarrierIndex barrier) { return static_cast<std::size_t>(barrier); }

}  // namespace gatehouse

template <class Tag>
struct std::hash<gatehouse::Id<Tag>> {
  std::size_t operator()(const gatehouse::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
