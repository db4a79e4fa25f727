// A finder pattern is a dark square of 3 modules in a light and a dark ring of one: along any line
// through its middle dark, light, dark, light, dark run as 1:1:3:1:1 (ISO/IEC 18004, 6.3.3).
#include "devices/readers/bitmap.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <limits>

namespace gatehouse::devices {
namespace {

// The rows ZXing looks at when it tries hard; a middle of three modules is on one of them.
constexpr int rows_apart = 3;

using Runs = std::array<int, 5>;

// How far ZXing lets a run be off, in hundredths of a module (IsPattern in Pattern.h), and a little
// more; half a pixel comes on top.
constexpr int straight_off_most = 53;
constexpr int diagonal_off_most = 78;

/// What passes in ZXing passes here.
bool runs_fit(const Runs& runs, int off_most) {
  const int sum = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
  // In seven-hundredths of a pixel, of which a module is 100 · sum.
  const int off = off_most * sum + 420;
  constexpr Runs modules{1, 1, 3, 1, 1};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (std::abs(700 * runs[i] - 100 * modules[i] * sum) > off) return false;
  }
  return true;
}

struct Line {
  Runs runs{};
  int ahead = 0;  // pixels from where it was looked at, this one included, to the end
};

/// The five runs through a dark pixel, along a line. Runs that would be longer than `reach` or
/// leave the bitmap are cut short.
Line line_through(const Bitmap& bitmap, int x, int y, int dx, int dy, int reach) {
  const std::ptrdiff_t width = bitmap.width;
  const std::uint8_t* const middle = bitmap.pixels.data() + y * width + x;
  Line line;
  for (const int way : {-1, 1}) {
    const auto room = [way](int at, int step, int end) {
      if (step == 0) return std::numeric_limits<int>::max();
      return step * way > 0 ? end - at : at + 1;
    };
    int left = std::min({reach, room(x, dx, bitmap.width), room(y, dy, bitmap.height)});
    const std::ptrdiff_t step = way * (dy * width + dx);
    const std::uint8_t* at = middle;
    line.ahead = 0;
    for (int run = 0; run < 3; ++run) {
      const std::uint8_t colour = run % 2 == 0 ? 0 : 255;
      int count = 0;
      for (; left > 0 && *at == colour; --left, at += step) ++count;
      line.runs[static_cast<std::size_t>(2 + way * run)] += count;
      line.ahead += count;
    }
  }
  --line.runs[2];  // the pixel itself was counted twice
  return line;
}

/// How far the middle lies from where the line was looked at: the mean of the middles of one,
/// three and five runs, of the first twice, as ZXing has it (CenterFromEnd in ConcentricFinder.h).
int to_middle(const Line& line) {
  const Runs& runs = line.runs;
  const int from_end_eighths = 7 * runs[4] + 6 * runs[3] + 4 * runs[2] + 2 * runs[1] + runs[0];
  // Shifting rounds down on both sides of zero.
  return (8 * line.ahead - from_end_eighths) >> 3;
}

/// Whether the runs fit up and down, across, and along both diagonals.
bool is_concentric(const Bitmap& bitmap, int x, int y, int reach) {
  const auto is_dark = [&](int at_x, int at_y) {
    return bitmap.pixels[static_cast<std::size_t>(at_y) * static_cast<std::size_t>(bitmap.width) +
                         static_cast<std::size_t>(at_x)] == 0;
  };
  const Line down = line_through(bitmap, x, y, 0, 1, reach);
  if (!runs_fit(down.runs, straight_off_most)) return false;
  y += to_middle(down);
  if (!is_dark(x, y)) return false;
  const Line across = line_through(bitmap, x, y, 1, 0, reach);
  if (!runs_fit(across.runs, straight_off_most)) return false;
  x += to_middle(across);
  return is_dark(x, y) &&
         runs_fit(line_through(bitmap, x, y, 1, 1, reach).runs, diagonal_off_most) &&
         runs_fit(line_through(bitmap, x, y, 1, -1, reach).runs, diagonal_off_most);
}

struct Found {
  int x;
  int y;
  int size;
};

class Counter {
 public:
  Counter(const Bitmap& bitmap, std::size_t most) : bitmap_(bitmap), most_(most) {}

  /// `end`: where the fifth run ends.
  void consider(const Runs& runs, int end, int y) {
    if (!runs_fit(runs, straight_off_most)) return;
    const int x = end - runs[4] - runs[3] - runs[2] + runs[2] / 2;
    const int size = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
    const bool known = std::ranges::any_of(found_, [&](const Found& old) {
      return std::abs(old.x - x) < old.size / 3 && std::abs(old.y - y) < old.size / 3;
    });
    if (known || !is_concentric(bitmap_, x, y, 3 * size)) return;
    found_.push_back({x, y, size});
  }
  [[nodiscard]] bool enough() const { return found_.size() >= most_; }
  [[nodiscard]] std::size_t count() const { return found_.size(); }

 private:
  const Bitmap& bitmap_;
  std::size_t most_;
  std::vector<Found> found_;
};

void scan_row(const Bitmap& bitmap, int y, Counter& counter) {
  const std::uint8_t* row =
      bitmap.pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(bitmap.width);
  Runs runs{};
  int begin = 0;
  for (int x = 1; x <= bitmap.width; ++x) {
    if (x < bitmap.width && row[x] == row[begin]) continue;
    std::ranges::copy(runs.begin() + 1, runs.end(), runs.begin());
    runs[4] = x - begin;
    if (row[begin] == 0 && runs[0] > 0) counter.consider(runs, x, y);
    if (counter.enough()) return;
    begin = x;
  }
}

}  // namespace

std::size_t finder_patterns(const Bitmap& bitmap, std::size_t most) {
  Counter counter(bitmap, most);
  for (int y = rows_apart - 1; y < bitmap.height && !counter.enough(); y += rows_apart) {
    scan_row(bitmap, y, counter);
  }
  return counter.count();
}

}  // namespace gatehouse::devices
