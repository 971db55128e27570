#include "actors/community/parse_topic.hpp"
#include "actors/community/refresh.hpp"
#include "actors/home/archive_input.hpp"
#include "storage/corpus_records.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace habitd {

namespace {

namespace json = boost::json;

constexpr int export_version = 1;
constexpr std::size_t longest_line = std::size_t{1} << 20;

error bad_line(const std::filesystem::path& from, std::size_t line,
               std::string_view why) {
  return make_error(ec::invalid_input,
                    fmt::format("{}:{}: {}", from.string(), line, why));
}

/// One line after the first: an entry, perhaps with its YAML.
error take_line(refresh_facts& facts, std::string_view line) {
  boost::system::error_code failed;
  const auto value = json::parse({line.data(), line.size()}, failed);
  const auto* object = failed ? nullptr : value.if_object();
  const auto* stored = object ? object->if_contains("entry") : nullptr;
  if (!stored)
    return make_error(ec::invalid_input, "no entry of a corpus");
  auto entry = corpus_entry_from_json(json::serialize(*stored));
  if (!entry)
    return entry.error();
  if (entry->id.empty() || entry->source.empty())
    return make_error(ec::invalid_input, "an entry without id or source");
  parsed_entry parsed{std::move(*entry), {}, {}};
  if (const auto* yaml = object->if_contains("yaml"); yaml && yaml->is_string()) {
    parsed.yaml = std::string{yaml->get_string()};
    auto read = read_blueprint(parsed.yaml);
    if (auto* documents = std::get_if<std::vector<read_document>>(&read))
      parsed.shingles = std::move(documents->front().shingles);
  }
  facts.parsed.push_back(std::move(parsed));
  return {};
}

bool is_header(std::string_view line) {
  boost::system::error_code failed;
  const auto value = json::parse({line.data(), line.size()}, failed);
  const auto* object = failed ? nullptr : value.if_object();
  const auto* version = object ? object->if_contains("habitd_corpus") : nullptr;
  return version && version->is_int64() && version->get_int64() == export_version;
}

} // namespace

error write_export(const home_store& store, const std::filesystem::path& to,
                   bool with_yaml) {
  const auto at = store.db->take_snapshot();
  const auto entries = store.corpus.all(at.get());
  if (!entries)
    return entries.error();
  const auto part = to.string() + ".part";
  std::unique_ptr<FILE, int (*)(FILE*)> out{std::fopen(part.c_str(), "wb"), &std::fclose};
  const auto refuse = [&] {
    return make_error(ec::unavailable, "write " + part + ": " + std::strerror(errno));
  };
  if (!out)
    return refuse();
  fmt::print(out.get(), "{{\"habitd_corpus\":{},\"entries\":{}}}\n", export_version,
             entries->size());
  for (const auto& entry : *entries) {
    json::object line{{"entry", json::parse(to_json(entry))}};
    if (with_yaml)
      if (const auto yaml = store.corpus.yaml(entry.id))
        line["yaml"] = *yaml;
    fmt::print(out.get(), "{}\n", json::serialize(line));
  }
  if (std::fflush(out.get()) != 0 || std::ferror(out.get()))
    return refuse();
  out.reset();
  std::error_code failed;
  std::filesystem::rename(part, to, failed);
  return failed ? make_error(ec::unavailable, to.string() + ": " + failed.message())
                : error{};
}

error read_export(refresh_facts& facts, const std::filesystem::path& from) {
  auto input = archive_input::open(from);
  if (!input)
    return input.error();
  if (const auto member = input->next_member(); !member)
    return member.error();
  std::string pending;
  std::vector<char> block(128 << 10);
  std::size_t line = 0;
  while (true) {
    const auto got = input->read(block);
    if (!got)
      return got.error();
    pending.append(block.data(), *got);
    std::size_t begin = 0;
    for (auto end = pending.find('\n'); end != std::string::npos;
         end = pending.find('\n', begin)) {
      const auto text = std::string_view{pending}.substr(begin, end - begin);
      begin = end + 1;
      if (++line == 1 && !is_header(text))
        return bad_line(from, line, "not an exported corpus of this version");
      if (line == 1)
        continue;
      if (const auto failed = take_line(facts, text))
        return bad_line(from, line, describe(failed));
    }
    pending.erase(0, begin);
    if (pending.size() > longest_line)
      return bad_line(from, line + 1, "a line of more than 1 MB");
    if (*got == 0)
      break;
  }
  return line > 0 ? error{} : bad_line(from, 1, "not an exported corpus of this version");
}

} // namespace habitd
