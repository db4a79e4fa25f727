// What we write as a QR code, others read; what others write, we read. The others are zbarimg and
// qrencode.
#include "devices/readers/bitmap.hpp"
#include "devices/readers/image.hpp"
#include "devices/readers/qr_reader.hpp"
#include "devices/readers/qr_writer.hpp"
#include "tests/support/image_files.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace gatehouse;
using namespace gatehouse::devices;
using namespace gatehouse::tests;
using namespace std::chrono_literals;

namespace {

const std::string ticket = "PARK-01ARZ3NDEKTSV4RRFFQ69G5FAV-7K3M9QXZ";
const std::string payment =
    "upi://pay?ver=01&mode=15&am=100.00&mam=100.00&cu=INR&pa=rzr.qrgatehouse12345678@icici"
    "&pn=Gatehouse%20Parking&mc=5411&tr=RZPABCDEFGHIJ12345678qrv2&tn=Session%20A-003&qrMedium=04";

std::vector<std::string> codes_in(const GreyImage& image) {
  const ManualClock clock;
  return QrReader(clock).read(image, 1s, [](std::string_view) { return true; });
}

std::string output_of(const std::string& command) {
  FILE* stream = ::popen(command.c_str(), "r");
  REQUIRE(stream != nullptr);
  std::string output;
  std::array<char, 4096> chunk{};
  while (std::fgets(chunk.data(), chunk.size(), stream) != nullptr) output += chunk.data();
  CHECK(::pclose(stream) == 0);
  return output;
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The matrix with its quiet zone, some pixels a module.
GreyImage drawn(const QrCode& code, int pixels) {
  const int side = (code.side() + 2 * qr_quiet_modules) * pixels;
  GreyImage image{side, side, {}};
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool dark = code.dark(x / pixels - qr_quiet_modules, y / pixels - qr_quiet_modules);
      image.pixels.push_back(dark ? 0 : 255);
    }
  }
  return image;
}

/// The image that an SVG of ours draws, one pixel a module; the strokes are followed as they stand.
GreyImage drawn(const std::string& svg) {
  std::smatch size;
  REQUIRE(std::regex_search(svg, size, std::regex(R"(viewBox="0 0 (\d+) \1")")));
  const int side = std::stoi(size[1]);
  GreyImage image{side, side,
                  std::vector<std::uint8_t>(static_cast<std::size_t>(side * side), 255)};
  std::smatch path;
  REQUIRE(std::regex_search(svg, path, std::regex(R"re( d="([^"]*)")re")));
  const std::string strokes = path[1];
  const std::regex stroke(R"(M(\d+) (\d+)\.5|m(\d+) 0|h(\d+))");
  int x = 0;
  int y = 0;
  for (std::sregex_iterator at(strokes.begin(), strokes.end(), stroke), end; at != end; ++at) {
    const std::smatch& found = *at;
    if (found[1].matched) x = std::stoi(found[1]), y = std::stoi(found[2]);
    if (found[3].matched) x += std::stoi(found[3]);
    for (int i = found[4].matched ? std::stoi(found[4]) : 0; i > 0; --i) {
      image.pixels.at(static_cast<std::size_t>(y * side + x++)) = 0;
    }
  }
  return image;
}

}  // namespace

TEST_CASE("what is written as a code is read back", "[devices][qr]") {
  const auto text =
      GENERATE(as<std::string>{}, ticket, payment, std::string("x"),
               std::string("PARK- ~!\"#$%&'()*+"), std::string(qr_text_characters_max, 'z'));
  const auto png = qr_png(text);
  REQUIRE(png);
  const auto image = read_image(*png);
  REQUIRE(image);
  CHECK(codes_in(*image) == std::vector{text});
}

TEST_CASE("zbarimg reads our codes", "[devices][qr]") {
  const TempDir dir;
  const auto text = GENERATE(as<std::string>{}, ticket, payment);
  write_file(dir / "code.png", qr_png(text).value());
  write_file(dir / "code.pgm", as_pgm(drawn(QrCode::make(text).value(), 3)));
  const std::string zbarimg = "zbarimg -q --raw " + dir.path().string();
  CHECK(output_of(zbarimg + "/code.png") == text + "\n");
  CHECK(output_of(zbarimg + "/code.pgm") == text + "\n");
}

TEST_CASE("we read the codes of qrencode, of every level, inside any margin", "[devices][qr]") {
  const TempDir dir;
  const auto* options = GENERATE("-l L", "-l M", "-l Q -s 5", "-l H -s 2", "-m 12", "-v 15",
                                 "--foreground=303030 --background=D0D0D0", "-t PNG32");
  CAPTURE(options);
  const std::string file = (dir / "code.png").string();
  CHECK(
      output_of(std::string("qrencode ") + options + " -o " + file + " '" + ticket + "'").empty());
  const auto image = read_image(bytes_of(file));
  REQUIRE(image);
  CHECK(codes_in(*image) == std::vector{ticket});
}

TEST_CASE("an SVG draws the code and its quiet zone, in one path", "[devices][qr]") {
  const auto text = GENERATE(as<std::string>{}, ticket, payment);
  const auto svg = qr_svg(text);
  REQUIRE(svg);
  CHECK(drawn(*svg) == drawn(QrCode::make(text).value(), 1));
  CHECK(svg->find("<path") == svg->rfind("<path"));
  for (const char* forbidden : {"style", "script", "href"}) {
    CHECK(svg->find(forbidden) == std::string::npos);
  }
}

TEST_CASE("a ticket's SVG is small, the longest still fits into a decision", "[devices][qr]") {
  CHECK(qr_svg(ticket)->size() < 2'500);
  CHECK(qr_svg(payment)->size() < 8'000);
  const auto longest = qr_svg(std::string(qr_text_characters_max, 'z'));
  REQUIRE(longest);
  CHECK(longest->size() <= qr_svg_bytes_max);
}

TEST_CASE("any text that may be a code becomes one that is read and fits",
          "[devices][qr][property]") {
  CHECK(rc::check([] {
    const auto size = *rc::gen::inRange<std::size_t>(1, qr_text_characters_max + 1);
    const std::string text = *rc::gen::container<std::string>(
        size,
        rc::gen::map(rc::gen::inRange(0x20, 0x7F), [](int c) { return static_cast<char>(c); }));
    const auto code = QrCode::make(text);
    RC_ASSERT(code.has_value());
    RC_ASSERT(codes_in(drawn(*code, 4)) == std::vector{text});
    RC_ASSERT(qr_svg(text).has_value());
  }));
}

TEST_CASE("a text that is no code's is refused with the reason", "[devices][qr]") {
  CHECK(qr_svg("").error() == QrRefusal::empty);
  CHECK(qr_png("").error() == QrRefusal::empty);
  CHECK(qr_svg("one\ntwo").error() == QrRefusal::bad_character);
  CHECK(qr_svg("caf\xC3\xA9").error() == QrRefusal::bad_character);
  CHECK(qr_svg(std::string(1, '\0')).error() == QrRefusal::bad_character);
  CHECK(qr_png(std::string(qr_text_characters_max + 1, 'x')).error() == QrRefusal::too_long);
}
