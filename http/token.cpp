#include "http/token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <optional>

namespace habitd {

namespace {

using digest = std::array<unsigned char, 32>;

digest sha256(std::string_view text) {
  digest result{};
  EVP_Digest(text.data(), text.size(), result.data(), nullptr, EVP_sha256(), nullptr);
  return result;
}

int hex_value(char c) {
  if ('0' <= c && c <= '9')
    return c - '0';
  if ('a' <= c && c <= 'f')
    return c - 'a' + 10;
  if ('A' <= c && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

std::optional<digest> from_hex(std::string_view text) {
  digest result{};
  if (text.size() != 2 * result.size())
    return std::nullopt;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    result[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return result;
}

} // namespace

std::string sha256_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (const unsigned byte : sha256(text)) {
    result += digits[byte >> 4U];
    result += digits[byte & 15U];
  }
  return result;
}

expected<token_list> token_list::make(const std::vector<access_token>& tokens) {
  token_list result;
  for (const auto& token : tokens) {
    const auto hash = from_hex(token.sha256);
    if (!hash)
      return make_error(ec::invalid_input,
                        "an access token is given as its SHA-256, 64 hex digits");
    if (token.grants == scope::none)
      return make_error(ec::invalid_input, "an access token grants nothing");
    result.entries_.push_back({*hash, token.grants});
  }
  return result;
}

scope token_list::granted(std::string_view presented) const {
  const auto hash = sha256(presented);
  auto result = scope::none;
  for (const auto& entry : entries_)
    if (CRYPTO_memcmp(hash.data(), entry.hash.data(), hash.size()) == 0)
      result = std::max(result, entry.grants);
  return result;
}

bool failure_limit::add(std::chrono::steady_clock::time_point now) {
  while (!failures_.empty() && now - failures_.front() >= std::chrono::minutes{1})
    failures_.pop_front();
  if (failures_.size() >= per_minute_)
    return false;
  failures_.push_back(now);
  return true;
}

} // namespace habitd
