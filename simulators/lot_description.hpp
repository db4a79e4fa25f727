// Which slots a simulated lot has and where its broker is: from lot.toml, or from two numbers.
//
// Reads only what a simulator needs (lot id, broker, HTTP address, zones and slots, lanes and their
// barriers, the length of a billed minute) and leaves the judgement of the rest of the file to
// `gatehouse check`. A refusal is a sentence for people. Values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::simulators {

enum class LaneUse : std::uint8_t { entry, exit, both };

struct LaneDescription {
  std::string gate;
  LaneUse use = LaneUse::entry;
  std::optional<std::size_t> barrier;  // of LotDescription::barriers
  std::vector<std::size_t> zones;      // of LotDescription::zones; never empty in a lot with zones
};

struct BarrierDescription {
  std::string id;
  std::string url;
  std::uint8_t unit = 1;
  std::string profile = "generic";
};

struct LotDescription {
  std::string lot = "demo";
  std::string broker_url = "mqtt://127.0.0.1:1883";
  std::string ca_file;
  std::vector<std::uint32_t> zone_slots;
  std::vector<std::string> slots;  // ids, zone after zone
  std::vector<std::string> zones;  // ids
  std::vector<LaneDescription> lanes;
  std::vector<BarrierDescription> barriers;
  std::string http_url = "http://127.0.0.1:8080";
  std::uint32_t minute_seconds = 60;
};

/// `path` stands only in refusals.
std::expected<LotDescription, std::string> read_lot_file(std::string_view text,
                                                         std::string_view path);

/// A lot without a file: zones A, B … (Z26, Z27 … after Z) with the slots shared out evenly.
std::expected<LotDescription, std::string> numbered_lot(std::string_view lot, std::uint32_t zones,
                                                        std::uint32_t slots);

/// The first `slots` of them only.
void keep_first(LotDescription& lot, std::uint32_t slots);

}  // namespace gatehouse::simulators
