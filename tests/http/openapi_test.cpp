#include <catch2/catch.hpp>
#include <yaml-cpp/yaml.h>

#include <string>

namespace {

/// The node at "#/components/schemas/x"; undefined if there is none.
YAML::Node resolve(const YAML::Node& document, const std::string& reference) {
  YAML::Node node = document;
  for (std::size_t begin = reference.find('/'); begin != std::string::npos;) {
    const auto end = reference.find('/', begin + 1);
    const auto name = reference.substr(begin + 1, end - begin - 1);
    if (!node.IsMap() || !node[name])
      return YAML::Node{YAML::NodeType::Undefined};
    node.reset(node[name]);
    begin = end;
  }
  return node;
}

void check_references(const YAML::Node& document, const YAML::Node& node) {
  if (node.IsMap())
    for (const auto& entry : node) {
      if (entry.first.Scalar() == "$ref") {
        INFO(entry.second.Scalar());
        CHECK(resolve(document, entry.second.Scalar()).IsDefined());
      } else {
        check_references(document, entry.second);
      }
    }
  if (node.IsSequence())
    for (const auto& item : node)
      check_references(document, item);
}

} // namespace

TEST_CASE("every reference in the OpenAPI document leads somewhere") {
  const auto document = YAML::LoadFile(HABITD_OPENAPI);

  CHECK(document["openapi"].as<std::string>() == "3.1.0");
  check_references(document, document);
}

TEST_CASE("every operation of the OpenAPI document is named and answers 200 or 202") {
  const auto document = YAML::LoadFile(HABITD_OPENAPI);
  for (const auto& path : document["paths"])
    for (const auto& operation : path.second) {
      if (operation.first.Scalar() == "parameters")
        continue;
      INFO(path.first.Scalar());
      CHECK(operation.second["operationId"]);
      const auto responses = operation.second["responses"];
      CHECK((responses["200"] || responses["202"]));
    }
}
