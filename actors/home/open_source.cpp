#include "actors/home/open_source.hpp"

#include "actors/home/recorder_reader.hpp"
#include "actors/home/text_reader.hpp"
#include "actors/home/unreadable_source.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace habitd {

namespace {

constexpr std::string_view sqlite_magic{"SQLite format 3\0", 16};
constexpr std::string_view recorder_name = "recorder";
constexpr std::string_view recorder_description =
  "Home Assistant recorder, SQLite (home-assistant_v2.db), also while it is in use";

bool never(std::span<const std::string_view>) {
  return false;
}

/// Text layouts; a more particular one comes before those that would take it as well.
constexpr std::array layouts{
  layout_kind{
    "json",
    "answers of Home Assistant's REST API (history, logbook, states): arrays of "
    "objects, on any number of lines",
    looks_like_json, ndjson_layout, piece_kind::object},
  layout_kind{"ndjson",
              "events of the Home Assistant bus, or flat rows; a JSON object a line",
              looks_like_ndjson, ndjson_layout},
  layout_kind{"aras", "ARAS, a line a second of 20 sensors and 2 activities; DAY_1.txt …",
              looks_like_aras, aras_layout},
  layout_kind{"aras_events", "ARAS as changes: day,time,sensor_column,value",
              looks_like_aras_events, aras_events_layout},
  layout_kind{"budapest", "date,time,node,room,type,value", looks_like_budapest,
              budapest_layout},
  layout_kind{"kasteren", "van Kasteren: tab-separated start, end, sensor, value",
              looks_like_intervals, interval_layout},
  layout_kind{"mit", "MIT, Munguia Tapia: tab-separated start, end, sensor", never,
              interval_layout},
  layout_kind{"ordonez", "Ordonez: time,device,value with True and False", never,
              csv_layout},
  layout_kind{"csv", "CSV with a header that names time, entity and state columns",
              looks_like_csv, csv_layout},
};

const layout_kind* layout_named(std::string_view name) {
  const auto found = std::ranges::find(layouts, name, &layout_kind::name);
  return found == layouts.end() ? nullptr : &*found;
}

std::string format_list() {
  std::string list{recorder_name};
  for (const auto& kind : layouts)
    list += fmt::format(", {}", kind.name);
  return list;
}

/// The first whole lines of a file; the only one too if it has just one.
std::vector<std::string_view> first_lines(std::string_view head) {
  std::vector<std::string_view> lines;
  if (head.starts_with("\xEF\xBB\xBF"))
    head.remove_prefix(3);
  while (lines.size() < 100 && !head.empty()) {
    const auto end = head.find('\n');
    auto line = head.substr(0, end);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (end != std::string_view::npos || lines.empty())
      if (line.find_first_not_of(" \t") != std::string_view::npos)
        lines.push_back(line);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
  }
  return lines;
}

/// The name of the format that a file's beginning shows, or "".
std::string_view recognise(std::string_view head) {
  if (head.starts_with(sqlite_magic))
    return recorder_name;
  const auto lines = first_lines(head);
  for (const auto& kind : layouts)
    if (kind.recognise(lines))
      return kind.name;
  return {};
}

/// Files that data sets put beside the sensors' own: what people did, what the sensors are.
bool is_annotation(std::string_view name) {
  std::string lower{name};
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  });
  constexpr std::array words{"readme", "license", "activit",   "actdata",
                             "-as.",   "_as.",    "actionmap", "sensormap"};
  return std::ranges::any_of(
    words, [&lower](const char* word) { return lower.find(word) != std::string::npos; });
}

