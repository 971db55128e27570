#include "storage/standard_store.hpp"

#include "storage/standard_records.hpp"

namespace habitd {

namespace {

constexpr std::string_view meta_prefix = "meta/";
constexpr std::string_view meta_end = "meta0"; // '0' follows '/'
constexpr std::string_view use_prefix = "use/";

std::string key_of(std::string_view prefix, std::string_view id) {
  return std::string{prefix}.append(id);
}

} // namespace

expected<standard> standard_store::get(std::string_view id) const {
  const auto text = db_.get(family::standards, key_of(meta_prefix, id));
  if (!text)
    return code_of(text.error()) == ec::not_found
             ? make_error(ec::not_found, "no standard with the id " + std::string{id})
             : text.error();
  return standard_from_json(*text);
}

void standard_store::put(batch& changes, const standard& document) const {
  changes.put(family::standards, key_of(meta_prefix, document.id), to_json(document));
}

void standard_store::erase(batch& changes, std::string_view id) const {
  changes.erase(family::standards, key_of(meta_prefix, id));
  changes.erase(family::standards, key_of(use_prefix, id));
}

expected<std::vector<standard>>
standard_store::list(std::vector<std::string>* unreadable) const {
  std::vector<standard> documents;
  if (auto failed = db_.scan(family::standards, meta_prefix, meta_end,
                             [&](std::string_view key, std::string_view text) {
                               if (auto document = standard_from_json(text))
                                 documents.push_back(std::move(*document));
                               else if (unreadable)
                                 unreadable->emplace_back(key.substr(meta_prefix.size()));
                               return true;
                             }))
    return failed;
  return documents;
}

expected<standard_use> standard_store::use(std::string_view id) const {
  const auto text = db_.get(family::standards, key_of(use_prefix, id));
  if (!text)
    return code_of(text.error()) == ec::not_found ? expected<standard_use>{standard_use{}}
                                                  : text.error();
  const auto use = standard_use_from_json(*text);
  return use ? *use : standard_use{};
}

void standard_store::put_use(batch& changes, std::string_view id,
                             const standard_use& use) const {
  changes.put(family::standards, key_of(use_prefix, id), to_json(use));
}

} // namespace habitd
