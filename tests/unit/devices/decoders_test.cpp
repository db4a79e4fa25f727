// Vectors of the makers, or of those who measured them, and what each single bit of them is worth.
#include "devices/sensors/decoders/decoder.hpp"
#include "tests/unit/devices/outcome.hpp"

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

using namespace gatehouse;
using namespace gatehouse::devices;
using Catch::Generators::table;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    bytes.push_back(byte);
  }
  return bytes;
}

std::string decode(std::string_view decoder, const Bytes& bytes, unsigned port) {
  const Decoder* found = find_decoder(decoder);
  REQUIRE(found != nullptr);
  return outcome(found->decode(bytes, static_cast<std::uint8_t>(port)));
}

/// What a frame must become when one bit of it is turned.
std::string turned(char expectation, const std::string& before) {
  switch (expectation) {
    case '.':
      return before;
    case 'o':
      return before == "occupied" ? "free" : "occupied";
    case '1':
      return "occupied";
    case '0':
      return "free";
    case '-':
      return "alive";
    case 'u':
      return "rejected: unknown_value";
    case 'x':
      return "rejected: bad_frame";
    default:
      return "an expectation that no test knows";
  }
}

struct Vector {
  unsigned port;
  std::string hex;
  std::string expected;
  // One character for every bit of the frame, the highest first, bytes apart: what turning that
  // bit alone does. '.' nothing, 'o' the opposite state, '1' occupied, '0' free, '-' says nothing
  // of the slot any more, 'u' unknown_value, 'x' bad_frame.
  std::string bits;
};

void check_every_bit(std::string_view decoder, const Vector& vector) {
  CAPTURE(vector.port, vector.hex);
  const Bytes frame = from_hex(vector.hex);
  REQUIRE(frame.size() * 9 == vector.bits.size() + 1);
  CHECK(decode(decoder, frame, vector.port) == vector.expected);
  for (std::size_t byte = 0; byte < frame.size(); ++byte) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes with_one_turned = frame;
      with_one_turned[byte] ^= static_cast<std::uint8_t>(1U << bit);
      CAPTURE(byte, bit);
      CHECK(decode(decoder, with_one_turned, vector.port) ==
            turned(vector.bits[byte * 9 + 7 - bit], vector.expected));
    }
  }
}

}  // namespace

TEST_CASE("every bit of a Bosch frame means what its maker says", "[devices][decoders]") {
  const auto vector = GENERATE(values<Vector>({
      {1, "01", "occupied", ".......o"},
      {1, "00", "free", ".......o"},
      {1, "FE", "free", ".......o"},
      {2, "01FF", "occupied", ".......o ........"},
      {2, "0019", "free", ".......o ........"},
      {2, "01", "occupied", ".......o"},
      {3, "240300007503000000000000001D020301", "occupied",
       "........ ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........ ........ ........ ........ ........ ........ .......o"},
      {3, "240300007503000000000000001D020300", "free",
       "........ ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........ ........ ........ ........ ........ ........ .......o"},
      {6, "0100", "alive", "........ ........"},
  }));
  check_every_bit("bosch_tps110", vector);
}

TEST_CASE("every bit of an Nwave frame means what its maker says", "[devices][decoders]") {
  const auto vector = GENERATE(values<Vector>({
      // The maker's one vector sets bits 0 and 7 alike; the others tell them apart.
      {1, "95", "occupied", ".......o"},
      {1, "94", "free", ".......o"},
      {1, "15", "occupied", ".......o"},
      {1, "80", "free", ".......o"},
      {2, "00D3D800590B", "free", "-------o ........ ........ ........ ........ ........"},
      {2, "01D3D8", "occupied", "-------o ........ ........"},
      {2, "80D3D8", "alive", "0....... ........ ........"},
      {3, "0204090200", "free", "........ ........ ........ ........ .......o"},
      {3, "0204090201", "occupied", "........ ........ ........ ........ .......o"},
      {10, "D1201F345678", "occupied", ".......- ........ ........ ........ ........ ........"},
      {10, "D01F345678", "alive", ".......1 ........ ........ ........ ........"},
      {6, "01", "alive", "........"},
  }));
  check_every_bit("nwave_nps405", vector);
}

TEST_CASE("every bit of a PlacePod frame means what its maker says", "[devices][decoders]") {
  const auto vector = GENERATE(values<Vector>({
      {1, "156601", "occupied", "-------- xxxxxxxx uuuuuuuo"},
      {1, "156600", "free", "-------- xxxxxxxx uuuuuuuo"},
      {1, "376601", "occupied", "-------- xxxxxxxx uuuuuuuo"},
      {1, "376600", "free", "-------- xxxxxxxx uuuuuuuo"},
      // The last state counts.
      {1, "156600156601", "occupied", "........ xxxxxxxx uuuuuuu. oooooooo xxxxxxxx uuuuuuuo"},
      {1, "370080", "alive", "........ xxxxxxx. ........"},
      {1, "210080", "alive", "........ xxxxxxx. ........"},
      {1, "3F0101", "alive", "........ xxxxxxx. ........"},
      {1, "010101", "alive", "........ xxxxxxx. ........"},
      {1, "1C0101", "alive", "........ xxxxxxx. ........"},
      {1, "0302016C026700DC", "alive",
       "........ xxxxxxx. ........ ........ ........ xxxxxxxx ........ ........"
       ""},
      {1, "026781F0", "alive", "........ xxxxxxxx ........ ........"},
  }));
  check_every_bit("pni_placepod", vector);
}

