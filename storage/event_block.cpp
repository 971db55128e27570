#include "storage/event_store.hpp"

#include "storage/bytes.hpp"
#include "storage/keys.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>
#include <vector>

namespace habitd {

namespace {

// A block is: version byte, CRC-32C of the rest (four bytes, big-endian), then
//   numbers  rows, states, entities, unit of time in ms
//   states   length and bytes each, in order of first use
//   entities number each, in order of first use
//   columns  one after the other, a value per row unless said otherwise:
//            tags (a byte), act codes (a byte), time since the row before (zigzag),
//            entity, state, then only where a tag or code asks for them: old state, act
// Columns compress better than rows, and zstd finds what little they repeat. All numbers
// are varints.
constexpr std::uint8_t block_version = 1;
constexpr std::size_t header_size = 5;
constexpr std::size_t least_row_size = 5; // tag, act code, time, entity, state

/// How a row tells what was before it; two bits of the tag. Most rows name the state that
/// the entity's row before them left, which then takes no space.
enum class before_code : std::uint8_t { unspecified, none, as_left, given };

constexpr before_code before_in(std::uint8_t tag) {
  return static_cast<before_code>(tag & 3);
}
constexpr row_kind kind_in(std::uint8_t tag) {
  return static_cast<row_kind>((tag >> 2) & 3);
}
constexpr cause by_in(std::uint8_t tag) {
  return static_cast<cause>((tag >> 4) & 3);
}
constexpr std::uint8_t pack_tag(const stored_event& row, before_code before) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(before) |
                                   static_cast<unsigned>(row.kind) << 2 |
                                   static_cast<unsigned>(row.by) << 4);
}

