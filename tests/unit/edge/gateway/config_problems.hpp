// Broken configurations and what is said about them, a row each.
#pragma once

#include "edge/gateway/config.hpp"

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace broken {

using namespace gatehouse::gateway;

inline std::optional<std::string> empty_environment(const std::string& /*variable*/) {
  return std::nullopt;
}

/// All problems of a text, a line each.
inline std::vector<std::string> problems_of(const std::string& text) {
  const auto config = parse_config(text, "lot.toml", empty_environment);
  std::vector<std::string> lines;
  if (config) return lines;
  for (const ConfigProblem& problem : config.error()) lines.push_back(problem.text("lot.toml"));
  return lines;
}

// Line 1 of every document below; the broken key begins on line 2.
inline const std::string lot = "lot = { id = \"demo\" }\n";

struct Case {
  std::string text;  // after the lot
  std::string problem;
};

inline void check_all(const std::vector<Case>& cases) {
  for (const Case& broken : cases) {
    CAPTURE(broken.text);
    const auto problems = problems_of(lot + broken.text);
    CHECK(problems == std::vector<std::string>{broken.problem});
  }
}

inline const std::string zone = "[[zones]]\nid = \"A\"\n";         // lines 2 and 3
inline const std::string barrier = "[[barriers]]\nid = \"b1\"\n";  // lines 2 and 3
inline const std::string profile =                                 // lines 2 to 4
    "[[sensor_profiles]]\nname = \"p\"\ntopic = \"v3/{device}/up\"\n";

inline const std::string device_id =
    "an id of 1 to 64 letters, digits, '_' and '-' that is not gateway, bridge, dashboard-… or "
    "integration-…, which the broker keeps for others";
inline const std::string signal =
    "where the signal is read, like \"di:2\" or { read = \"hr:100\", values = [16] }, or \"\"";

}  // namespace broken
