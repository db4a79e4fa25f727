#include "edge/api/openapi.hpp"

#include "edge/api/description.hpp"
#include "edge/api/schemas.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace gatehouse::api {
namespace {

constexpr std::string_view error_response =
    R"({"description":"A refusal","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Failure"}}}})";

std::string content(std::string_view type, const std::string& schema) {
  return "{" + json_text(type) + R"(:{"schema":)" + schema + "}}";
}

/// `{id}` and its like of a pattern.
std::vector<std::string> names_in_path(std::string_view pattern) {
  std::vector<std::string> names;
  for (auto begin = pattern.find('{'); begin != std::string_view::npos;
       begin = pattern.find('{', begin + 1))
    names.emplace_back(pattern.substr(begin + 1, pattern.find('}', begin) - begin - 1));
  return names;
}

std::string parameter(std::string_view name, std::string_view where, bool is_required,
                      std::string schema) {
  Fields fields;
  fields.text("name", name)
      .text("in", where)
      .flag("required", is_required)
      .nested("schema", std::move(schema));
  return fields.json();
}

bool asks_by_query(Method method) { return method == Method::get || method == Method::delete_; }

std::string parameters(const Route& route, const DescribedCall* call) {
  std::vector<std::string> all;
  for (const std::string& name : names_in_path(route.pattern))
    all.push_back(parameter(name, "path", true, R"({"type":"string"})"));
  if (call == nullptr || !asks_by_query(route.method)) return json_array(all);
  for (const DescribedMember& member : members_in(call->takes)) {
    all.push_back(parameter(member.name, "query", !member.is_optional,
                            schema_of(member, SchemaFor::strict_request)));
  }
  return json_array(all);
}

std::string request_body(const DescribedCall& call) {
  const bool is_strict = call.manner == Takes::strict;
  const std::string schema = schema_of_members(
      call.takes, is_strict ? SchemaFor::strict_request : SchemaFor::lenient_request);
  const std::string json = R"("application/json":{"schema":)" + schema + '}';
  const std::string form = R"(,"application/x-www-form-urlencoded":{"schema":)" + schema + '}';
  return R"({"required":true,"content":{)" + json + (is_strict ? "" : form) + "}}";
}

std::string enveloped(std::string_view answer, bool has_pages) {
  Fields properties;
  properties.nested("success", R"({"const":true})")
      .nested("message", R"({"type":"string"})")
      .nested("data", schema_of_answer(answer));
  std::vector<std::string> required{"\"success\"", "\"data\""};
  if (has_pages) {
    properties.nested("pagination", schema_reference("Pagination"));
    required.emplace_back("\"pagination\"");
  } else {
    required.emplace_back("\"message\"");
  }
  Fields schema;
  schema.text("type", "object")
      .nested("properties", properties.json())
      .nested("required", json_array(required));
  return schema.json();
}

std::string good_content(const DescribedCall& call) {
  switch (call.gives) {
    case Gives::data:
    case Gives::created:
      return content("application/json", enveloped(call.answer, false));
    case Gives::list: {
      std::string json = content("application/json", enveloped(call.answer, true));
      if (call.takes.contains("json|csv"))
        json.insert(json.size() - 1, R"(,"text/csv":{"schema":{"type":"string"}})");
      return json;
    }
    case Gives::top:
      return content(
          "application/json",
          schema_of_members("success:flag +" + std::string(call.answer), SchemaFor::answer));
    case Gives::bare:
      return content("application/json", schema_of_answer(call.answer));
    case Gives::array:
      return content("application/json",
                     R"({"type":"array","items":)" + schema_of_answer(call.answer) + '}');
    case Gives::page:
      return content("text/html", R"({"type":"string"})");
    case Gives::file:
      return content(call.answer, R"({"type":"string"})");
    case Gives::stream:
      return content("text/event-stream", R"({"type":"string"})");
  }
  return "{}";
}

std::string failure_response(const std::string& words) {
  Fields response;
  response.text("description", words)
      .nested("content", content("application/json", schema_reference("Failure")));
  return response.json();
}

/// The words that may be refused with, by status.
std::map<int, std::string> refusals(const Route& route, const DescribedCall& call) {
  std::map<int, std::string> by_status;
  const auto add = [&](std::string_view words) {
    while (!words.empty()) {
      const auto end = std::min(words.find(' '), words.size());
      const int status = status_of_refusal(words.substr(0, end));
      // On the older forms 409 is 400 too.
      const bool is_older_conflict = call.manner == Takes::lenient && status == 409;
      std::string& known = by_status[is_older_conflict ? 400 : status];
      known.append(known.empty() ? "" : " ").append(words.substr(0, end));
      words.remove_prefix(std::min(end + 1, words.size()));
    }
  };
  add(call.refusals);
  if (route.access != Access::anyone && route.access != Access::holder)
    add("not_signed_in forbidden");
  if (route.access != Access::anyone) add("bad_token");
  if (!call.takes.empty()) add("validation_failed");
  if (!call.takes.empty() && !asks_by_query(route.method))
    add("malformed_body unsupported_media_type");
  return by_status;
}

std::string responses(const Route& route, const DescribedCall& call) {
  Fields good;
  good.text("description", call.summary).nested("content", good_content(call));
  Fields all;
  all.nested(call.gives == Gives::created ? "201" : "200", good.json());
  for (const auto& [status, words] : refusals(route, call))
    all.nested(std::to_string(status), failure_response(words));
  all.nested("default", std::string(error_response));
  return all.json();
}

std::string roles_of(Access access) {
  std::vector<std::string> roles;
  for (const store::Role role :
       {store::Role::admin, store::Role::staff, store::Role::user, store::Role::device}) {
    if (is_enough(role, access)) roles.push_back(json_text(role_word(role)));
  }
  return json_array(roles);
}

std::string operation_id(const Route& route) {
  std::string id(name(route.method));
  for (const char c : route.pattern) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (is_letter) id += c;
    if (!is_letter && !id.ends_with('_')) id += '_';
  }
  return id;
}

