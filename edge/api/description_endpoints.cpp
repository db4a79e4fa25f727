// openapi.json and asyncapi.json: made once from the table of routes, the same for everybody.
#include "edge/api/endpoints.hpp"
#include "edge/api/openapi.hpp"

#include <memory>
#include <utility>

namespace gatehouse::api {

void add_description_endpoints(std::vector<Route>& routes) {
  const auto openapi = std::make_shared<std::string>();
  const auto add = [&](const char* address, std::shared_ptr<const std::string> document) {
    routes.push_back({Method::get, address, Access::anyone,
                      immediate([document = std::move(document)](const Call&) {
                        Response response;
                        response.body = *document;
                        return response;
                      })});
  };
  add("/openapi.json", openapi);
  add("/asyncapi.json", std::make_shared<const std::string>(asyncapi_json()));
  *openapi = openapi_json(routes);  // itself included
}

}  // namespace gatehouse::api
