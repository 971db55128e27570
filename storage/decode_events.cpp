#include "storage/event_block.hpp"

#include "storage/bytes.hpp"
#include "storage/keys.hpp"

#include <vector>

namespace habitd {

namespace {

/// Reads a body column by column into rows; false if it isn't one.
class block_reader {
public:
  block_reader(std::string_view body, stored_day& into)
      : in_{body}, texts_{into.texts}, rows_{into.events}, first_{into.events.size()} {}

  bool read() {
    const auto rows = in_.varint();
    const auto states = in_.varint();
    const auto entities = in_.varint();
    const auto unit = in_.varint();
    const auto act_size = in_.varint();
    if (rows > in_.left() / least_row_size || states > in_.left() ||
        entities > in_.left() || (unit != 1 && unit != 1000) ||
        act_size > sizeof(std::uint64_t))
      return false;
    read_tables(states, entities);
    const auto tags = in_.text(rows);
    const auto act_codes = in_.text(rows);
    if (!in_.ok() || !read_tags(tags))
      return false;
    read_times(unit);
    return read_entities() && read_states(tags) && read_acts(act_codes, act_size) &&
           in_.ok() && in_.at_end();
  }

private:
  void read_tables(std::uint64_t states, std::uint64_t entities) {
    states_.reserve(states);
    for (; states > 0 && in_.ok(); --states)
      states_.push_back(texts_.intern(in_.text(in_.varint())));
    entities_.reserve(entities);
    for (; entities > 0 && in_.ok(); --entities)
      entities_.push_back(static_cast<entity_number>(in_.varint()));
  }

  bool read_tags(std::string_view tags) {
    rows_.resize(first_ + tags.size());
    auto row = rows_.begin() + static_cast<std::ptrdiff_t>(first_);
    for (const char packed : tags) {
      const auto tag = static_cast<std::uint8_t>(packed);
      if (tag >= 64 || kind_in(tag) > row_kind::restart)
        return false;
      const auto before = before_in(tag);
      row->before = before == before_code::unspecified ? previous::unspecified
                    : before == before_code::none      ? previous::none
                                                       : previous::known;
      row->kind = kind_in(tag);
      row->by = by_in(tag);
      ++row;
    }
    return true;
  }

  void read_times(std::uint64_t unit) {
    std::uint64_t time = 0;
    for (auto i = first_; i < rows_.size(); ++i) {
      time += static_cast<std::uint64_t>(from_zigzag(in_.varint()));
      rows_[i].at =
        wall_time{std::chrono::milliseconds{static_cast<std::int64_t>(time * unit)}};
    }
  }

  bool read_entities() {
    numbers_.resize(rows_.size() - first_);
    for (auto i = first_; i < rows_.size(); ++i) {
      const auto entity = in_.varint();
      if (entity >= entities_.size())
        return false;
      numbers_[i - first_] = static_cast<std::uint32_t>(entity);
      rows_[i].entity = entities_[entity];
    }
    return true;
  }

  bool read_states(std::string_view tags) {
    for (auto i = first_; i < rows_.size(); ++i)
      if (!read_state(rows_[i].state))
        return false;
    std::vector<std::uint32_t> left(entities_.size(), unseen);
    for (auto i = first_; i < rows_.size(); ++i) {
      auto& row = rows_[i];
      auto& last = left[numbers_[i - first_]];
      const auto before = before_in(static_cast<std::uint8_t>(tags[i - first_]));
      if (before == before_code::as_left) {
        if (last == unseen)
          return false;
        row.old_state = last;
      } else if (before == before_code::given && !read_state(row.old_state)) {
        return false;
      }
      last = row.state;
    }
    return true;
  }

  bool read_state(std::uint32_t& text) {
    const auto state = in_.varint();
    if (state >= states_.size())
      return false;
    text = states_[state];
    return true;
  }

  bool read_acts(std::string_view codes, std::uint64_t size) {
    recent_acts recent;
    for (auto i = first_; i < rows_.size(); ++i) {
      const auto code = static_cast<std::uint8_t>(codes[i - first_]);
      if (code == new_act) {
        for (auto left = size; left > 0; --left)
          rows_[i].act = rows_[i].act << 8 | in_.byte();
        recent.push(rows_[i].act);
      } else if (code > recent_acts::capacity) {
        return false;
      } else if (code != no_act) {
        rows_[i].act = recent.at(code);
      }
    }
    return true;
  }

  stored_bytes in_;
  text_pool& texts_;
  std::vector<stored_event>& rows_;
  std::size_t first_;                 // of the new rows
  std::vector<std::uint32_t> states_; // numbers in `texts_`
  std::vector<entity_number> entities_;
  std::vector<std::uint32_t> numbers_; // into `entities_`, by row
};

} // namespace

error decode_events(std::string_view block, stored_day& append_to) {
  const auto refuse = [](const char* why) {
    return make_error(ec::corrupt_data, "event block", why);
  };
  if (block.size() < header_size)
    return refuse("cut off");
  if (static_cast<std::uint8_t>(block[0]) != block_version)
    return refuse("unknown version");
  const auto body = block.substr(header_size);
  if (big_endian<std::uint32_t>(block.substr(1)) != checksum_of(body))
    return refuse("checksum does not match");
  const auto kept = append_to.events.size();
  if (block_reader{body, append_to}.read())
    return {};
  append_to.events.resize(kept);
  return refuse("not a list of rows");
}

} // namespace habitd
