#include "messages/time_text.hpp"
#include "tools/simulator/random_stream.hpp"
#include "tools/simulator/writers.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string_view>

namespace habitd {

namespace {

struct close_file {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using open_file = std::unique_ptr<std::FILE, close_file>;

/// A ULID as Home Assistant writes it: 26 digits of Crockford's base 32.
std::string ulid_text(const context_id& id) {
  constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text;
  unsigned bits = 0; // not written yet; the first digit holds only three
  int count = 2;
  for (const auto byte : id) {
    bits = bits << 8 | byte;
    count += 8;
    for (; count >= 5; count -= 5)
      text += digits[bits >> (count - 5) & 31];
  }
  return text;
}

std::string hex_text(const context_id& id) {
  std::string text;
  for (const auto byte : id)
    text += fmt::format("{:02x}", byte);
  return text;
}

/// "2026-11-22T06:05:00.123000+00:00", Python's isoformat.
std::string time_text(wall_time at) {
  auto text = format_utc(at);
  text.pop_back();
  return text + "000+00:00";
}

class ndjson_lines {
public:
  ndjson_lines(const simulated_home& home, std::FILE* file)
      : home_{home}, file_{file}, user_{hex_text(user_of(home.plan().options()))},
        last_(home.entities().size()), random_{home.plan().options().seed, {200}} {}

  error write(const simulated_day& day);
  error finish();

private:
  std::string context_text(const simulated_context& context) const;
  std::string state_changed(const simulated_day& day, const simulated_row& row);
  std::string other_event(const simulated_day& day, const simulated_row& row) const;
  error put(const std::string& line);

  struct late_line {
    int after = 0; // further lines until it is written
    std::string text;
  };

  const simulated_home& home_;
  std::FILE* file_;
  std::string user_;
  std::vector<std::string> last_; // by entity: its last state as JSON
  std::vector<late_line> late_;
  random_stream random_;
};

std::string ndjson_lines::context_text(const simulated_context& context) const {
  return fmt::format(R"({{"id":"{}","parent_id":{},"user_id":{}}})",
                     ulid_text(context.id),
                     context.has_parent ? '"' + ulid_text(context.parent) + '"' : "null",
                     context.by_user ? '"' + user_ + '"' : "null");
}

std::string ndjson_lines::state_changed(const simulated_day& day,
                                        const simulated_row& row) {
  const auto& id = home_.entities()[row.entity].id;
  const auto at = time_text(row.at);
  const auto context = context_text(day.contexts[row.context]);
  auto& last = last_[row.entity];
  const auto before = row.before == previous::known ? last : "null";
  last =
    fmt::format(R"({{"entity_id":"{}","state":"{}","attributes":{},"last_changed":"{}",)"
                R"("last_reported":"{}","last_updated":"{}","context":{}}})",
                id, day.texts[row.state], day.texts[row.attributes],
                time_text(row.changed), at, at, context);
  return fmt::format(
    R"({{"event_type":"state_changed","data":{{"entity_id":"{}","old_state":{},)"
    R"("new_state":{}}},"origin":"LOCAL","time_fired":"{}","context":{}}})",
    id, before, last, at, context);
}

std::string ndjson_lines::other_event(const simulated_day& day,
                                      const simulated_row& row) const {
  std::string data = "{}";
  const char* type = "homeassistant_start";
  if (row.kind == simulated_kind::automation) {
    type = "automation_triggered";
    data = automation_data(home_, row.entity);
  } else if (row.kind == simulated_kind::started) {
    type = "homeassistant_started";
  } else if (row.kind == simulated_kind::stop) {
    type = "homeassistant_stop";
  }
  return fmt::format(
    R"({{"event_type":"{}","data":{},"origin":"LOCAL","time_fired":"{}","context":{}}})",
    type, data, time_text(row.at), context_text(day.contexts[row.context]));
}

error ndjson_lines::put(const std::string& line) {
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size() ||
      std::fputc('\n', file_) == EOF)
    return make_error(ec::unavailable, std::string{"write failed"});
  return {};
}

error ndjson_lines::write(const simulated_day& day) {
  const auto& options = home_.plan().options();
  for (const auto& row : day.rows) {
    const bool state =
      row.kind == simulated_kind::state || row.kind == simulated_kind::attributes;
    auto line = state ? state_changed(day, row) : other_event(day, row);
    if (random_.chance(options.disorder_share)) {
      late_.push_back({static_cast<int>(1 + random_.below(20)), std::move(line)});
      continue;
    }
    if (auto err = put(line))
      return err;
    if (random_.chance(options.duplicate_share))
      if (auto err = put(line))
        return err;
    for (auto& each : late_)
      if (--each.after == 0)
        if (auto err = put(each.text))
          return err;
    std::erase_if(late_, [](const auto& each) { return each.after == 0; });
  }
  return {};
}

error ndjson_lines::finish() {
  for (const auto& each : late_)
    if (auto err = put(each.text))
      return err;
  return {};
}

error in_file(const std::filesystem::path& path, const error& err) {
  return err ? make_error(ec::unavailable, path.string(), describe(err)) : error{};
}

expected<open_file> create(const std::filesystem::path& path) {
  open_file file{std::fopen(path.c_str(), "wb")};
  if (!file)
    return make_error(ec::unavailable, "cannot write " + path.string());
  return file;
}

error close(open_file file, const std::filesystem::path& path) {
  if (std::fclose(file.release()) != 0)
    return make_error(ec::unavailable, "cannot write " + path.string());
  return {};
}

} // namespace

std::string automation_data(const simulated_home& home, entity_index automation) {
  const auto& plan = home.plan();
  const auto& what = plan.automations[automation];
  const auto source =
    what.source ? "state of " + plan.entities[*what.source].id : std::string{"time"};
  return fmt::format(R"({{"name":"{}","entity_id":"{}","source":"{}"}})",
                     what.id.substr(what.id.find('.') + 1), what.id, source);
}

context_id user_of(const simulation_options& options) {
  random_stream random{options.seed, {201}};
  context_id id{};
  for (auto& byte : id)
    byte = static_cast<std::uint8_t>(random.below(256));
  return id;
}

error write_ndjson(const simulated_home& home, const std::filesystem::path& path) {
  auto file = create(path);
  if (!file)
    return file.error();
  ndjson_lines lines{home, file->get()};
  auto err = home.each_day([&](const simulated_day& day) { return lines.write(day); });
  if (!err)
    err = lines.finish();
  if (err)
    return in_file(path, err);
  return close(std::move(*file), path);
}

error write_truth(const home_truth& truth, const std::filesystem::path& path) {
  auto file = create(path);
  if (!file)
    return file.error();
  const auto text = boost::json::serialize(to_json(truth)) + "\n";
  if (std::fwrite(text.data(), 1, text.size(), file->get()) != text.size())
    return make_error(ec::unavailable, "cannot write " + path.string());
  return close(std::move(*file), path);
}

error write_ndjson(const simulation_options& options, const std::filesystem::path& path) {
  auto home = simulate_home(options);
  return home ? write_ndjson(*home, path) : home.error();
}

error write_recorder(const simulation_options& options,
                     const std::filesystem::path& path) {
  auto home = simulate_home(options);
  return home ? write_recorder(*home, path) : home.error();
}

error write_truth(const simulation_options& options, const std::filesystem::path& path) {
  auto home = simulate_home(options);
  return home ? write_truth(home->truth(), path) : home.error();
}

} // namespace habitd
