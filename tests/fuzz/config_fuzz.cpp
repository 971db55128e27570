#include "config/config.hpp"

/// Settings from anywhere end in a config or in an error, never otherwise.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view yaml{reinterpret_cast<const char*>(data), size};
  const auto nothing = [](const std::string&) { return std::optional<std::string>{}; };
  (void)habitd::parse_config(yaml, "habitd.yaml", nothing);
  return 0;
}
