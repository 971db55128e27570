#include "actors/community/file_source.hpp"

#include "actors/detector/pattern_id.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <set>

namespace habitd {

namespace {

namespace fs = std::filesystem;

bool is_yaml(const fs::path& path) {
  const auto ending = path.extension();
  return ending == ".yaml" || ending == ".yml";
}

/// A text that is too long is as good as none: its size alone gets it refused.
std::string too_long(std::uintmax_t bytes, const file_limits& limits) {
  return std::string(
    static_cast<std::size_t>(std::min<std::uintmax_t>(bytes, limits.file_bytes + 1)),
    '#');
}

struct totals {
  const file_limits& limits;
  std::size_t files = 0;
  std::uintmax_t bytes = 0;

  error add(std::uintmax_t more, const fs::path& from) {
    bytes += more;
    if (++files > limits.files || bytes > limits.total_bytes)
      return make_error(ec::invalid_input,
                        fmt::format("{}: more than {} files or {} bytes", from.string(),
                                    limits.files, limits.total_bytes));
    return {};
  }
};

fetched_topic topic_of(const std::string& source, const std::string& path,
                       wall_time changed) {
  fetched_topic topic;
  topic.source = source;
  topic.source_id = path;
  topic.voted = false;
  topic.created = changed;
  topic.updated = changed;
  return topic;
}

wall_time changed_at(const fs::path& file) {
  std::error_code failed;
  const auto at = fs::last_write_time(file, failed);
  if (failed)
    return {};
  return std::chrono::time_point_cast<std::chrono::milliseconds>(
    std::chrono::file_clock::to_sys(at));
}

expected<std::string> content_of(const fs::path& file, const file_limits& limits) {
  std::error_code failed;
  const auto bytes = fs::file_size(file, failed);
  if (failed)
    return make_error(ec::unavailable, file.string() + ": " + failed.message());
  if (bytes > limits.file_bytes)
    return too_long(bytes, limits);
  std::string text(static_cast<std::size_t>(bytes), '\0');
  std::ifstream in{file, std::ios::binary};
  if (!in.read(text.data(), static_cast<std::streamsize>(text.size())) && !in.eof())
    return make_error(ec::unavailable, file.string() + ": can't be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

error read_folder(const fs::path& from, const std::string& source, const take_topic& take,
                  const file_limits& limits) {
  std::error_code failed;
  std::set<fs::path> files;
  for (fs::recursive_directory_iterator
         each{from, fs::directory_options::skip_permission_denied, failed},
       end;
       !failed && each != end; each.increment(failed))
    if (!each->is_symlink() && each->is_regular_file() && is_yaml(each->path()))
      files.insert(each->path());
  if (failed)
    return make_error(ec::unavailable, from.string() + ": " + failed.message());
  totals all{limits};
  for (const auto& file : files) {
    auto text = content_of(file, limits);
    if (!text)
      return text.error();
    if (auto over = all.add(text->size(), from))
      return over;
    auto topic =
      topic_of(source, file.lexically_relative(from).generic_string(), changed_at(file));
    topic.body = std::move(*text);
    take(std::move(topic));
  }
  return {};
}

struct archive_closer {
  void operator()(archive* input) const { archive_read_free(input); }
};
using open_archive = std::unique_ptr<archive, archive_closer>;

error failure(const fs::path& from, archive* input, ec code) {
  const char* text = archive_error_string(input);
  return make_error(code, from.string() + ": " + (text ? text : "can't be read"));
}

/// The rest of the current member, up to a limit.
expected<std::string> member_text(archive* input, const fs::path& from,
                                  const file_limits& limits) {
  std::string text;
  std::array<char, 16'384> block{};
  while (text.size() <= limits.file_bytes) {
    const auto got = archive_read_data(input, block.data(), block.size());
    if (got == ARCHIVE_RETRY)
      continue;
    if (got < 0)
      return failure(from, input, ec::corrupt_data);
    if (got == 0)
      return text;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  return too_long(text.size(), limits);
}

open_archive begin_archive(const fs::path& from) {
  open_archive input{archive_read_new()};
  for (const auto support :
       {archive_read_support_filter_gzip, archive_read_support_filter_zstd,
        archive_read_support_filter_xz, archive_read_support_filter_bzip2,
        archive_read_support_format_tar, archive_read_support_format_zip})
    support(input.get());
  if (archive_read_open_filename(input.get(), from.c_str(), 64 << 10) != ARCHIVE_OK)
    return nullptr;
  return input;
}

error read_archive(const fs::path& from, const std::string& source,
                   const take_topic& take, const file_limits& limits) {
  const auto input = begin_archive(from);
  if (!input)
    return make_error(ec::invalid_input,
                      from.string() + ": neither a YAML file nor an archive");
  totals all{limits};
  archive_entry* entry = nullptr;
  while (true) {
    const auto status = archive_read_next_header(input.get(), &entry);
    if (status == ARCHIVE_EOF)
      return {};
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
      return failure(from, input.get(), ec::corrupt_data);
    const char* const name = archive_entry_pathname_utf8(entry);
    const bool wanted =
      name && archive_entry_filetype(entry) == AE_IFREG && is_yaml(fs::path{name});
    // What is passed over is unpacked too, so its size counts.
    const auto size = static_cast<std::uintmax_t>(std::max<la_int64_t>(
      0, archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0));
    if (auto over = all.add(wanted ? 0 : size, from))
      return over;
    if (!wanted)
      continue;
    auto topic = topic_of(source, fs::path{name}.lexically_normal().generic_string(),
                          wall_time{std::chrono::seconds{archive_entry_mtime(entry)}});
    auto text = member_text(input.get(), from, limits);
    if (!text)
      return text.error();
    all.bytes += std::max(text->size(), static_cast<std::size_t>(size));
    topic.body = std::move(*text);
    take(std::move(topic));
  }
}

} // namespace

std::string file_source_name(const fs::path& from) {
  std::error_code failed;
  const auto whole = fs::weakly_canonical(from, failed);
  return "files-" +
         format_pattern_id(stable_hash((failed ? from : whole).string())).substr(0, 8);
}

expected<std::string> read_files(const fs::path& from, const take_topic& take,
                                 const file_limits& limits) {
  std::error_code failed;
  const auto status = fs::status(from, failed);
  if (status.type() == fs::file_type::not_found)
    return make_error(ec::not_found, from.string() + ": no such file or folder");
  if (failed)
    return make_error(ec::unavailable, from.string() + ": " + failed.message());
  auto source = file_source_name(from);
  if (status.type() == fs::file_type::directory) {
    if (auto wrong = read_folder(from, source, take, limits))
      return wrong;
  } else if (is_yaml(from)) {
    auto text = content_of(from, limits);
    if (!text)
      return text.error();
    auto topic = topic_of(source, from.filename().string(), changed_at(from));
    topic.body = std::move(*text);
    take(std::move(topic));
  } else if (auto wrong = read_archive(from, source, take, limits)) {
    return wrong;
  }
  return source;
}

} // namespace habitd
