#include "edge/api/paper.hpp"

#include "edge/api/body.hpp"
#include "edge/api/paper_pdf.hpp"
#include "edge/domain/local_days.hpp"

namespace gatehouse::api {
namespace {

Response as_html(const Paper& paper) {
  std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += "<title>" + html_text(paper.title) + "</title>\n</head>\n<body>\n<table>\n";
  for (const PaperLine& line : paper.lines) {
    if (line.value.empty()) {
      const std::string tag = line.is_heading ? "th" : "td";
      page += "<tr><" + tag + " colspan=\"2\">" + html_text(line.what) + "</" + tag + "></tr>\n";
    } else {
      page +=
          "<tr><td>" + html_text(line.what) + "</td><td>" + html_text(line.value) + "</td></tr>\n";
    }
  }
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = page + "</table>\n</body>\n</html>\n";
  return response;
}

Response as_pdf(const Paper& paper) {
  Response response;
  response.content_type = "application/pdf";
  response.body = paper_pdf(paper);
  return response;
}

}  // namespace

std::optional<PaperFormat> parse_paper_format(std::string_view text) {
  if (text == "json") return PaperFormat::json;
  if (text == "html") return PaperFormat::html;
  if (text == "pdf") return PaperFormat::pdf;
  return std::nullopt;
}

Response paper_response(const Paper& paper, PaperFormat format) {
  return format == PaperFormat::pdf ? as_pdf(paper) : as_html(paper);
}

std::string local_time(const LocalTime& local, Instant instant) {
  const WallTime wall = local(instant);
  const auto minutes = wall.minute_of_day.count();
  const auto two = [](auto number) { return std::to_string(100 + number).substr(1); };
  return format_date(wall.date) + ' ' + two(minutes / 60) + ':' + two(minutes % 60);
}

std::string money(Paise amount) { return "₹" + amount.rupees(); }

std::string html_text(std::string_view text) {
  if (!is_utf8(text)) return "?";
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace gatehouse::api
