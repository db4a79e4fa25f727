#include "devices/readers/bitmap.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace gatehouse::devices {
namespace {

constexpr int block_side = 8;
constexpr int block_pixels = block_side * block_side;
// A block is compared with its neighbours up to this many blocks away.
constexpr int reach_blocks = 2;
// Darkest to lightest within a block: below, it is one surface, seen by a noisy sensor. A quarter
// of what the whole image spans, within bounds: dusk leaves little, and glare proves nothing.
constexpr int contrast_least = 8;
constexpr int contrast_most = 24;

std::size_t index(int x, int y, int width) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
         static_cast<std::size_t>(x);
}

struct Block {
  int darkest = 255;
  int lightest = 0;
  int sum = 0;
};

Block look_at(const std::uint8_t* first, std::size_t row_bytes) {
  // One of each for every column, so that the compiler can take all columns at once.
  std::array<std::uint8_t, block_side> darkest{};
  std::array<std::uint8_t, block_side> lightest{};
  std::array<std::uint16_t, block_side> sums{};
  darkest.fill(255);
  for (int y = 0; y < block_side; ++y, first += row_bytes) {
    for (std::size_t x = 0; x < block_side; ++x) {
      darkest[x] = std::min(darkest[x], first[x]);
      lightest[x] = std::max(lightest[x], first[x]);
      sums[x] = static_cast<std::uint16_t>(sums[x] + first[x]);
    }
  }
  Block block;
  for (std::size_t x = 0; x < block_side; ++x) {
    block.darkest = std::min<int>(block.darkest, darkest[x]);
    block.lightest = std::max<int>(block.lightest, lightest[x]);
    block.sum += sums[x];
  }
  return block;
}

/// What blocks say about where dark ends, added up over those that show any contrast.
struct Verdict {
  int threshold = 0;
  int blocks = 0;
  void operator+=(const Verdict& other) {
    threshold += other.threshold;
    blocks += other.blocks;
  }
  void operator-=(const Verdict& other) {
    threshold -= other.threshold;
    blocks -= other.blocks;
  }
};

int blocks_over(int pixels) { return (pixels + block_side - 1) / block_side; }
/// The last block of a row or column is moved back inside.
int block_start(int block, int pixels) { return std::min(block * block_side, pixels - block_side); }

/// Every value becomes the sum of those up to reach_blocks away along a line of `count`.
void spread(Verdict* first, std::size_t step, int count, std::vector<Verdict>& line) {
  const auto at = [first, step](int i) -> Verdict& {
    return first[static_cast<std::size_t>(i) * step];
  };
  for (int i = 0; i < count; ++i) line[static_cast<std::size_t>(i)] = at(i);
  Verdict sum;
  for (int i = 0; i < std::min(reach_blocks, count); ++i) sum += line[static_cast<std::size_t>(i)];
  for (int i = 0; i < count; ++i) {
    if (i + reach_blocks < count) sum += line[static_cast<std::size_t>(i + reach_blocks)];
    if (i > reach_blocks) sum -= line[static_cast<std::size_t>(i - reach_blocks - 1)];
    at(i) = sum;
  }
}

std::vector<Block> blocks_of(const GreyImage& image, int columns, int rows) {
  std::vector<Block> blocks;
  blocks.reserve(index(0, rows, columns));
  for (int row = 0; row < rows; ++row) {
    const int y = block_start(row, image.height);
    for (int column = 0; column < columns; ++column) {
      const std::size_t first = index(block_start(column, image.width), y, image.width);
      blocks.push_back(look_at(&image.pixels[first], static_cast<std::size_t>(image.width)));
    }
  }
  return blocks;
}

/// What the blocks around each block say together.
std::vector<Verdict> verdicts(const std::vector<Block>& blocks, int columns, int rows) {
  int darkest = 255;
  int lightest = 0;
  for (const Block& block : blocks) {
    darkest = std::min(darkest, block.sum / block_pixels);
    lightest = std::max(lightest, block.sum / block_pixels);
  }
  const int contrast = std::clamp((lightest - darkest) / 4, contrast_least, contrast_most);
  std::vector<Verdict> around;
  around.reserve(blocks.size());
  for (const Block& block : blocks) {
    const bool shows = block.lightest - block.darkest >= contrast;
    around.push_back(shows ? Verdict{block.sum / block_pixels, 1} : Verdict{});
  }
  std::vector<Verdict> line(static_cast<std::size_t>(std::max(columns, rows)));
  for (int row = 0; row < rows; ++row) spread(&around[index(0, row, columns)], 1, columns, line);
  for (int column = 0; column < columns; ++column) {
    spread(&around[index(column, 0, columns)], static_cast<std::size_t>(columns), rows, line);
  }
  return around;
}

void draw(const std::uint8_t* from, std::uint8_t* into, std::size_t row_bytes,
          std::uint8_t dark_most) {
  for (int y = 0; y < block_side; ++y, from += row_bytes, into += row_bytes) {
    std::array<std::uint8_t, block_side> row{};
    std::memcpy(row.data(), from, row.size());
    for (std::uint8_t& pixel : row) pixel = pixel <= dark_most ? 0 : 255;
    std::memcpy(into, row.data(), row.size());
  }
}

}  // namespace

Bitmap binarized(const GreyImage& image) {
  Bitmap bitmap{image.width, image.height, std::vector<std::uint8_t>(image.pixels.size(), 255)};
  if (image.width < block_side || image.height < block_side) return bitmap;
  const int columns = blocks_over(image.width);
  const int rows = blocks_over(image.height);
  const auto around = verdicts(blocks_of(image, columns, rows), columns, rows);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const Verdict& verdict = around[index(column, row, columns)];
      if (verdict.blocks == 0) continue;
      const std::size_t first =
          index(block_start(column, image.width), block_start(row, image.height), image.width);
      draw(&image.pixels[first], &bitmap.pixels[first], static_cast<std::size_t>(image.width),
           static_cast<std::uint8_t>(verdict.threshold / verdict.blocks));
    }
  }
  return bitmap;
}

GreyImage halved(const GreyImage& image) {
  GreyImage half{image.width / 2, image.height / 2, {}};
  half.pixels.resize(index(0, half.height, half.width));
  for (int y = 0; y < half.height; ++y) {
    const std::uint8_t* upper = image.pixels.data() + index(0, 2 * y, image.width);
    const std::uint8_t* lower = upper + image.width;
    std::uint8_t* into = half.pixels.data() + index(0, y, half.width);
    for (int x = 0; x < half.width; ++x) {
      const int sum = upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1];
      into[x] = static_cast<std::uint8_t>((sum + 2) / 4);
    }
  }
  return half;
}

}  // namespace gatehouse::devices
