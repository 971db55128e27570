#include "storage/event_block.hpp"

#include "storage/bytes.hpp"
#include "storage/keys.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <vector>

namespace habitd {

namespace {

/// Times of most files are whole seconds: those are told in seconds.
std::int64_t unit_of(const std::vector<stored_event>& rows) {
  const auto whole = [](const stored_event& row) {
    return row.at.time_since_epoch().count() % 1000 == 0;
  };
  return std::all_of(rows.begin(), rows.end(), whole) ? 1000 : 1;
}

/// How many bytes hold each of the numbers.
std::size_t bytes_of(const std::vector<std::uint64_t>& numbers) {
  std::uint64_t all = 0;
  for (const auto number : numbers)
    all |= number;
  return (static_cast<std::size_t>(std::bit_width(all)) + 7) / 8;
}

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
                 rows_.events.size() * (least_row_size + 3) +
                 acts_.size() * sizeof(std::uint64_t));
    for (const std::size_t number :
         {rows_.events.size(), std::size_t{state_count_}, left_.size()})
      append_varint(body, number);
    append_varint(body, static_cast<std::uint64_t>(unit));
    const auto act_size = bytes_of(acts_);
    append_varint(body, act_size);
    for (const auto* column : {&states_, &entities_, &tags_, &act_codes_, &times_,
                               &row_entities_, &row_states_, &old_states_})
      body += *column;
    for (const auto act : acts_)
      for (auto byte = act_size; byte-- > 0;)
        body += static_cast<char>(static_cast<std::uint8_t>(act >> (8 * byte)));
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
      acts_.push_back(act);
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
  std::vector<std::uint64_t> acts_;
  std::string states_, entities_, tags_, act_codes_, times_, row_entities_, row_states_,
    old_states_;
};

} // namespace

std::string encode_events(const stored_day& rows) {
  return block_writer{rows}.finish();
}

} // namespace habitd
