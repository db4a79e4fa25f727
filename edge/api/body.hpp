// What a request carries besides its path: members with names, from a JSON object, a form or a
// query.
//
//   auto members = read_body(request, Accepts::json);
//   if (!members) return answer(std::move(members.error()));
//
// Values are kept as text, numbers as they were written: money is never a floating-point value on
// its way in. What cannot be read is a finished refusal (400, 415). Pure; any thread.
#pragma once

#include "edge/api/message.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

struct Member {
  enum class Kind : std::uint8_t { text, number, boolean, null, structure };
  std::string name;
  Kind kind = Kind::text;
  std::string text;                 // of null and of a structure: empty
  std::vector<Member> within = {};  // of a structure; those of a list have no names
  bool is_list = false;
};
using Members = std::vector<Member>;

enum class Accepts : std::uint8_t {
  json,
  json_or_form,  // application/x-www-form-urlencoded too
};

/// Without a body: no members.
std::expected<Members, Response> read_body(const Request& request, Accepts accepts);
std::expected<Members, Response> read_query(const Request& request);

/// RFC 3629: no surrogates, nothing longer than it need be.
bool is_utf8(std::string_view bytes);

}  // namespace gatehouse::api
