#include "actors/home/archive_input.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace habitd {

namespace {

constexpr std::size_t block_bytes = 128 << 10;

/// The name without the endings that say how the file is packed.
std::string unpacked_name(const std::filesystem::path& file) {
  auto name = file.filename();
  while (name.extension() == ".gz" || name.extension() == ".zst" ||
         name.extension() == ".xz" || name.extension() == ".bz2")
    name = name.stem();
  return name.string();
}

error check_file(const std::filesystem::path& file, std::uintmax_t& bytes) {
  std::error_code failed;
  const auto status = std::filesystem::status(file, failed);
  if (status.type() == std::filesystem::file_type::not_found)
    return make_error(ec::not_found, file.string() + ": no such file");
  if (failed)
    return make_error(ec::unavailable, file.string() + ": " + failed.message());
  if (status.type() == std::filesystem::file_type::directory)
    return make_error(ec::invalid_input,
                      file.string() + ": a directory; name a file or an archive in it");
  bytes = std::filesystem::file_size(file, failed);
  if (failed)
    return make_error(ec::invalid_input, file.string() + ": " + failed.message());
  if (bytes == 0)
    return make_error(ec::invalid_input, file.string() + ": the file is empty");
  return {};
}

archive* archive_of_any_kind() {
  auto* const input = archive_read_new();
  archive_read_support_filter_gzip(input);
  archive_read_support_filter_zstd(input);
  archive_read_support_filter_xz(input);
  archive_read_support_filter_bzip2(input);
  archive_read_support_format_tar(input);
  archive_read_support_format_zip(input);
  archive_read_support_format_empty(input);
  archive_read_support_format_raw(input);
  return input;
}

} // namespace

void archive_input::closer::operator()(archive* input) const {
  archive_read_free(input);
}

archive_input::archive_input(archive_input&&) noexcept = default;
archive_input& archive_input::operator=(archive_input&&) noexcept = default;
archive_input::~archive_input() = default;

expected<archive_input> archive_input::open(const std::filesystem::path& file) {
  archive_input result;
  result.file_ = file;
  if (auto err = check_file(file, result.file_bytes_))
    return err;
  auto* const input = archive_of_any_kind();
  result.input_.reset(input);
  if (archive_read_open_filename(input, file.c_str(), block_bytes) != ARCHIVE_OK)
    return result.failure(ec::unavailable);
  return result;
}

struct archive_input::below {
  archive_input outer;
  std::vector<char> block = std::vector<char>(block_bytes);
};

expected<archive_input> archive_input::open_inside(archive_input outer) {
  archive_input result;
  result.file_ = outer.file_;
  result.file_bytes_ = outer.file_bytes_;
  result.below_ = std::make_shared<below>(below{std::move(outer)});
  auto* const input = archive_of_any_kind();
  result.input_.reset(input);
  const auto read = [](archive* reader, void* from, const void** block) -> la_ssize_t {
    auto& source = *static_cast<below*>(from);
    const auto got = source.outer.read(source.block);
    if (!got) {
      archive_set_error(reader, EIO, "%s", describe(got.error()).c_str());
      return -1;
    }
    *block = source.block.data();
    return static_cast<la_ssize_t>(*got);
  };
  if (archive_read_open(input, result.below_.get(), nullptr, read, nullptr) != ARCHIVE_OK)
    return result.failure(ec::corrupt_data);
  return result;
}

expected<bool> archive_input::next_member() {
  archive_entry* entry = nullptr;
  while (true) {
    const int status = archive_read_next_header(input_.get(), &entry);
    if (status == ARCHIVE_EOF)
      return false;
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
      return failure(ec::corrupt_data);
    const bool bare = archive_format(input_.get()) == ARCHIVE_FORMAT_RAW;
    if (!bare && archive_entry_filetype(entry) != AE_IFREG)
      continue;
    const char* const path = archive_entry_pathname_utf8(entry);
    const char* const raw_path = path ? path : archive_entry_pathname(entry);
    member_ = bare || !raw_path ? unpacked_name(file_)
                                : std::filesystem::path{raw_path}.filename().string();
    ++next_index_;
    return true;
  }
}

expected<std::size_t> archive_input::read(std::span<char> into) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const auto got =
      archive_read_data(input_.get(), into.data() + filled, into.size() - filled);
    if (got == ARCHIVE_RETRY)
      continue;
    if (got < 0) {
      if (filled > 0)
        break; // what came before the damage is good; the next call meets it again
      return failure(ec::corrupt_data);
    }
    if (got == 0)
      break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

double archive_input::progress() const {
  const auto consumed = archive_filter_bytes(input_.get(), -1);
  return std::min(1.0, static_cast<double>(consumed) / static_cast<double>(file_bytes_));
}

error archive_input::failure(ec code) const {
  const char* const text = archive_error_string(input_.get());
  return make_error(code, fmt::format("{}{}: {}", file_.string(),
                                      next_index_ > 0 ? " (" + member_ + ")" : "",
                                      text ? text : "can't be read"));
}

temporary_file::~temporary_file() {
  remove_name();
}

void temporary_file::remove_name() {
  std::error_code ignored; // a temporary file that is gone already is fine
  if (!path_.empty())
    for (const auto& name : {path_, beside("-wal")})
      std::filesystem::remove(name, ignored);
  path_.clear();
}

expected<temporary_file> unpack_member(archive_input& input) {
  std::error_code failed;
  auto pattern =
    (std::filesystem::temp_directory_path(failed) / "habitd-XXXXXX").string();
  const int descriptor = failed ? -1 : ::mkostemp(pattern.data(), 0);
  const auto refuse = [&pattern] {
    return make_error(ec::unavailable,
                      fmt::format("unpack {}: {}", pattern, std::strerror(errno)));
  };
  if (descriptor < 0)
    return refuse();
  temporary_file result{pattern};
  std::unique_ptr<FILE, int (*)(FILE*)> out{::fdopen(descriptor, "wb"), &std::fclose};
  std::vector<char> block(block_bytes);
  while (true) {
    const auto got = input.read(block);
    if (!got)
      return got.error();
    if (*got == 0)
      break;
    if (std::fwrite(block.data(), 1, *got, out.get()) != *got)
      return refuse();
  }
  if (std::fflush(out.get()) != 0)
    return refuse();
  return result;
}

expected<std::optional<temporary_file>> unpack_database(archive_input& input,
                                                        const std::string& name) {
  std::optional<temporary_file> database, log;
  while (true) {
    const auto more = input.next_member();
    if (!more)
      return more.error();
    if (!*more)
      break;
    for (const auto& [wanted, copy] :
         {std::pair{name, &database}, std::pair{name + "-wal", &log}})
      if (input.member() == wanted && !*copy) {
        auto unpacked = unpack_member(input);
        if (!unpacked)
          return unpacked.error();
        copy->emplace(std::move(*unpacked));
      }
  }
  if (!database || !log)
    return database;
  std::error_code failed;
  std::filesystem::rename(log->path(), database->beside("-wal"), failed);
  if (failed)
    return make_error(ec::unavailable, log->path().string() + ": " + failed.message());
  return database;
}

} // namespace habitd
