#include "devices/readers/image.hpp"
#include "tests/support/frames.hpp"
#include "tests/support/image_files.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::devices;
using namespace gatehouse::tests;
using Catch::Generators::table;

namespace {

/// 64 × 48, each pixel a grey of its own making.
GreyImage slope() {
  GreyImage image{64, 48, {}};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      image.pixels.push_back(static_cast<std::uint8_t>(x * 2 + y * 2));
    }
  }
  return image;
}

std::string outcome(const std::string& bytes) {
  const auto image = read_image(bytes);
  if (image) return std::to_string(image->width) + "x" + std::to_string(image->height);
  switch (image.error()) {
    case ImageRefusal::too_many_bytes:
      return "too many bytes";
    case ImageRefusal::unknown_format:
      return "unknown format";
    case ImageRefusal::too_small:
      return "too small";
    case ImageRefusal::too_large:
      return "too large";
    case ImageRefusal::damaged:
      return "damaged";
  }
  return "";
}

/// The grey of a PNG of 32 × 32 equal pixels.
int grey_of(int depth, PngKind kind, const std::string& pixel, const std::string& more = {}) {
  std::string rows;
  for (int y = 0; y < 32; ++y) {
    rows += '\0';
    if (depth == 1) {
      rows.append(4, pixel[0]);
      continue;
    }
    for (int x = 0; x < 32; ++x) rows += pixel;
  }
  const auto image = read_image(as_png(32, 32, depth, kind, rows, more));
  if (!image) return -1;
  const bool even =
      std::ranges::all_of(image->pixels, [&](auto grey) { return grey == image->pixels[0]; });
  return even ? image->pixels[0] : -2;
}

std::string png_head(unsigned long width, unsigned long height) {
  return as_png(width, height, 8, PngKind::grey, "");
}

/// With as many scans more as fit into `bytes`, each the last one again.
std::string many_scans(const std::string& jpeg, std::size_t bytes) {
  const std::size_t end = jpeg.size() - 2;
  const std::size_t last = jpeg.rfind("\xFF\xDA");
  std::string many = jpeg.substr(0, end);
  while (many.size() < bytes) many += jpeg.substr(last, end - last);
  return many + "\xFF\xD9";
}

std::string huffman_table(int codes_of_each_length) {
  std::string table = "\x13";
  table.append(16, static_cast<char>(codes_of_each_length));
  table.append(static_cast<std::size_t>(codes_of_each_length) * 16, 'A');
  const std::size_t length = table.size() + 2;
  return std::string("\xFF\xD8\xFF\xC4") + static_cast<char>(length >> 8U) +
         static_cast<char>(length & 255U) + table;
}

}  // namespace

TEST_CASE("a frame reads the same as PGM and as PNG", "[devices][image]") {
  const GreyImage image = slope();
  CHECK(read_image(as_pgm(image)).value() == image);
  CHECK(read_image(as_png(image)).value() == image);
}

TEST_CASE("a JPEG shows what was photographed, grey, in colour and progressive",
          "[devices][image]") {
  const auto kind = GENERATE(JpegKind::grey, JpegKind::colour, JpegKind::progressive);
  const GreyImage image = slope();
  const auto read = read_image(as_jpeg(image, kind, 95));
  REQUIRE(read);
  REQUIRE(read->pixels.size() == image.pixels.size());
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    REQUIRE(std::abs(int{read->pixels[i]} - int{image.pixels[i]}) <= 6);
  }
}

TEST_CASE("a PNG of any kind becomes grey, and what is transparent white", "[devices][image]") {
  const std::string palette = png_chunk("PLTE", std::string("\x00\x00\x00\x50\x50\x50", 6));
  CHECK(grey_of(8, PngKind::grey, "\x64") == 100);
  CHECK(grey_of(16, PngKind::grey, std::string("\x64\x00", 2)) == 100);
  CHECK(grey_of(1, PngKind::grey, "\xFF") == 255);
  CHECK(grey_of(1, PngKind::grey, std::string(1, '\0')) == 0);
  CHECK(grey_of(8, PngKind::colour, "\x64\x64\x64") == 100);
  CHECK(grey_of(8, PngKind::palette, "\x01", palette) == 0x50);
  CHECK(grey_of(8, PngKind::grey_alpha, std::string("\x00\x00", 2)) == 255);
  CHECK(grey_of(8, PngKind::grey_alpha, std::string("\x00\xFF", 2)) == 0);
}

TEST_CASE("a PGM may have comments and up to 16 bits a sample", "[devices][image]") {
  const std::string samples(32 * 32, '\x40');
  const std::string wide(2 * 32 * 32, '\x40');
  const auto grey = [](const std::string& bytes) -> int {
    const auto image = read_image(bytes);
    return image ? image->pixels.back() : -1;
  };
  CHECK(grey("P5 32 32 255\n" + samples) == 64);
  CHECK(grey("P5\n# camera 7\n32 #w\n32\n255\n" + samples) == 64);
  CHECK(grey("P5 32 32 127\n" + samples) == 129);
  CHECK(grey("P5 32 32 65535\n" + wide) == 64);
  // Samples above the white that the head names.
  CHECK(grey("P5 32 32 32\n" + samples) == 255);
  // More bytes than pixels: a camera that pads.
  CHECK(grey("P5 32 32 255\n" + samples + "more") == 64);
}