error unknown_format(const source_request& request,
                     const std::vector<member_head>& members) {
  const auto extension = request.file.extension();
  const bool database_name =
    extension == ".db" || extension == ".sqlite" || extension == ".sqlite3";
  std::string looked_at;
  for (const auto& member : members)
    if (const auto known = known_unreadable(member.head); !known.empty())
      return make_error(ec::invalid_input,
                        fmt::format("{}{}: {}", request.file.string(),
                                    members.size() > 1 ? " (" + member.name + ")" : "",
                                    known));
  for (std::size_t i = 0; i < std::min<std::size_t>(members.size(), 3); ++i) {
    const auto lines = first_lines(members[i].head);
    const auto first = lines.empty() ? std::string_view{} : lines.front();
    const bool text = std::ranges::all_of(
      first, [](char c) { return static_cast<unsigned char>(c) >= ' ' || c == '\t'; });
    looked_at +=
      fmt::format("; {} begins {}", members[i].name,
                  text ? fmt::format("\"{:.60}\"", first) : "with binary data");
  }
  return make_error(
    ec::invalid_input,
    fmt::format(
      "{}: {}no known format{} (looked for \"SQLite format 3\", a JSON object, a "
      "header naming time, entity and state columns, and the data sets' "
      "layouts; formats: {})",
      request.file.string(), database_name ? "not an SQLite database, and " : "",
      looked_at, format_list()));
}

/// Which files of an archive to read, and how.
struct choice {
  std::string_view format;
  std::vector<std::size_t> members;
};

expected<choice> choose(const source_request& request,
                        const std::vector<member_head>& members) {
  choice result{request.format, {}};
  std::string_view other;
  const bool archive = members.size() > 1;
  for (const auto& member : members) {
    auto format = recognise(member.head);
    // Layouts that look alike go by the name the request has for them.
    const auto* const wanted = layout_named(request.format);
    const auto* const found = layout_named(format);
    if (wanted && found && wanted->make == found->make && wanted->pieces == found->pieces)
      format = request.format;
    if (format.empty() || (archive && is_annotation(member.name)))
      continue;
    if (result.format.empty())
      result.format = format;
    if (format == result.format)
      result.members.push_back(member.index);
    else if (other.empty())
      other = format;
  }
  if (!other.empty() && request.format.empty())
    return make_error(ec::invalid_input,
                      fmt::format("{}: holds both {} and {}; name the format to read",
                                  request.file.string(), result.format, other));
  // A format that was asked for is tried even where the content doesn't show it.
  if (result.members.empty() && !request.format.empty())
    for (const auto& member : members)
      if (!archive || !is_annotation(member.name))
        result.members.push_back(member.index);
  if (result.members.empty())
    return unknown_format(request, members);
  return result;
}

constexpr std::string_view database_of_home = "home-assistant_v2.db";

/// A database inside an archive or compressed is read from a copy.
expected<event_source> open_packed_recorder(const source_request& request,
                                            const std::string& name) {
  auto input = archive_input::open(request.file);
  if (!input)
    return input.error();
  auto copy = unpack_database(*input, name);
  if (!copy)
    return copy.error();
  if (!*copy)
    return make_error(ec::corrupt_data,
                      request.file.string() + ": changed while it was being read");
  return open_recorder_copy(request, std::move(**copy));
}

bool is_backup_part(const member_head& member) {
  return member.name == "homeassistant.tar.gz" || member.name == "homeassistant.tar";
}

/// A backup of Home Assistant holds its configuration as an archive of its own.
expected<event_source> open_backup(const source_request& request,
                                   const member_head& part) {
  const auto refuse = [&](ec code, const char* why) {
    return make_error(code, request.file.string() + ": " + why);
  };
  const bool packed = part.head.starts_with("\x1f\x8b");
  const bool plain = part.head.size() > 262 && part.head.substr(257, 5) == "ustar";
  if (!packed && !plain)
    return refuse(
      ec::invalid_input,
      "the backup is encrypted: download it from Home Assistant's backup page, "
      "which decrypts it, or make one without encryption");
  auto outer = archive_input::open(request.file);
  if (!outer)
    return outer.error();
  do {
    const auto more = outer->next_member();
    if (!more)
      return more.error();
    if (!*more)
      return refuse(ec::corrupt_data, "changed while it was being read");
  } while (outer->member_index() != part.index);
  auto inner = archive_input::open_inside(std::move(*outer));
  if (!inner)
    return inner.error();
  auto copy = unpack_database(*inner, std::string{database_of_home});
  if (!copy)
    return copy.error();
  if (!*copy)
    return refuse(
      ec::invalid_input,
      "the backup holds no home-assistant_v2.db: the database was left out of "
      "it, or is not SQLite");
  return open_recorder_copy(request, std::move(**copy));
}

