// What a lane's camera sees, drawn, and whether it is read. Every claim holds for several places,
// sizes and angles of the ticket.
#include "devices/readers/bitmap.hpp"
#include "devices/readers/qr_reader.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/manual_clock.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::devices;
using namespace gatehouse::tests;
using namespace std::chrono_literals;
using Catch::Generators::table;

namespace {

const std::string ticket = "PARK-01ARZ3NDEKTSV4RRFFQ69G5FAV-7K3M9QXZ";
const std::string poster = "https://example.org/parking";

bool is_ticket(std::string_view text) { return text.starts_with("PARK-"); }

std::vector<std::string> codes_in(const GreyImage& image) {
  const ManualClock clock;
  return QrReader(clock).read(image, 1s, is_ticket);
}

std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  return texts;
}

/// How many of three tickets are read that are held into a scene at different places and angles.
int read_of_three(Scene scene, Card card, double angle_step = 41) {
  int read = 0;
  for (int i = 0; i < 3; ++i) {
    scene.seed = static_cast<std::uint64_t>(i) + 1;
    card.text = ticket;
    card.x = 430 + 200.0 * i;
    card.y = 330 + 40.0 * i;
    card.angle += angle_step;
    scene.cards = {card};
    if (codes_in(draw_frame(scene)) == std::vector{ticket}) ++read;
  }
  return read;
}

/// A clock on which every look takes a second.
class HurryingClock final : public engine::Clock {
 public:
  [[nodiscard]] Moment now() const override {
    steady_ += 1s;
    return {ManualClock::start, steady_};
  }

 private:
  mutable Steady steady_{};
};

}  // namespace

TEST_CASE("a ticket is read at any angle", "[devices][frames]") {
  const double first = GENERATE(-41.0, 45.0, 90.0, 180.0);
  CHECK(read_of_three({}, {.angle = first}) == 3);
}

TEST_CASE("a ticket is read from near, from afar and tilted", "[devices][frames]") {
  CHECK(read_of_three({}, {.module_pixels = 14}) == 3);
  CHECK(read_of_three({}, {.module_pixels = 3}) == 3);
  CHECK(read_of_three({}, {.tilt = 30}) == 3);
  CHECK(read_of_three({}, {.tilt = 45}) == 3);
}

TEST_CASE("a ticket is read by a noisy camera", "[devices][frames]") {
  CHECK(read_of_three({.noise = 15}, {}) == 3);
  CHECK(read_of_three({.noise = 30}, {}) == 3);
}

TEST_CASE("a ticket is read at night, at dusk and in fog", "[devices][frames]") {
  CHECK(read_of_three({.black = 12, .white = 50, .noise = 4}, {}) == 3);
  CHECK(read_of_three({.black = 90, .white = 120, .noise = 3}, {}) == 3);
  CHECK(read_of_three({.black = 95, .white = 115, .noise = 2}, {}) == 3);
}

TEST_CASE("a ticket is read through a poor lens and from a moving hand", "[devices][frames]") {
  CHECK(read_of_three({.blur = 2}, {}) == 3);
  CHECK(read_of_three({.smear = 4}, {}) == 3);
}

TEST_CASE("a ticket is read when everything comes together", "[devices][frames]") {
  CHECK(read_of_three({.black = 40, .white = 140, .blur = 1, .noise = 15}, {.tilt = 35}) == 3);
}

TEST_CASE("a ticket is read in small frames and in large ones", "[devices][frames]") {
  const auto [width, height, module_pixels] = GENERATE(table<int, int, double>(
      {{320, 240, 4.0}, {640, 480, 5.0}, {1920, 1080, 7.0}, {4000, 3000, 12.0}}));
  const Card card{ticket, width / 2.0, height / 2.0, module_pixels, 17, 10};
  CHECK(codes_in(draw_frame({.cards = {card}, .width = width, .height = height, .noise = 8})) ==
        std::vector{ticket});
}

TEST_CASE("a frame without a code has none", "[devices][frames]") {
  const bool busy = GENERATE(true, false);
  const double noise = GENERATE(0.0, 15.0);
  CHECK(codes_in(draw_frame({.busy = busy, .noise = noise})).empty());
}

TEST_CASE("all codes of a frame are read, each once", "[devices][frames]") {
  const Scene scene{.cards = {{.text = poster, .x = 250, .y = 360},
                              {.text = ticket, .x = 640, .y = 360, .angle = 30},
                              {.text = poster, .x = 1030, .y = 360}}};
  CHECK(sorted(codes_in(draw_frame(scene))) == std::vector{ticket, poster});
}

TEST_CASE("a ticket that is harder to see is found beside a poster that is not",
          "[devices][frames]") {
  const Scene scene{.cards = {{.text = poster, .x = 300, .y = 360, .module_pixels = 12},
                              {.text = ticket, .x = 900, .y = 360, .module_pixels = 3}}};
  CHECK(sorted(codes_in(draw_frame(scene))) == std::vector{ticket, poster});
}

TEST_CASE("looking ends when the time is used up, but never before it began", "[devices][frames]") {
  const HurryingClock clock;
  const QrReader reader(clock);
  const GreyImage near = draw_frame({.cards = {{.text = ticket}}});
  const GreyImage far = draw_frame({.cards = {{.text = ticket, .module_pixels = 2.5}}});
  CHECK(reader.read(near, 1us, is_ticket) == std::vector{ticket});
  CHECK(reader.read(far, 1us, is_ticket).empty());
  CHECK(reader.read(far, 30s, is_ticket) == std::vector{ticket});
}

TEST_CASE("a frame tiled with the corners of codes is not searched for codes",
          "[devices][frames]") {
  // Fifty thousand triples would be tried for every one that a real code has.
  GreyImage image{1280, 720, std::vector<std::uint8_t>(std::size_t{1280} * 720, 255)};
  for (int y = 0; y < 720; ++y) {
    for (int x = 0; x < 1280; ++x) {
      const int column = x % 27 / 3;
      const int row = y % 27 / 3;
      const int ring = std::min({column, row, 6 - column, 6 - row});
      if (ring == 0 || ring >= 2) image.pixels[static_cast<std::size_t>(y * 1280 + x)] = 0;
    }
  }
  CHECK(finder_patterns(binarized(image), 10'000) == 47 * 26);
  CHECK(finder_patterns(binarized(image), 100) == 100);
  CHECK(codes_in(image).empty());
}

TEST_CASE("a code has its three corners, and little else looks like one", "[devices][frames]") {
  const double module_pixels = GENERATE(2.0, 3.0, 5.5, 9.0);
  const GreyImage image = draw_frame(
      {.cards = {{.text = ticket, .module_pixels = module_pixels, .angle = 12}}, .busy = false});
  const std::size_t patterns = finder_patterns(binarized(image), 100);
  CHECK(patterns >= 3);
  CHECK(patterns <= 8);
}
