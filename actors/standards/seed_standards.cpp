#include "actors/standards/seed_standards.hpp"

#include "actors/standards/document_check.hpp"
#include "actors/standards/front_matter.hpp"
#include "actors/standards/take_text.hpp"
#include "actors/standards/version_bump.hpp"
#include "storage/standard_records.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

namespace habitd {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_files = 10'000;

/// A text that is to be a document, and what it came from.
struct seed {
  std::string id;
  std::string text;
  std::string origin; // "shipped", "folder"
  std::string path;   // below the folder
};

void describe_seed(standard& document, const front_matter& front, const seed& from) {
  document.title = front.title.empty() ? from.id : front.title;
  document.kind = front.kind.empty() ? "markdown" : front.kind;
  document.source = !front.source.empty() || from.path.empty() ? front.source : "folder";
  document.path = from.path;
}

/// A document that is not there yet, with the settings its front matter gives it.
error add(home_store& store, const seed& from, const front_matter& front, wall_time now) {
  standard document;
  document.id = from.id;
  describe_seed(document, front, from);
  document.auto_update_enabled = front.auto_update_enabled;
  document.freshness_threshold_days = front.freshness_threshold_days;
  document.created = now;
  const auto versions = store.standard_versions.list(from.id);
  if (!versions && code_of(versions.error()) == ec::unavailable)
    return versions.error();
  auto version = first_version(from.text, from.origin, now);
  if (versions && !versions->empty()) { // its record was lost, but not what it was
    version.sequence = versions->back().sequence + 1;
    version.version = next_version(versions->back().version, version_bump::patch);
  }
  batch changes;
  stage_version(store, changes, document, {}, version, from.text);
  return store.db->write(std::move(changes));
}

/// Whether a text that came with habitd or the folder is to replace what is stored. What a
/// source has given since is newer than a file that did not change.
bool is_new(const std::vector<standard_version>& versions, const std::string& hash) {
  return std::ranges::find(versions, hash, &standard_version::content_hash) ==
         versions.end();
}

expected<bool> update(home_store& store, standard document, const seed& from,
                      const front_matter& front, wall_time now) {
  const auto before = document;
  describe_seed(document, front, from);
  const auto versions = store.standard_versions.list(document.id);
  if (!versions)
    return versions.error();
  const auto fresh = first_version(from.text, from.origin, now);
  batch changes;
  bool updated = false;
  if (is_new(*versions, fresh.content_hash)) {
    const auto current = store.standard_versions.text(document.id, document.current);
    fetched_text given;
    given.what = fetched_text::kind::text;
    given.text = from.text;
    given.origin = from.origin;
    auto verdict = judge_text(document, *versions, current ? *current : "", given, now);
    if (verdict.what == text_verdict::kind::taken) {
      stage_version(store, changes, document, *versions, verdict.version, from.text);
      updated = true;
    }
  }
  if (!updated && before == document)
    return false;
  store.standards.put(changes, document);
  if (auto failed = store.db->write(std::move(changes)))
    return failed;
  return updated;
}

/// Adds or updates one document, or says why not.
error plant(home_store& store, const seed& from, wall_time now, seed_report& report) {
  const auto leave_out = [&](const std::string& why) {
    report.problems.push_back(from.id + ": " + why);
    return error{};
  };
  if (!is_standard_id(from.id))
    return leave_out("not an id for a document");
  const auto front = read_front_matter(from.text, from.id);
  if (!front)
    return leave_out(front.error().context().get_as<std::string>(0));
  if (!front->kind.empty() && !is_document_kind(front->kind))
    return leave_out("kind is markdown or guide, not " + front->kind.substr(0, 40));
  const auto& source = front->source;
  if (!source.empty() && source != "folder" && source != "research" &&
      !source.starts_with("https://") && !source.starts_with("http://"))
    return leave_out("source is a URL, folder or research, not " + source.substr(0, 80));
  if (auto problem =
        problem_with(from.text, front->kind.empty() ? "markdown" : front->kind);
      !problem.empty())
    return leave_out(problem);
  const auto stored = store.standards.get(from.id);
  if (!stored && code_of(stored.error()) == ec::unavailable)
    return stored.error();
  if (!stored) { // not there, or damaged
    ++report.added;
    return add(store, from, *front, now);
  }
  const auto updated = update(store, *stored, from, *front, now);
  if (!updated)
    return updated.error();
  ++(*updated ? report.updated : report.kept);
  return {};
}

bool is_hidden(const fs::path& below) {
  return std::any_of(below.begin(), below.end(),
                     [](const fs::path& part) { return part.string().starts_with('.'); });
}

/// Files named *.md, as paths below the folder, in order.
std::vector<fs::path> files_in(const fs::path& folder, seed_report& report) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator at{folder, failed}, end; !failed && at != end;
       at.increment(failed)) {
    const auto below = at->path().lexically_relative(folder);
    if (!is_hidden(below) &&
        (below.extension() == ".md" || below.extension() == ".markdown"))
      files.push_back(below);
    if (files.size() > most_files) {
      report.problems.push_back("more than 10000 files: the rest is left out");
      break;
    }
  }
  if (failed)
    report.problems.push_back(folder.string() + ": " + failed.message());
  std::sort(files.begin(), files.end());
  return files;
}

} // namespace

expected<std::string> read_document(const fs::path& file) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed))
    return make_error(failed ? ec::unavailable : ec::invalid_input,
                      file.string() + ": not a regular file");
  std::ifstream in{file, std::ios::binary};
  std::string text(largest_document + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (!in && !in.eof()))
    return make_error(ec::unavailable, file.string() + ": can't be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > largest_document)
    return make_error(ec::invalid_input, file.string() + ": larger than 1 MiB");
  return text;
}

expected<seed_report> seed_standards(home_store& store,
                                     const std::vector<shipped_standard>& shipped,
                                     const fs::path& folder, wall_time now) {
  seed_report report;
  for (const auto& [id, text] : shipped)
    if (auto failed =
          plant(store, {std::string{id}, std::string{text}, "shipped", {}}, now, report))
      return failed;
  if (folder.empty())
    return report;
  for (const auto& below : files_in(folder, report)) {
    auto text = read_document(folder / below);
    if (!text) {
      report.problems.push_back(describe(text.error()));
      continue;
    }
    auto id = below;
    id.replace_extension();
    if (auto failed =
          plant(store,
                {id.generic_string(), std::move(*text), "folder", below.generic_string()},
                now, report))
      return failed;
  }
  return report;
}

} // namespace habitd
