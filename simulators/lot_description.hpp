// Which slots a simulated lot has and where its broker is: from lot.toml, or from two numbers.
//
// Reads only what a simulator needs (lot id, broker url and ca_file, zones and slots) and leaves
// the judgement of the rest of the file to `gatehouse check`. A refusal is a sentence for people.
// Values.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::simulators {

struct LotDescription {
  std::string lot = "demo";
  std::string broker_url = "mqtt://127.0.0.1:1883";
  std::string ca_file;
  std::vector<std::uint32_t> zone_slots;
  std::vector<std::string> slots;  // ids, zone after zone
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