TEST_CASE("bytes that are no frame are refused with the reason", "[devices][image]") {
  const std::string png = as_png(slope());
  const std::string jpeg = as_jpeg(slope());
  const auto [bytes, expected] = GENERATE_COPY(table<std::string, std::string>({
      {"", "unknown format"},
      {"P", "unknown format"},
      {std::string(1'000, '\0'), "unknown format"},
      {"GIF89a" + std::string(100, 'x'), "unknown format"},
      {"BM" + std::string(100, 'x'), "unknown format"},
      {"P6 32 32 255\n" + std::string(32 * 32 * 3, 'x'), "unknown format"},
      {"P2 1 1 255 7", "unknown format"},
      {"<svg/>", "unknown format"},
      {std::string(image_bytes_max + 1, 'x'), "too many bytes"},
      // PGM
      {"P5", "damaged"},
      {"P5 32 32 255", "damaged"},
      {"P532 32 255\n" + std::string(1024, 'x'), "damaged"},
      {"P5 32 32 255\n" + std::string(1023, 'x'), "damaged"},
      {"P5 32 32 256\n" + std::string(1024, 'x'), "damaged"},
      {"P5 32 32 0\n" + std::string(1024, 'x'), "damaged"},
      {"P5 -32 32 255\n" + std::string(1024, 'x'), "damaged"},
      {"P5 0 0 255\n", "too small"},
      {"P5 20 32 255\n" + std::string(640, 'x'), "too small"},
      {"P5 4097 32 255\n" + std::string(100, 'x'), "too large"},
      {"P5 4000 3001 255\n", "too large"},
      {"P5 4000 3000 255\n", "damaged"},
      {"P5 99999999999999999999 32 255\n", "damaged"},
      {"P5 32 32 99999999999999999999\n", "damaged"},
      {"P5 # no end", "damaged"},
      // PNG
      {png.substr(0, 8), "damaged"},
      {png.substr(0, 30), "damaged"},
      {png.substr(0, png.size() - 40), "damaged"},
      {png_head(0, 32), "damaged"},
      {png_head(1, 1), "too small"},
      {png_head(32, 32), "damaged"},
      {png_head(30'000, 30'000), "too large"},
      {png_head(0x7FFFFFFF, 0x7FFFFFFF), "damaged"},
      {png_head(4'096, 4'096), "too large"},
      // JPEG
      {"\xFF\xD8\xFF", "damaged"},
      {"\xFF\xD8\xFF\xD9", "damaged"},
      {jpeg.substr(0, 100), "damaged"},
      {huffman_table(255), "damaged"},
      {huffman_table(20), "damaged"},
      {as_jpeg({16, 16, std::vector<std::uint8_t>(256, 9)}), "too small"},
  }));
  CAPTURE(bytes.substr(0, 40), bytes.size());
  CHECK(outcome(bytes) == expected);
}

TEST_CASE("a frame may be as large as the contract says and no larger", "[devices][image]") {
  const std::string head = "P5 1448 1448 255\n";  // just under 2 MiB
  CHECK(outcome(head + std::string(image_bytes_max - head.size(), 'x')) == "1448x1448");
  CHECK(outcome(head + std::string(image_bytes_max - head.size() + 1, 'x')) == "too many bytes");
}

TEST_CASE("of a JPEG that ends too soon what there is can be seen", "[devices][image]") {
  const std::string jpeg = as_jpeg(slope());
  const auto whole = read_image(jpeg);
  const auto half = read_image(jpeg.substr(0, jpeg.size() - jpeg.size() / 8));
  REQUIRE(whole);
  REQUIRE(half);
  CHECK(half->pixels.front() == whole->pixels.front());
}

TEST_CASE("a small file that unpacks to gigabytes is not unpacked", "[devices][image]") {
  // 64 × 64 pixels, and behind them 80 MiB of nothing.
  const std::string bomb = as_png(64, 64, 8, PngKind::grey, std::string(80UL << 20U, '\0'));
  REQUIRE(bomb.size() < image_bytes_max);
  CHECK(outcome(bomb) == "damaged");
}

TEST_CASE("texts and profiles in a PNG are passed over, whatever they unpack to",
          "[devices][image]") {
  const std::string text = std::string("k\0\0", 3) + deflated(std::string(8UL << 20U, 'a'));
  std::string texts;
  for (int i = 0; i < 100; ++i) texts += png_chunk("zTXt", text);
  std::string rows;
  for (int y = 0; y < 64; ++y) rows += std::string(1, '\0') + std::string(64, 'x');
  CHECK(outcome(as_png(64, 64, 8, PngKind::grey, rows, texts)) == "64x64");
}

TEST_CASE("a JPEG of endless scans is given up", "[devices][image]") {
  const std::string jpeg =
      as_jpeg({256, 256, std::vector<std::uint8_t>(65'536, 128)}, JpegKind::progressive, 10);
  CHECK(outcome(jpeg) == "256x256");
  CHECK(outcome(many_scans(jpeg, 100'000)) == "damaged");
}
