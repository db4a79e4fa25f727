// Lists of described members as JSON Schema (2020-12). Pure; any thread.
#pragma once

#include "edge/api/description.hpp"
#include "edge/api/fields.hpp"

#include <string>
#include <string_view>

namespace gatehouse::api {

/// Whose members these are: a request's ids may be numbers, and it holds nothing unknown.
enum class SchemaFor : std::uint8_t { strict_request, lenient_request, answer };

/// The schema of one type of description.hpp.
std::string schema_of_type(std::string_view type, SchemaFor whose);
std::string schema_of(const DescribedMember& member, SchemaFor whose);
/// An object of these members.
std::string schema_of_members(std::string_view list, SchemaFor whose);
/// `answer`: the name of a described object, or members.
std::string schema_of_answer(std::string_view answer);
/// All described objects, and what a refusal looks like.
std::string schemas_of_objects();

/// `{"$ref":"#/components/schemas/Name"}`
std::string schema_reference(std::string_view name);

}  // namespace gatehouse::api
