// Frames as a lane's camera takes them, drawn: cards with QR codes at any angle, tilt and size in
// front of a seeded background, through a lens that blurs, a sensor that is noisy, little light.
//
//   const GreyImage frame = draw_frame({.cards = {{.text = "PARK-…", .angle = 17}}, .noise = 12});
//
// The same scene gives the same pixels. Functions of their arguments.
#pragma once

#include "devices/readers/image.hpp"
#include "devices/readers/qr_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

namespace gatehouse::tests {

/// A sheet of paper with one code and its quiet zone.
struct Card {
  std::string text;
  double x = 640;  // its middle in the frame
  double y = 360;
  double module_pixels = 8;
  double angle = 0;  // degrees, in the plane of the card
  double tilt = 0;   // degrees, its right side away from the camera
};

struct Scene {
  std::vector<Card> cards = {};
  int width = 1280;
  int height = 720;
  std::uint64_t seed = 1;
  double black = 25;   // of the ink
  double white = 225;  // of the paper
  bool busy = true;    // a car park behind the cards, else a wall
  int blur = 0;        // pixels to each side, twice: a lens out of focus
  int smear = 0;       // pixels to each side, sideways: a hand that moves
  double noise = 0;    // standard deviation, in levels of 255
};

namespace frames {

/// SplitMix64: the same numbers with every library.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E37'79B9'7F4A'7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBU;
    return z ^ (z >> 31U);
  }
  /// 0 to 1.
  double share() { return static_cast<double>(next() >> 11U) / 9007199254740992.0; }
  /// Nearly normal, deviation 1: four 16-bit numbers, added.
  double normal() {
    const std::uint64_t bits = next();
    double sum = 0;
    for (unsigned i = 0; i < 4; ++i) sum += static_cast<double>((bits >> (16U * i)) & 0xFFFFU);
    return (sum / 65535.0 - 2.0) * std::numbers::sqrt3;
  }

 private:
  std::uint64_t state_;
};

inline std::uint8_t level(double value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
}

inline std::uint8_t& pixel(devices::GreyImage& image, int x, int y) {
  return image.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                      static_cast<std::size_t>(x)];
}

/// Walls, cars and kerbs: overlapping rectangles of any grey, some striped.
inline void draw_background(devices::GreyImage& image, const Scene& scene) {
  Chance chance(scene.seed);
  const double span = scene.white - scene.black;
  std::ranges::fill(image.pixels, level(scene.black + span * 0.55));
  if (!scene.busy) return;
  const auto below = [&](int most) { return static_cast<int>(chance.share() * most); };
  for (int i = 0; i < 120; ++i) {
    const int x0 = below(image.width);
    const int y0 = below(image.height);
    const int x1 = std::min(image.width, x0 + 8 + below(260));
    const int y1 = std::min(image.height, y0 + 8 + below(160));
    const std::uint8_t one = level(scene.black + span * chance.share());
    const std::uint8_t other = level(scene.black + span * chance.share());
    const int stripe = i % 4 == 0 ? 3 + below(12) : image.width;
    for (int y = y0; y < y1; ++y) {
      for (int x = x0; x < x1; ++x) pixel(image, x, y) = (x - x0) / stripe % 2 == 0 ? one : other;
    }
  }
}

/// Where a point of the frame lies on the card, in modules from its middle.
class Projection {
 public:
  Projection(const Card& card, double side_modules)
      : card_(card),
        angle_(radians(card.angle)),
        tilt_(radians(card.tilt)),
        // As far from the lens as four times its side.
        distance_(4 * side_modules * card.module_pixels) {}

  void onto_card(double x, double y, double& u, double& v) const {
    const double dx = x - card_.x;
    const double dy = y - card_.y;
    const double across = dx * distance_ / (distance_ * std::cos(tilt_) - dx * std::sin(tilt_));
    const double down = dy * (distance_ + across * std::sin(tilt_)) / distance_;
    u = (across * std::cos(angle_) + down * std::sin(angle_)) / card_.module_pixels;
    v = (down * std::cos(angle_) - across * std::sin(angle_)) / card_.module_pixels;
  }

