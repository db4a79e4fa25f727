// What the calls of docs/contract/http.md take and give, said once: openapi.json and asyncapi.json
// are made from it, and the tests compare it with what the gateway does.
//
//   {Method::post, "/api/staff/entry/", "Let a ticket in", "qr_code vehicle_number?:vehicle
//   gate?:id",
//    Gives::data, "Entered", "invalid_qr already_entered"}
//
// A list of members is words: `name` is text; `name?` may be left out; `name:type` has one of the
// types below; `name:type?` may be null; `+Other` stands for the members of another list.
//
//   text id code vehicle phone email uuid   text, each with its own shape
//   gate slot zone user         the id of one that there is; of a user the name
//   secret                      a password or a token
//   rupees                      a number of rupees; decimal: the same as text, "50.00"
//   paise whole percent         numbers
//   flag time day bound object  true or false, RFC 3339, a day, a bound in time, anything in braces
//   A|B|C                       one of these words; Status, PaymentState, Role: lists of them
//   Name, [Name]                an object of that list of members, or many; [text]: many words
//
// Pure; any thread.
#pragma once

#include "edge/api/message.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::api {

/// The shape of a good answer.
enum class Gives : std::uint8_t {
  data,     // success, message, data: an object of `answer`, a list's name or members
  created,  // the same with 201
  list,     // data holds the members of `answer`; beside it stands pagination
  top,      // members beside success
  bare,     // `answer` as it is, without success
  array,    // a JSON array of `answer`
  page,     // HTML
  file,     // of the type that `answer` names
  stream,   // server-sent events
};

/// How a call takes its members.
enum class Takes : std::uint8_t {
  strict,   // nothing unknown: a body of JSON, or a query where the method is GET or DELETE
  lenient,  // one of the older forms: JSON or a form, unknown members are passed over
};

struct DescribedCall {
  Method method;
  std::string_view pattern;
  std::string_view summary;
  std::string_view takes;
  Gives gives;
  std::string_view answer;
  std::string_view refusals;  // words, beside those of every call
  Takes manner = Takes::strict;
};

/// Members that have a name of their own.
struct DescribedObject {
  std::string_view name;
  std::string_view members;
};

struct DescribedMember {
  std::string name;
  std::string type;
  bool is_optional = false;
  bool is_nullable = false;
};

/// A topic of the lot's broker, below `parking/v1/{lot}/`.
struct DescribedTopic {
  std::string_view topic;
  bool is_ours;  // the gateway says it; otherwise a device does
  bool is_retained;
  std::string_view summary;
  std::string_view members;  // of its JSON; empty: bytes
};

// The tables, one for each group of endpoints.
std::span<const DescribedCall> described_public_calls();
std::span<const DescribedCall> described_user_calls();
std::span<const DescribedCall> described_staff_calls();
std::span<const DescribedCall> described_admin_calls();
std::span<const DescribedObject> described_objects();
std::span<const DescribedTopic> described_topics();

/// All calls.
std::vector<DescribedCall> described_calls();

/// A list read; `+Other` is replaced. A list that cannot be read stops the process: it is ours.
std::vector<DescribedMember> members_in(std::string_view list);

/// The status that goes with a word of refusal; 0: there is no such word.
int status_of_refusal(std::string_view word);

}  // namespace gatehouse::api
