#include "edge/api/description.hpp"
#include "edge/api/openapi.hpp"
#include "edge/api/schemas.hpp"

#include <utility>

namespace gatehouse::api {
namespace {

std::string message_of(const DescribedTopic& topic) {
  Fields message;
  message.text("summary", topic.summary);
  if (topic.members.empty()) {
    message.text("contentType", "application/octet-stream");
  } else {
    message.text("contentType", json_type)
        .nested("payload", schema_of_members(topic.members, SchemaFor::answer));
  }
  return message.json();
}

std::string parameters_of(std::string_view topic) {
  Fields parameters;
  const auto add = [&](std::string_view name) {
    Fields parameter;
    parameter.nested("schema", R"({"type":"string"})");
    parameters.nested(name, parameter.json());
  };
  add("lot");
  for (auto begin = topic.find('{'); begin != std::string_view::npos;
       begin = topic.find('{', begin + 1))
    add(topic.substr(begin + 1, topic.find('}', begin) - begin - 1));
  return parameters.json();
}

/// AsyncAPI 2.6: what others may do. They subscribe to what the gateway says.
std::string channel_of(const DescribedTopic& topic) {
  Fields mqtt;
  mqtt.number("qos", 1).flag("retain", topic.is_retained);
  Fields bindings;
  bindings.nested("mqtt", mqtt.json());
  Fields act;
  act.nested("message", message_of(topic)).nested("bindings", bindings.json());
  Fields channel;
  channel.nested("parameters", parameters_of(topic.topic))
      .nested(topic.is_ours ? "subscribe" : "publish", act.json());
  return channel.json();
}

}  // namespace

std::string asyncapi_json() {
  Fields channels;
  for (const DescribedTopic& topic : described_topics())
    channels.nested("parking/v1/{lot}/" + std::string(topic.topic), channel_of(topic));
  Fields info;
  info.text("title", "Gatehouse").text("version", GATEHOUSE_VERSION);
  Fields components;
  components.nested("schemas", schemas_of_objects());
  Fields document;
  document.text("asyncapi", "2.6.0")
      .nested("info", info.json())
      .text("defaultContentType", json_type)
      .nested("channels", channels.json())
      .nested("components", components.json());
  return document.json();
}

}  // namespace gatehouse::api
