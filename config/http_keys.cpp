#include "config/section_keys.hpp"

#include "config/key_kinds.hpp"

namespace habitd {

std::vector<config_key> http_keys() {
  std::vector<config_key> keys{
    text_key(
      "http.listen", "an IP address",
      "Address to serve on. Any but a loopback address needs a token.",
      [](auto& c) -> auto& { return c.http.listen; }, is_address),
    number_key(
      "http.port", "a whole number from 0 to 65535",
      "Port to serve on; 0 = any free one.", [](auto& c) -> auto& { return c.http.port; },
      std::uint16_t{0}, std::uint16_t{65535}),
    text_key(
      "http.token", "at least 16 characters without blanks",
      "Secret that clients send as bearer token.",
      [](auto& c) -> auto& { return c.http.token; }, is_token),
    text_key(
      "http.token_file", "a path", "File that holds the token, instead of `token`.",
      [](auto& c) -> auto& { return c.http.token_file; }, any),
    list_key(
      "http.allowed_hosts", "a host name in lower case",
      "Names that browsers may use for habitd, beside its address and `localhost`.",
      [](auto& c) -> auto& { return c.http.allowed_hosts; }, is_host),
  };
  for (auto& key : keys)
    key.is_secret = key.path == "http.token";
  return keys;
}

} // namespace habitd
