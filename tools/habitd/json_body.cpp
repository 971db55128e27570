#include "tools/habitd/json_body.hpp"

#include <algorithm>
#include <set>

namespace habitd {

error read_json_body(std::string_view body, const std::vector<body_field>& fields) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(body.data(), body.size()).get(object))
    return make_error(ec::invalid_input, "the body is not a JSON object");
  std::set<std::string_view> seen;
  for (const auto& [key, value] : object) {
    const auto field = std::ranges::find(fields, key, &body_field::name);
    const std::string name{key.substr(0, 80)};
    if (field == fields.end())
      return make_error(ec::invalid_input, "the body has the unknown field " + name);
    if (!seen.insert(key).second)
      return make_error(ec::invalid_input, "the body has " + name + " twice");
    if (!field->take(value))
      return make_error(ec::invalid_input,
                        name + " takes " + std::string{field->expects});
  }
  return {};
}

} // namespace habitd
