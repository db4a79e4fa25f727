// PhonePe v2 on the line: the token, and every call under it.
#include "cloud-bridge/payments/phonepe_v2.hpp"
#include "cloud-bridge/payments/reading.hpp"
#include "edge/engine/ports.hpp"

#include <utility>

#include <fmt/format.h>

namespace gatehouse::payments {

Asked<PhonePeToken> PhonePeV2::new_token() {
  const auto body =
      fmt::format("client_id={}&client_version={}&client_secret={}&grant_type=client_credentials",
                  percent_encoded(settings_.client_id), settings_.client_version,
                  percent_encoded(std::string(settings_.client_secret.reveal())));
  const auto reply = http_.call({.method = HttpMethod::post,
                                 .target = paths_.token + "/v1/oauth/token",
                                 .headers = {"Content-Type: application/x-www-form-urlencoded"},
                                 .body = body});
  // Whatever became of it, no order was touched: a token too many harms nobody.
  if (!reply) {
    auto trouble = reply.error();
    if (trouble.kind == TroubleKind::unknown) trouble.kind = TroubleKind::not_sent;
    return std::unexpected(std::move(trouble));
  }
  if (reply->status != 200) {
    auto trouble = read_phonepe_error(*reply);
    if (trouble.kind == TroubleKind::unknown) trouble.kind = TroubleKind::not_sent;
    if (trouble.kind == TroubleKind::refused) trouble.kind = TroubleKind::misconfigured;
    return std::unexpected(std::move(trouble));
  }
  const auto json = Json::parse(reply->body).value_or(Json());
  const auto text = text_of(json, "access_token");
  const auto expires_at = seconds_of(json, "expires_at");
  const bool is_one_line = text.find_first_of("\r\n") == std::string::npos;
  if (text.empty() || !is_one_line || !expires_at) {
    auto trouble = not_understood("A token without its text or its end");
    trouble.kind = TroubleKind::not_sent;
    return std::unexpected(std::move(trouble));
  }
  return PhonePeToken{.text = Secret(text),
                      .issued_at = seconds_of(json, "issued_at").value_or(clock_.now().utc),
                      .expires_at = *expires_at};
}

Asked<Secret> PhonePeV2::token() {
  const Instant now = clock_.now().utc;
  const auto old = tokens_.get(now);
  if (old && !tokens_.is_due(now)) return old->text;
  auto fresh = new_token();
  if (!fresh && old) return old->text;  // good until it ends
  if (!fresh) return std::unexpected(fresh.error());
  tokens_.put(*fresh);
  return fresh->text;
}

Asked<Json> PhonePeV2::post(const std::string& path, const Json& body) {
  return call({.method = HttpMethod::post,
               .target = paths_.calls + path,
               .headers = {"Content-Type: application/json"},
               .body = body.dump()});
}

Asked<Json> PhonePeV2::get(const std::string& path) {
  return call({.method = HttpMethod::get,
               .target = paths_.calls + path,
               .headers = {"Content-Type: application/json"}});
}

Asked<Json> PhonePeV2::call(const HttpRequest& request) {
  constexpr int unauthorized = 401;
  for (int attempt = 1;; ++attempt) {
    const auto secret = token();
    if (!secret) return std::unexpected(secret.error());
    HttpRequest signed_request = request;
    signed_request.headers.push_back(fmt::format("Authorization: O-Bearer {}", secret->reveal()));
    const auto reply = http_.call(signed_request);
    if (!reply) return std::unexpected(reply.error());
    // Not done, for the token was not taken: once more under a new one.
    if (reply->status == unauthorized && attempt == 1) {
      tokens_.drop(*secret);
      continue;
    }
    if (reply->status != 200) return std::unexpected(read_phonepe_error(*reply));
    auto json = Json::parse(reply->body);
    if (!json || !json->is_object()) return std::unexpected(not_understood("No JSON object"));
    return std::move(*json);
  }
}

}  // namespace gatehouse::payments
