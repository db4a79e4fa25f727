#include "devices/readers/image_formats.hpp"

#include <csetjmp>
#include <cstring>
#include <new>
#include <utility>

#include <png.h>

namespace gatehouse::devices {
namespace {

[[noreturn]] void leave(png_structp png, png_const_charp) { png_longjmp(png, 1); }
void stay_quiet(png_structp, png_const_charp) {}

// Behind the last row libpng unpacks whatever is left of the pixels' chunks, to see their end: of
// 2 MiB up to 2 GiB. So much of the file the last row may still need: at most 32 KiB of
// pixels, and the file's end.
constexpr std::size_t last_row_bytes_max = std::size_t{48} * 1024;

struct Source {
  std::string_view left;
  bool in_last_row = false;
  std::size_t last_row_bytes = 0;
};

void take_bytes(png_structp png, png_bytep into, std::size_t size) {
  auto& source = *static_cast<Source*>(png_get_io_ptr(png));
  if (size > source.left.size()) png_error(png, "the file ends too soon");
  if (source.in_last_row) source.last_row_bytes += size;
  if (source.last_row_bytes > last_row_bytes_max) png_error(png, "more pixels than the image has");
  std::memcpy(into, source.left.data(), size);
  source.left.remove_prefix(size);
}

/// libpng's two structures, freed in any case.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : source_{.left = bytes} {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, leave, stay_quiet);
    if (png_ == nullptr) throw std::bad_alloc();
    info_ = png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
    png_set_read_fn(png_, &source_, take_bytes);
    // Texts, profiles and times would be unpacked into memory for nothing.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  // libpng leaves these two by longjmp: nothing with a destructor is born in them.

  /// False: damaged.
  bool read_head() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_info(png_, info_);
    return true;
  }
  /// Grey in 8 bits, followed by opacity if there is any, row by row.
  bool read_rows(std::vector<std::uint8_t>& rows, std::size_t& channels) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_expand(png_);
    png_set_scale_16(png_);
    if ((png_get_color_type(png_, info_) & PNG_COLOR_MASK_COLOR) != 0) {
      png_set_rgb_to_gray_fixed(png_, PNG_ERROR_ACTION_NONE, -1, -1);
    }
    const int passes = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    const std::size_t row_bytes = png_get_rowbytes(png_, info_);
    channels = png_get_channels(png_, info_);
    rows.resize(row_bytes * height());
    for (int pass = 0; pass < passes; ++pass) {
      for (std::size_t y = 0; y < height(); ++y) {
        source_.in_last_row = pass + 1 == passes && y + 1 == height();
        png_read_row(png_, rows.data() + y * row_bytes, nullptr);
      }
    }
    return true;
  }

  [[nodiscard]] std::size_t width() const { return png_get_image_width(png_, info_); }
  [[nodiscard]] std::size_t height() const { return png_get_image_height(png_, info_); }

 private:
  Source source_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

/// Pairs of grey and opacity become grey on white, in place.
void lay_on_white(std::vector<std::uint8_t>& rows) {
  const std::size_t count = rows.size() / 2;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned grey = rows[2 * i];
    const unsigned opacity = rows[2 * i + 1];
    rows[i] = static_cast<std::uint8_t>((grey * opacity + 255 * (255 - opacity) + 127) / 255);
  }
  rows.resize(count);
}

}  // namespace

std::expected<GreyImage, ImageRefusal> read_png(std::string_view bytes) {
  Reader reader(bytes);
  if (!reader.read_head()) return std::unexpected(ImageRefusal::damaged);
  if (const auto refusal = refuse_sides(reader.width(), reader.height())) {
    return std::unexpected(*refusal);
  }
  std::vector<std::uint8_t> rows;
  std::size_t channels = 0;
  if (!reader.read_rows(rows, channels)) return std::unexpected(ImageRefusal::damaged);
  if (channels == 2) lay_on_white(rows);
  GreyImage image{static_cast<int>(reader.width()), static_cast<int>(reader.height()),
                  std::move(rows)};
  if (image.pixels.size() != reader.width() * reader.height()) {
    return std::unexpected(ImageRefusal::damaged);
  }
  return image;
}

}  // namespace gatehouse::devices
