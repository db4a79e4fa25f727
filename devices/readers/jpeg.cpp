#include "devices/readers/image_formats.hpp"

#include <csetjmp>
#include <cstdio>  // jpeglib.h names FILE and does not include it

#include <jpeglib.h>

namespace gatehouse::devices {
namespace {

// A progressive JPEG has about ten scans. Each makes the decoder walk the whole picture, however
// few bytes it has, so that 2 MiB of them would keep it busy for minutes.
constexpr int scans_max = 32;
// 12 megapixels of coefficients in full colour are 72 MB.
constexpr long memory_bytes_max = 96L * 1024 * 1024;

struct Failure {
  jpeg_error_mgr manager;  // first: libjpeg knows this one's address
  std::jmp_buf back;
};

[[noreturn]] void leave(j_common_ptr common) {
  std::longjmp(reinterpret_cast<Failure*>(common->err)->back, 1);
}
void stay_quiet(j_common_ptr) {}
void stay_quiet_about(j_common_ptr, int) {}

void count_scans(j_common_ptr common) {
  if (reinterpret_cast<j_decompress_ptr>(common)->input_scan_number > scans_max) leave(common);
}

/// libjpeg's structure, freed in any case.
class Reader {
 public:
  Reader() {
    jpeg_.err = jpeg_std_error(&failure_.manager);
    failure_.manager.error_exit = leave;
    failure_.manager.output_message = stay_quiet;
    failure_.manager.emit_message = stay_quiet_about;
    progress_.progress_monitor = count_scans;
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { jpeg_destroy_decompress(&jpeg_); }

  // libjpeg leaves these two by longjmp: nothing with a destructor is born in them.

  /// False: damaged.
  bool read_head(std::string_view bytes) {
    if (setjmp(failure_.back) != 0) return false;
    jpeg_create_decompress(&jpeg_);
    jpeg_.progress = &progress_;
    jpeg_.mem->max_memory_to_use = memory_bytes_max;
    jpeg_mem_src(&jpeg_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return jpeg_read_header(&jpeg_, TRUE) == JPEG_HEADER_OK;
  }
  /// `pixels` has room for all of them.
  bool read_rows(std::vector<std::uint8_t>& pixels) {
    if (setjmp(failure_.back) != 0) return false;
    jpeg_.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&jpeg_);
    while (jpeg_.output_scanline < jpeg_.output_height) {
      JSAMPROW row = pixels.data() + std::size_t{jpeg_.output_scanline} * jpeg_.output_width;
      jpeg_read_scanlines(&jpeg_, &row, 1);
    }
    return true;
  }

  [[nodiscard]] unsigned long width() const { return jpeg_.image_width; }
  [[nodiscard]] unsigned long height() const { return jpeg_.image_height; }

 private:
  Failure failure_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct jpeg_{};
};

}  // namespace

std::expected<GreyImage, ImageRefusal> read_jpeg(std::string_view bytes) {
  Reader reader;
  if (!reader.read_head(bytes)) return std::unexpected(ImageRefusal::damaged);
  if (const auto refusal = refuse_sides(reader.width(), reader.height())) {
    return std::unexpected(*refusal);
  }
  GreyImage image{static_cast<int>(reader.width()), static_cast<int>(reader.height()), {}};
  image.pixels.resize(reader.width() * reader.height());
  if (!reader.read_rows(image.pixels)) return std::unexpected(ImageRefusal::damaged);
  return image;
}

}  // namespace gatehouse::devices
