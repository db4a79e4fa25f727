#include "edge/api/paper_pdf.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

namespace gatehouse::api {
namespace {

// In points. A5.
constexpr double page_width = 419.5;
constexpr double page_height = 595.3;
constexpr double margin = 36;
constexpr double line_gap = 4;
constexpr double values_begin = 0.55;  // of the text's width

constexpr const char* text_font = "DejaVu Sans, Lohit Devanagari 9";
constexpr const char* heading_font = "DejaVu Sans, Lohit Devanagari Bold 13";

template <auto Free>
struct Freed {
  template <class Thing>
  void operator()(Thing* thing) const {
    Free(thing);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_destroy>>;
using Drawing = std::unique_ptr<cairo_t, Freed<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Freed<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;

/// Called from C: nothing may be thrown through it.
cairo_status_t append(void* to, const unsigned char* bytes, unsigned int length) noexcept {
  try {
    auto& text = *static_cast<std::string*>(to);
    std::transform(bytes, bytes + length, std::back_inserter(text),
                   [](unsigned char byte) { return static_cast<char>(byte); });
    return CAIRO_STATUS_SUCCESS;
  } catch (const std::exception&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
}

void require_drawn(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS)
    throw std::runtime_error(std::string("cannot draw a PDF: ") + cairo_status_to_string(status));
}

/// Text from the top down, page by page.
class Pages {
 public:
  explicit Pages(cairo_t* drawing) : drawing_(drawing) {}

  void add(const PaperLine& line) {
    const double width = page_width - 2 * margin;
    const double split = line.value.empty() ? width : width * values_begin;
    const char* const font = line.is_heading ? heading_font : text_font;
    const Layout what = layout(line.what, font, split, PANGO_ALIGN_LEFT);
    const Layout value = layout(line.value, font, width - split, PANGO_ALIGN_RIGHT);
    const double height = std::max(height_of(what.get()), height_of(value.get()));
    if (top_ + height > page_height - margin && top_ > margin) {
      cairo_show_page(drawing_);
      top_ = margin;
    }
    show(what.get(), margin);
    if (!line.value.empty()) show(value.get(), margin + split);
    top_ += height + line_gap;
  }

 private:
  [[nodiscard]] Layout layout(const std::string& text, const char* font, double width,
                              PangoAlignment align) const {
    Layout made(pango_cairo_create_layout(drawing_));
    const Font description(pango_font_description_from_string(font));
    pango_layout_set_font_description(made.get(), description.get());
    pango_layout_set_width(made.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(made.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(made.get(), align);
    pango_layout_set_text(made.get(), text.data(), static_cast<int>(text.size()));
    return made;
  }
  static double height_of(PangoLayout* layout) {
    int height = 0;
    pango_layout_get_size(layout, nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
  }
  void show(PangoLayout* layout, double left) const {
    cairo_move_to(drawing_, left, top_);
    pango_cairo_show_layout(drawing_, layout);
  }

  cairo_t* drawing_;
  double top_ = margin;
};

}  // namespace

std::string paper_pdf(const Paper& paper) {
  std::string pdf;
  const Surface surface(cairo_pdf_surface_create_for_stream(append, &pdf, page_width, page_height));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, paper.title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                 format_rfc3339(paper.issued_at).c_str());
  {
    const Drawing drawing(cairo_create(surface.get()));
    Pages pages(drawing.get());
    for (const PaperLine& line : paper.lines) pages.add(line);
    cairo_show_page(drawing.get());
    require_drawn(cairo_status(drawing.get()));
  }
  cairo_surface_finish(surface.get());
  require_drawn(cairo_surface_status(surface.get()));
  return pdf;
}

}  // namespace gatehouse::api