TEST_CASE("every bit of a Libelium frame means what is known of it", "[devices][decoders]") {
  const auto vector = GENERATE(values<Vector>({
      {3, "800A010203040506070809", "occupied",
       "o...-.-. ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........"},
      {3, "410A000000000000000000", "free",
       "o...-.-. ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........"},
      {3, "805B0009001400DE0A0801", "occupied",
       "o...-.-. ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........"},
      {3, "04001E0E7CF2D9F91E0DDF", "free",
       "o...-.-. ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........"},
      {3, "850106160801010100014B", "occupied",
       "o...-.-. ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........"},
      // Kinds that say nothing of the slot.
      {3, "829F665700000D9F00FF00", "alive",
       "......1. ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........"},
      {3, "070A00001F00C60561ED91", "alive",
       "......0. ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........"},
      {3, "880A00001F00C60561ED91", "alive",
       "....1... ........ ........ ........ ........ ........ ........ ........ "
       "........ ........ ........"},
  }));
  check_every_bit("libelium_v2", vector);
}

TEST_CASE("a frame of another length is not one of this sensor's", "[devices][decoders]") {
  const auto [decoder, port, lengths] = GENERATE(table<std::string, unsigned, std::string>({
      // One character a length, from 0 bytes on.
      {"bosch_tps110", 1, "x+xxxxxxxxxxxxxxxxxx"},
      {"bosch_tps110", 2, "x++xxxxxxxxxxxxxxxxx"},
      {"bosch_tps110", 3, "xxxxxxxxxxxxxxxxx+xx"},
      {"bosch_tps110", 4, "++++++++++++++++++++"},
      {"bosch_tps110", 5, "++++++++++++++++++++"},
      {"bosch_tps110", 6, "++++++++++++++++++++"},
      {"bosch_tps110", 0, "++++++++++++++++++++"},
      {"nwave_nps405", 1, "x+xxxxxxxxxxxxxxxxxx"},
      {"nwave_nps405", 2, "xxx++++xxxxxxxxxxxxx"},
      {"nwave_nps405", 3, "xxxxx+xxxxxxxxxxxxxx"},
      {"nwave_nps405", 10, "xxxxx++xxxxxxxxxxxxx"},
      {"nwave_nps405", 6, "++++++++++++++++++++"},
      {"libelium_v2", 1, "xxxxxxxxxxx+xxxxxxxx"},
  }));
  CAPTURE(decoder, port);
  for (std::size_t size = 0; size < lengths.size(); ++size) {
    CAPTURE(size);
    const bool fits = decode(decoder, Bytes(size, 0x00), port) != "rejected: bad_frame";
    CHECK(fits == (lengths[size] == '+'));
  }
}

TEST_CASE("a PlacePod frame that ends inside an item is refused", "[devices][decoders]") {
  const auto* hex = GENERATE("", "15", "1566", "15660115", "1566011566", "0302016C0267", "026700");
  CAPTURE(hex);
  CHECK(decode("pni_placepod", from_hex(hex), 1) == "rejected: bad_frame");
}

TEST_CASE("a PlacePod state is looked for behind any other items", "[devices][decoders]") {
  CHECK(decode("pni_placepod", from_hex("0302016C026700DC156601"), 1) == "occupied");
  CHECK(decode("pni_placepod", from_hex("156601370005"), 1) == "occupied");
}

TEST_CASE("no decoder hands out a counter, a time or a battery", "[devices][decoders]") {
  for (const Decoder& decoder : decoders()) {
    for (unsigned port = 0; port < 256; ++port) {
      for (std::size_t size = 0; size < 20; ++size) {
        const auto read = decoder.decode(Bytes(size, 0x81), static_cast<std::uint8_t>(port));
        if (!read) continue;
        CHECK(*read == Reading{.occupied = read->occupied,
                               .seq = {},
                               .ts = {},
                               .battery_percent = {},
                               .rssi_dbm = {}});
      }
    }
  }
}

TEST_CASE("decoders are found by the names that lot.toml uses", "[devices][decoders]") {
  for (const auto* name : {"bosch_tps110", "pni_placepod", "nwave_nps405", "libelium_v2"}) {
    REQUIRE(find_decoder(name) != nullptr);
    CHECK(find_decoder(name)->name == name);
  }
  CHECK(find_decoder("") == nullptr);
  CHECK(find_decoder("bosch") == nullptr);
  CHECK(find_decoder("BOSCH_TPS110") == nullptr);
}
