#include "actors/outbox/file_target.hpp"

#include "messages/time_text.hpp"

#include <boost/json.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace habitd {

namespace {

namespace json = boost::json;

/// A file descriptor that is closed with the object.
class open_file {
public:
  open_file(const std::filesystem::path& path, int flags)
      : number_{::open(path.c_str(), flags | O_CLOEXEC, 0640)} {}
  ~open_file() {
    if (number_ >= 0)
      ::close(number_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  int number() const { return number_; }
  bool failed() const { return number_ < 0; }

private:
  int number_;
};

delivery_result failure(const std::filesystem::path& file) {
  return {delivery_result::kind::failed,
          file.string() + ": " + std::generic_category().message(errno),
          {}};
}

/// None if the payload is not UTF-8, which JSON can't hold.
std::optional<std::string> line_of(const outbox_entry& entry) {
  boost::system::error_code failed;
  auto payload = json::parse(entry.payload, failed);
  if (failed || !entry.content_type.starts_with("application/json"))
    payload = json::string{entry.payload};
  auto line = json::serialize(json::object{{"sequence", entry.sequence},
                                           {"created", format_utc(entry.created)},
                                           {"correlation_id", entry.correlation_id},
                                           {"content_type", entry.content_type},
                                           {"payload", std::move(payload)}});
  json::parse(line, failed); // checks what serialize does not
  if (failed)
    return std::nullopt;
  return line + '\n';
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool ends_within_a_line(int file, off_t size) {
  char last = '\n';
  return size > 0 && ::pread(file, &last, 1, size - 1) == 1 && last != '\n';
}

/// A new file is lost with its name unless the directory is on disk too.
bool sync_directory_of(const std::filesystem::path& file) {
  const auto parent = file.has_parent_path() ? file.parent_path() : ".";
  const open_file directory{parent, O_RDONLY | O_DIRECTORY};
  return !directory.failed() && ::fsync(directory.number()) == 0;
}

} // namespace

delivery_result append_to_file(const std::filesystem::path& path,
                               const outbox_entry& entry) {
  const auto line = line_of(entry);
  if (!line)
    return {delivery_result::kind::refused, "the payload is not UTF-8", {}};
  // Opened anew each time, so that log rotation just works; without waiting, for a pipe.
  const open_file file{path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK};
  struct stat before {};
  if (file.failed() || ::fstat(file.number(), &before) != 0)
    return failure(path);
  if (!S_ISREG(before.st_mode))
    return {delivery_result::kind::failed, path.string() + ": not a regular file", {}};
  const auto text =
    (ends_within_a_line(file.number(), before.st_size) ? "\n" : "") + *line;
  if (!write_all(file.number(), text)) {
    const auto failed = failure(path); // before the next call changes errno
    if (::ftruncate(file.number(), before.st_size) != 0)
      return failure(path);
    return failed;
  }
  if (::fsync(file.number()) != 0 || (before.st_size == 0 && !sync_directory_of(path)))
    return failure(path);
  return {};
}

} // namespace habitd