std::string operation(const Route& route, const DescribedCall* call) {
  Fields fields;
  fields.text("operationId", operation_id(route));
  if (call != nullptr) fields.text("summary", call->summary);
  const bool is_open = route.access == Access::anyone;
  fields.nested("x-roles", roles_of(route.access)).nested("parameters", parameters(route, call));
  const bool nobody_need_sign_in = is_open || route.access == Access::holder;
  fields.nested("security", is_open               ? "[]"
                            : nobody_need_sign_in ? R"([{},{"bearer":[]},{"cookie":[]}])"
                                                  : R"([{"bearer":[]},{"cookie":[]}])");
  if (call == nullptr) {
    fields.nested("responses", R"({"default":)" + std::string(error_response) + '}');
    return fields.json();
  }
  if (!asks_by_query(route.method) && !call->takes.empty())
    fields.nested("requestBody", request_body(*call));
  fields.nested("responses", responses(route, *call));
  return fields.json();
}

constexpr std::string_view security_schemes =
    R"({"bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT"},)"
    R"("cookie":{"type":"apiKey","in":"cookie","name":"gh_access",)"
    R"("description":"With X-CSRF-Token equal to the cookie gh_csrf on anything but GET and HEAD"}})";

}  // namespace

std::string openapi_json(std::span<const Route> routes) {
  const auto calls = described_calls();
  const auto described = [&](const Route& route) -> const DescribedCall* {
    const auto found = std::ranges::find_if(calls, [&](const DescribedCall& call) {
      return call.method == route.method && call.pattern == route.pattern;
    });
    return found == calls.end() ? nullptr : &*found;
  };
  std::map<std::string, Fields> by_path;
  for (const Route& route : routes) {
    if (route.pattern.starts_with("/assets/")) continue;
    by_path[route.pattern].nested(in_small_letters(name(route.method)),
                                  operation(route, described(route)));
  }
  Fields paths;
  for (const auto& [path, operations] : by_path) paths.nested(path, operations.json());
  Fields info;
  info.text("title", "Gatehouse").text("version", GATEHOUSE_VERSION);
  Fields components;
  components.nested("schemas", schemas_of_objects())
      .nested("securitySchemes", std::string(security_schemes));
  Fields document;
  document.text("openapi", "3.1.0")
      .nested("info", info.json())
      .nested("paths", paths.json())
      .nested("components", components.json());
  return document.json();
}

}  // namespace gatehouse::api