 private:
  static double radians(double degrees) { return degrees * std::numbers::pi / 180; }
  const Card& card_;
  double angle_;
  double tilt_;
  double distance_;
};

inline void draw_card(devices::GreyImage& image, const Scene& scene, const Card& card) {
  const auto code = devices::QrCode::make(card.text).value();
  const double half = code.side() / 2.0 + devices::qr_quiet_modules;
  const Projection projection(card, 2 * half);
  // The card and what perspective may add to it.
  const double reach = half * card.module_pixels * 1.8;
  const int x1 = std::min(image.width, static_cast<int>(card.x + reach));
  const int y1 = std::min(image.height, static_cast<int>(card.y + reach));
  for (int y = std::max(0, static_cast<int>(card.y - reach)); y < y1; ++y) {
    for (int x = std::max(0, static_cast<int>(card.x - reach)); x < x1; ++x) {
      double light = 0;
      int hits = 0;
      for (const double sub : {0.125, 0.375, 0.625, 0.875}) {
        double u = 0;
        double v = 0;
        projection.onto_card(x + sub, y + (sub * 2 - static_cast<int>(sub * 2)), u, v);
        if (std::abs(u) >= half || std::abs(v) >= half) continue;
        const bool dark = code.dark(static_cast<int>(std::floor(u + code.side() / 2.0)),
                                    static_cast<int>(std::floor(v + code.side() / 2.0)));
        light += dark ? scene.black : scene.white;
        ++hits;
      }
      if (hits == 0) continue;
      auto& at = pixel(image, x, y);
      at = level((light + (4 - hits) * static_cast<double>(at)) / 4);
    }
  }
}

/// Each pixel becomes the mean of its neighbours to both sides along a line of `count` pixels.
inline void average_line(std::uint8_t* first, std::size_t step, int count, int reach,
                         std::vector<int>& line) {
  for (int i = 0; i < count; ++i) {
    line[static_cast<std::size_t>(i)] = first[static_cast<std::size_t>(i) * step];
  }
  const auto at = [&](int i) {
    return line[static_cast<std::size_t>(std::clamp(i, 0, count - 1))];
  };
  int sum = 0;
  for (int i = -reach; i <= reach; ++i) sum += at(i);
  for (int i = 0; i < count; ++i) {
    first[static_cast<std::size_t>(i) * step] = static_cast<std::uint8_t>(sum / (2 * reach + 1));
    sum += at(i + reach + 1) - at(i - reach);
  }
}

inline void blur_sideways(devices::GreyImage& image, int reach) {
  std::vector<int> line(static_cast<std::size_t>(image.width));
  for (int y = 0; y < image.height; ++y) {
    average_line(&pixel(image, 0, y), 1, image.width, reach, line);
  }
}

inline void blur_downwards(devices::GreyImage& image, int reach) {
  std::vector<int> line(static_cast<std::size_t>(image.height));
  for (int x = 0; x < image.width; ++x) {
    average_line(&pixel(image, x, 0), static_cast<std::size_t>(image.width), image.height, reach,
                 line);
  }
}

}  // namespace frames

inline devices::GreyImage draw_frame(const Scene& scene) {
  devices::GreyImage image{scene.width, scene.height, {}};
  image.pixels.resize(static_cast<std::size_t>(scene.width) *
                      static_cast<std::size_t>(scene.height));
  frames::draw_background(image, scene);
  for (const Card& card : scene.cards) frames::draw_card(image, scene, card);
  for (int i = 0; i < 2 && scene.blur > 0; ++i) {
    frames::blur_sideways(image, scene.blur);
    frames::blur_downwards(image, scene.blur);
  }
  if (scene.smear > 0) frames::blur_sideways(image, scene.smear);
  if (scene.noise > 0) {
    frames::Chance chance(scene.seed + 1);
    for (auto& at : image.pixels) at = frames::level(at + scene.noise * chance.normal());
  }
  return image;
}

}  // namespace gatehouse::tests