std::uint32_t checksum_of(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc; // CRC-32C
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

constexpr std::uint8_t no_act = 0;
constexpr std::uint8_t new_act = 255;

/// Rows of one act are close together: its last few are remembered, and a row of one of
/// them costs a byte, the distance back; any other is written out.
class recent_acts {
public:
  /// 1 … 16, the same for encoder and decoder, or `new_act`.
  std::uint8_t code_of(std::uint64_t act) const {
    for (std::size_t back = 1; back <= acts_.size(); ++back)
      if (at(back) == act)
        return static_cast<std::uint8_t>(back);
    return new_act;
  }
  std::uint64_t at(std::size_t back) const {
    return acts_[(next_ - back) % acts_.size()];
  }
  void push(std::uint64_t act) { acts_[next_++ % acts_.size()] = act; }
  static constexpr std::size_t capacity = 16;

private:
  std::array<std::uint64_t, capacity> acts_{};
  std::size_t next_ = capacity;
};

/// Times of most files are whole seconds: those are told in seconds.
std::int64_t unit_of(const std::vector<stored_event>& rows) {
  const auto whole = [](const stored_event& row) {
    return row.at.time_since_epoch().count() % 1000 == 0;
  };
  return std::all_of(rows.begin(), rows.end(), whole) ? 1000 : 1;
}

constexpr std::uint32_t unseen = std::numeric_limits<std::uint32_t>::max();

/// The columns of a block while it is written, and the numbers that are local to it.
class block_writer {
public:
  explicit block_writer(const stored_day& rows)
      : rows_{rows}, state_numbers_(rows.texts.size(), unseen) {}

  std::string finish() {
    const auto unit = unit_of(rows_.events);
    for (const auto& row : rows_.events)
      add(row, unit);
    std::string body;
    body.reserve(16 + states_.size() + entities_.size() +
                 rows_.events.size() * (least_row_size + 3) + acts_.size());
    for (const std::size_t number :
         {rows_.events.size(), std::size_t{state_count_}, left_.size()})
      append_varint(body, number);
    append_varint(body, static_cast<std::uint64_t>(unit));
    for (const auto* column : {&states_, &entities_, &tags_, &act_codes_, &times_,
                               &row_entities_, &row_states_, &old_states_, &acts_})
      body += *column;
    std::string block(1, static_cast<char>(block_version));
    append_big_endian(block, checksum_of(body));
    return block += body;
  }

private:
  void add(const stored_event& row, std::int64_t unit) {
    const auto entity = entity_of(row.entity);
    const auto state = state_of(row.state);
    const auto old = row.before == previous::known ? state_of(row.old_state) : unseen;
    const auto before = row.before == previous::unspecified ? before_code::unspecified
                        : row.before == previous::none      ? before_code::none
                        : left_[entity] == old              ? before_code::as_left
                                                            : before_code::given;
    if (before == before_code::given)
      append_varint(old_states_, old);
    left_[entity] = state;
    tags_ += static_cast<char>(pack_tag(row, before));
    act_codes_ += static_cast<char>(act_code_of(row.act));
    const auto time =
      static_cast<std::uint64_t>(row.at.time_since_epoch().count() / unit);
    append_varint(times_, zigzag(static_cast<std::int64_t>(time - last_time_)));
    last_time_ = time;
    append_varint(row_entities_, entity);
    append_varint(row_states_, state);
  }

  std::size_t entity_of(entity_number entity) {
    const auto [found, is_new] = entity_numbers_.try_emplace(entity, left_.size());
    if (is_new) {
      append_varint(entities_, entity);
      left_.push_back(unseen);
    }
    return found->second;
  }

  /// A number outside the pool, as a restart may carry, stands for "".
  std::uint32_t state_of(std::uint32_t text) {
    auto& number = text < state_numbers_.size() ? state_numbers_[text] : no_text_;
    if (number == unseen) {
      const auto state =
        text < rows_.texts.size() ? std::string_view{rows_.texts[text]} : "";
      append_varint(states_, state.size());
      states_ += state;
      number = state_count_++;
    }
    return number;
  }

  std::uint8_t act_code_of(std::uint64_t act) {
    if (act == 0)
      return no_act;
    const auto code = recent_.code_of(act);
    if (code == new_act) {
      append_big_endian(acts_, act);
      recent_.push(act);
    }
    return code;
  }

  const stored_day& rows_;
  std::vector<std::uint32_t> state_numbers_; // by number in the day's texts
  std::uint32_t no_text_ = unseen;
  std::uint32_t state_count_ = 0;
  std::unordered_map<entity_number, std::size_t> entity_numbers_;
  std::vector<std::uint32_t> left_; // last state, by entity
  std::uint64_t last_time_ = 0;
  recent_acts recent_;
  std::string states_, entities_, tags_, act_codes_, times_, row_entities_, row_states_,
    old_states_, acts_;
};

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
    if (rows > in_.left() / least_row_size || states > in_.left() ||
        entities > in_.left() || (unit != 1 && unit != 1000))
      return false;
    read_tables(states, entities);
    const auto tags = in_.text(rows);
    const auto act_codes = in_.text(rows);
    if (!in_.ok() || !read_tags(tags))
      return false;
    read_times(unit);
    return read_entities() && read_states(tags) && read_acts(act_codes) && in_.ok() &&
           in_.at_end();
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

  bool read_acts(std::string_view codes) {
    recent_acts recent;
    for (auto i = first_; i < rows_.size(); ++i) {
      const auto code = static_cast<std::uint8_t>(codes[i - first_]);
      if (code == new_act) {
        const auto bytes = in_.text(sizeof(std::uint64_t));
        if (!in_.ok())
          return false;
        rows_[i].act = big_endian<std::uint64_t>(bytes);
        recent.push(rows_[i].act);
      } else if (code > recent_acts::capacity) {
        return false;
      } else if (code != no_act) {
        rows_[i].act = recent.at(code);
      }
    }
    return true;
  }

  byte_reader in_;
  text_pool& texts_;
  std::vector<stored_event>& rows_;
  std::size_t first_;                 // of the new rows
  std::vector<std::uint32_t> states_; // numbers in `texts_`
  std::vector<entity_number> entities_;
  std::vector<std::uint32_t> numbers_; // into `entities_`, by row
};

} // namespace

std::string encode_events(const stored_day& rows) {
  return block_writer{rows}.finish();
}

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
