#include "config/secrets.hpp"

#include "config/nearest_name.hpp"
#include "config/yaml_tree.hpp"

#include <fmt/format.h>

#include <fstream>
#include <system_error>

namespace habitd {

namespace fs = std::filesystem;

expected<std::string> read_text_file(const fs::path& file) {
  std::error_code failed;
  const auto kind = fs::status(file, failed).type();
  if (kind == fs::file_type::not_found)
    return make_error(ec::not_found, file.string() + ": no such file");
  if (failed)
    return make_error(ec::unavailable, file.string() + ": " + failed.message());
  if (kind != fs::file_type::regular)
    return make_error(ec::invalid_input, file.string() + ": not a file");
  if (fs::file_size(file, failed) > largest_config)
    return make_error(ec::invalid_input, file.string() + ": larger than 1 MiB");
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in)
    return make_error(ec::unavailable, file.string() + ": can't be read");
  return text;
}

namespace {

/// A secret that everybody on the machine can read is none.
error check_kept_secret(const fs::path& file) {
  std::error_code failed;
  const auto allowed = fs::status(file, failed).permissions();
  if (failed || (allowed & fs::perms::others_read) == fs::perms::none)
    return {}; // what else is wrong shows when it is read
  return make_error(
    ec::invalid_input,
    fmt::format("{0}: everybody on this machine can read it; chmod o= {0}",
                file.string()));
}

} // namespace

expected<std::string> read_secret_file(const fs::path& file) {
  if (auto failed = check_kept_secret(file))
    return failed;
  auto text = read_text_file(file);
  if (!text)
    return text;
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r'))
    text->pop_back();
  if (text->empty())
    return make_error(ec::invalid_input, file.string() + " is empty");
  return text;
}

expected<std::string> read_secret(const fs::path& file, const std::string& name) {
  if (auto failed = check_kept_secret(file))
    return failed;
  const auto text = read_text_file(file);
  if (!text)
    return text.error();
  const auto secrets = read_yaml(*text, file.string());
  if (!secrets)
    return secrets.error();
  std::vector<std::string_view> names;
  for (const auto& [key, value] : secrets->entries) {
    if (key.text == name && value.is == yaml_node::kind::scalar)
      return value.text.empty()
               ? expected<std::string>{make_error(
                   ec::invalid_input,
                   fmt::format("the secret \"{}\" in {} is empty", name, file.string()))}
               : value.text;
    names.push_back(key.text);
  }
  return make_error(ec::invalid_input,
                    fmt::format("no secret \"{}\" in {}{}", name, file.string(),
                                did_you_mean(name, names)));
}

expected<std::string> read_credential(const std::optional<std::string>& directory,
                                      const std::string& name) {
  if (!directory)
    return make_error(
      ec::invalid_input,
      fmt::format("no credential \"{}\": $CREDENTIALS_DIRECTORY is not set", name));
  if (name.empty() || name.starts_with('.') || name.find('/') != std::string::npos)
    return make_error(ec::invalid_input,
                      fmt::format("not the name of a credential: \"{}\"", name));
  return read_secret_file(fs::path{*directory} / name);
}

} // namespace habitd
