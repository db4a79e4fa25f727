// The descriptions as documents that other programs read: OpenAPI 3.1 of the calls, AsyncAPI 2.6 of
// the lot's broker. Pure; any thread.
#pragma once

#include "edge/api/router.hpp"

#include <span>
#include <string>

namespace gatehouse::api {

/// Of the routes that are there, each with what is described of it; the pages' files are left out.
std::string openapi_json(std::span<const Route> routes);

std::string asyncapi_json();

}  // namespace gatehouse::api
