#include "simulators/payments/pages.hpp"

#include "simulators/payments/exchange.hpp"
#include "simulators/payments/razorpay_views.hpp"

#include <string_view>

#include <fmt/format.h>

namespace gatehouse::simulators {
namespace {

constexpr std::size_t listed_max = 50;

std::string page(const std::string& title, const std::string& content) {
  return fmt::format(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{0}</title>"
      "<style>body{{font:18px/1.5 sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem}}"
      "button{{font:inherit;padding:.6rem 1.2rem;margin:.2rem;border:1px solid "
      "#777;border-radius:.4rem}}"
      "button[value=pay]{{background:#0a7a3d;color:#fff}}.amount{{font-size:2.2rem}}"
      "input{{font:inherit;width:100%}}code{{word-break:break-all}}</style></head>"
      "<body><p>{0} (simulated: no money moves)</p>{1}</body></html>",
      html_escaped(title), content);
}

std::string_view words(SimOrderState state) {
  switch (state) {
    case SimOrderState::open:
      return "waits for its payment";
    case SimOrderState::paid:
      return "is paid";
    case SimOrderState::cancelled:
      return "was cancelled";
    case SimOrderState::expired:
      return "has expired";
  }
  return "";
}

}  // namespace

std::string list_page(const std::string& provider, const ProviderBook& book) {
  std::string items;
  std::size_t count = 0;
  for (auto each = book.orders().rbegin(); each != book.orders().rend() && count < listed_max;
       ++each) {
    if (each->state != SimOrderState::open) continue;
    ++count;
    items += fmt::format("<li><a href=\"/pay/{0}\">{0}</a> ₹{1} {2}</li>", html_escaped(each->id),
                         rupees_text(each->amount), html_escaped(each->description));
  }
  return page(
      provider,
      "<h1>A phone with UPI</h1><form action=\"/upi\" method=\"get\"><label>What the code "
      "says<input name=\"uri\" placeholder=\"upi://pay?…\"></label><button>Scan</button></form>"
      "<h1>Can be paid</h1><ul>" +
          items + "</ul>");
}

std::string pay_page(const std::string& provider, const SimOrder& order,
                     const std::string& notice) {
  std::string content = fmt::format(
      "<p class=\"amount\">₹{}</p><p>{}</p><p><code>{}</code> {}.</p>", rupees_text(order.amount),
      html_escaped(order.description), html_escaped(order.id), words(order.state));
  if (!notice.empty()) content += "<p><b>" + html_escaped(notice) + "</b></p>";
  if (order.state == SimOrderState::open)
    content +=
        "<form method=\"post\">"
        "<button name=\"outcome\" value=\"pay\">Pay</button>"
        "<button name=\"outcome\" value=\"decline\">Decline</button>"
        "<button name=\"outcome\" value=\"wait\">The bank does not answer</button>"
        "<button name=\"outcome\" value=\"late\">Fails, and succeeds later</button></form>";
  return page(provider, content);
}

std::string done_page(const std::string& provider, const std::string& said,
                      const std::string& proof) {
  return page(provider, fmt::format("<h1>{}</h1><p><code id=\"proof\">{}</code></p>",
                                    html_escaped(said), html_escaped(proof)));
}

}  // namespace gatehouse::simulators
