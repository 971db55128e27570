#include "actors/home/context.hpp"

#include <array>

namespace habitd {

namespace {

using id_bytes = std::array<unsigned char, 16>;

/// Value of a digit of Crockford's base 32, which ULIDs use; -1 if it is none.
int base32_digit(char c) {
  constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const auto upper = c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
  const auto found = digits.find(upper);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The 128 bits of an id in any spelling: 26 base-32 digits, 32 hexadecimal ones (dashes
/// are skipped) or the bytes themselves.
std::optional<id_bytes> decode(std::string_view id) {
  id_bytes bytes{};
  if (id.size() == bytes.size()) {
    std::copy(id.begin(), id.end(), bytes.begin());
    return bytes;
  }
  const int bits = id.size() == 26 ? 5 : 4;
  unsigned count = 0;
  for (const char c : id) {
    if (c == '-')
      continue;
    const int digit = bits == 5 ? base32_digit(c) : hex_digit(c);
    if (digit < 0)
      return std::nullopt;
    unsigned carry = static_cast<unsigned>(digit);
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
      carry |= static_cast<unsigned>(*byte) << bits;
      *byte = static_cast<unsigned char>(carry);
      carry >>= 8;
    }
    ++count;
  }
  if (count != (bits == 5 ? 26U : 32U))
    return std::nullopt;
  return bytes;
}

/// FNV-1a, 64 bits. Source: G. Fowler, L. C. Noll, K.-P. Vo.
template <class Bytes>
std::uint64_t fnv(const Bytes& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const auto byte : bytes)
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash == 0 ? 1 : hash;
}

} // namespace

std::uint64_t act_of(std::string_view context_id) {
  if (context_id.empty())
    return 0;
  const auto bytes = decode(context_id);
  return bytes ? fnv(*bytes) : fnv(context_id);
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
