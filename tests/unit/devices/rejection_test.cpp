#include "devices/sensors/rejection.hpp"

#include <set>
#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse::devices;

TEST_CASE("every reason has a word and a sentence of its own", "[devices][rejection]") {
  std::set<std::string_view> words;
  std::set<std::string_view> sentences;
  for (std::size_t i = 0; i < rejection_count; ++i) {
    const auto rejection = static_cast<Rejection>(i);
    words.insert(name(rejection));
    sentences.insert(describe(rejection));
    CHECK_FALSE(describe(rejection).empty());
  }
  CHECK(words.size() == rejection_count);
  CHECK(sentences.size() == rejection_count);
}

TEST_CASE("the words that dashboards count by stay what they are", "[devices][rejection]") {
  CHECK(name(Rejection::oversize) == "oversize");
  CHECK(name(Rejection::contradicting_id) == "contradicting_id");
  CHECK(name(Rejection::unknown_slot) == "unknown_slot");
  CHECK(name(Rejection::retained_command) == "retained_command");
}