bool is_plain_database(const std::filesystem::path& file) {
  std::unique_ptr<FILE, int (*)(FILE*)> input{std::fopen(file.c_str(), "rb"),
                                              &std::fclose};
  std::array<char, 16> magic{};
  return input &&
         std::fread(magic.data(), 1, magic.size(), input.get()) == magic.size() &&
         std::string_view{magic.data(), magic.size()} == sqlite_magic;
}

expected<event_source> open_known(source_request request) {
  if (!request.format.empty() && request.format != recorder_name &&
      !layout_named(request.format))
    return make_error(ec::invalid_input, fmt::format("no such format: {} (formats: {})",
                                                     request.format, format_list()));
  const auto file = file_of_url(request.file.string());
  if (!file)
    return file.error();
  request.file = *file;
  if (!request.calendar) {
    const auto utc = home_calendar::open("UTC");
    if (!utc)
      return utc.error();
    request.calendar = std::make_shared<home_calendar>(*utc);
  }
  request.page_rows = std::max<std::size_t>(request.page_rows, 1);
  request.file = source_path(request.file);
  // A live database is opened by SQLite alone: libarchive would read it without its log.
  if (request.format.empty() || request.format == recorder_name)
    if (is_plain_database(request.file))
      return open_recorder(request);
  const auto members = list_members(request.file);
  if (!members)
    return members.error();
  const bool wants_recorder = request.format.empty() || request.format == recorder_name;
  if (const auto part = std::ranges::find_if(*members, is_backup_part);
      part != members->end() && wants_recorder)
    return open_backup(request, *part);
  const auto home = std::ranges::find(*members, database_of_home, &member_head::name);
  if (home != members->end() && wants_recorder)
    return open_packed_recorder(request, home->name); // of a whole configuration folder
  auto chosen = choose(request, *members);
  if (!chosen)
    return chosen.error();
  if (chosen->format != recorder_name) {
    const auto first =
      std::ranges::find(*members, chosen->members.front(), &member_head::index);
    auto source =
      open_text(request, *layout_named(chosen->format), std::move(chosen->members));
    // No context, no logbook's word on it, and no events: all acts look like people's.
    if (source && first->head.find("context") == std::string::npos)
      source->description.append("; ").append(tells_no_automations);
    return source;
  }
  const auto member = chosen->members.front();
  const auto found = std::ranges::find(*members, member, &member_head::index);
  if (!found->head.starts_with(sqlite_magic))
    return make_error(ec::invalid_input, request.file.string() +
                                           ": not an SQLite database: does not begin "
                                           "with \"SQLite format 3\"");
  return open_packed_recorder(request, found->name);
}

} // namespace

std::filesystem::path source_path(const std::filesystem::path& file) {
  const auto named = file_of_url(file.string());
  const auto path = named ? std::filesystem::path{*named} : file;
  return std::filesystem::absolute(path).lexically_normal();
}

std::vector<source_format> known_formats() {
  std::vector<source_format> result{{recorder_name, recorder_description}};
  for (const auto& kind : layouts)
    result.push_back({kind.name, kind.description});
  return result;
}

expected<event_source> open_source(const source_request& request) {
  try {
    auto source = open_known(request);
    if (source)
      source->next = making_progress(std::move(source->next), request.resume_cursor);
    return source;
  } catch (const std::exception& thrown) {
    return make_error(ec::unexpected, request.file.string() + ": " + thrown.what());
  }
}

} // namespace habitd
