#include "actors/standards/take_text.hpp"

#include "actors/standards/document_check.hpp"
#include "actors/standards/version_bump.hpp"
#include "http/token.hpp"

#include <algorithm>

namespace habitd {

namespace {

constexpr std::size_t most_versions = 100;

text_verdict refused(std::string problem) {
  return {text_verdict::kind::refused, {}, std::move(problem)};
}

/// The versions of a document only go up, whatever was made current since.
std::string greatest(const std::vector<standard_version>& versions) {
  return versions.empty() ? "1.0.0" : versions.back().version;
}

} // namespace

text_verdict judge_text(const standard& document,
                        const std::vector<standard_version>& versions,
                        std::string_view current, const fetched_text& fetched,
                        wall_time now) {
  const auto& text = fetched.text;
  const auto hash = sha256_hex(text);
  if (hash == document.content_hash)
    return {};
  if (const auto known =
        std::ranges::find(versions, hash, &standard_version::content_hash);
      known != versions.end())
    return known->sequence > document.current
             ? text_verdict{}
             : refused("it is the text of version " + known->version +
                       ", which was replaced");
  if (auto problem = problem_with(text, document.kind); !problem.empty())
    return refused(std::move(problem));
  if (auto problem = problem_with_change(current, text); !problem.empty())
    return refused(std::move(problem));
  if (fetched.origin == "research")
    if (const auto host = unknown_host(current, text); !host.empty())
      return refused("it links to " + host.substr(0, 100) + ", which it did not before");
  auto change = change_of(current, text);
  if (change.bump == version_bump::none)
    return {};
  standard_version version;
  version.sequence = document.latest + 1;
  version.version = next_version(greatest(versions), change.bump);
  version.bump = change.bump;
  version.changes = std::move(change.log);
  version.content_hash = hash;
  version.origin = fetched.origin;
  version.created = now;
  return {text_verdict::kind::taken, std::move(version), {}};
}

void stage_version(const home_store& store, batch& changes, standard& document,
                   const std::vector<standard_version>& versions,
                   const standard_version& version, std::string_view text) {
  document.current = version.sequence;
  document.latest = std::max(document.latest, version.sequence);
  document.version = version.version;
  document.content_hash = version.content_hash;
  document.last_updated = version.created;
  store.standard_versions.put(changes, document.id, version, text);
  for (std::size_t i = 0; i + most_versions <= versions.size(); ++i)
    if (versions[i].sequence != document.current)
      store.standard_versions.erase(changes, document.id, versions[i].sequence);
  store.standards.put(changes, document);
}

standard_version first_version(std::string_view text, std::string origin, wall_time now) {
  standard_version version;
  version.sequence = 1;
  version.version = "1.0.0";
  version.content_hash = sha256_hex(text);
  version.origin = std::move(origin);
  version.created = now;
  return version;
}

} // namespace habitd
