#include "storage/standard_version_store.hpp"

#include "storage/keys.hpp"
#include "storage/standard_records.hpp"

namespace habitd {

namespace {

/// "i<id>\0<sequence>" for what is known of a version, "t…" for its text; ids have no NUL.
std::string prefix_of(char part, std::string_view id) {
  std::string key{part};
  key.append(id) += '\0';
  return key;
}

std::string key_of(char part, std::string_view id, std::uint32_t sequence) {
  auto key = prefix_of(part, id);
  append_big_endian(key, sequence);
  return key;
}

} // namespace

void standard_version_store::put(batch& changes, std::string_view id,
                                 const standard_version& version,
                                 std::string_view text) const {
  changes.put(family::standard_versions, key_of('i', id, version.sequence),
              to_json(version));
  changes.put(family::standard_versions, key_of('t', id, version.sequence),
              std::string{text});
}

void standard_version_store::erase(batch& changes, std::string_view id,
                                   std::uint32_t sequence) const {
  changes.erase(family::standard_versions, key_of('i', id, sequence));
  changes.erase(family::standard_versions, key_of('t', id, sequence));
}

expected<std::vector<standard_version>>
standard_version_store::list(std::string_view id) const {
  const auto from = prefix_of('i', id);
  auto to = from;
  to.back() = '\1';
  std::vector<standard_version> versions;
  error bad;
  const auto failed = db_.scan(family::standard_versions, from, to,
                               [&](std::string_view, std::string_view text) {
                                 auto version = standard_version_from_json(text);
                                 if (version)
                                   versions.push_back(std::move(*version));
                                 else
                                   bad = version.error();
                                 return !bad;
                               });
  if (failed || bad)
    return failed ? failed : bad;
  return versions;
}

expected<std::string> standard_version_store::text(std::string_view id,
                                                   std::uint32_t sequence) const {
  auto text = db_.get(family::standard_versions, key_of('t', id, sequence));
  if (!text && code_of(text.error()) == ec::not_found)
    return make_error(ec::not_found, "no such version of " + std::string{id});
  return text;
}

} // namespace habitd
