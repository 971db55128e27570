#include "actors/home/context.hpp"

#include <array>

namespace habitd {

namespace {

/// The 128 bits of an id.
struct id_bits {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  void append(std::uint64_t digit, unsigned width) {
    high = high << width | low >> (64 - width);
    low = low << width | digit;
  }
};

using digit_table = std::array<std::uint8_t, 256>;
constexpr std::uint8_t no_digit = 0xff;

/// Values of digits by character, in either case.
constexpr digit_table table_of(std::string_view digits) {
  digit_table table{};
  table.fill(no_digit);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto c = static_cast<unsigned char>(digits[i]);
    table[c] = static_cast<std::uint8_t>(i);
    if (c >= 'A')
      table[c | 0x20U] = static_cast<std::uint8_t>(i);
  }
  return table;
}

// Crockford's base 32, which ULIDs use, has no I, L, O and U.
constexpr auto base32 = table_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
constexpr auto base16 = table_of("0123456789ABCDEF");

/// An id in any spelling: 26 base-32 digits, 32 hexadecimal ones (dashes are skipped) or the
/// 16 bytes themselves.
std::optional<id_bits> decode(std::string_view id) {
  id_bits bits;
  if (id.size() == 16) {
    for (const char c : id)
      bits.append(static_cast<unsigned char>(c), 8);
    return bits;
  }
  const bool ulid = id.size() == 26;
  const auto& table = ulid ? base32 : base16;
  unsigned count = 0;
  for (const char c : id) {
    if (c == '-')
      continue;
    const auto digit = table[static_cast<unsigned char>(c)];
    if (digit == no_digit)
      return std::nullopt;
    bits.append(digit, ulid ? 5 : 4);
    ++count;
  }
  if (count != (ulid ? 26U : 32U))
    return std::nullopt;
  return bits;
}

/// Mixes 64 bits so that each depends on all. Source: S. Vigna, splitmix64.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

/// FNV-1a, 64 bits. Source: G. Fowler, L. C. Noll, K.-P. Vo.
std::uint64_t fnv(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

} // namespace

std::uint64_t act_of(std::string_view context_id) {
  if (context_id.empty())
    return 0;
  const auto bits = decode(context_id);
  const auto act = bits ? mix(mix(bits->high) ^ bits->low) : fnv(context_id);
  return act == 0 ? 1 : act; // 0 means no context
}

attribution::attribution(const std::vector<std::string>& machine_users) {
  for (const auto& user : machine_users)
    machines_.insert(act_of(user));
}

void attribution::automation_ran(std::string_view context_id) {
  if (const auto act = act_of(context_id))
    automated_.insert(act);
}

cause attribution::by(const event_context& context, std::uint64_t act) const {
  const auto set = [](const std::optional<std::string_view>& field) {
    return field && !field->empty();
  };
  if (set(context.parent) || (act != 0 && automated_.contains(act)))
    return cause::automation;
  if (set(context.user))
    return machines_.contains(act_of(*context.user)) ? cause::automation : cause::person;
  // Nobody is named: that says "the device itself" only where the source would name one.
  const bool told = act != 0 && context.user && context.parent;
  return told ? cause::physical : cause::unknown;
}

} // namespace habitd
