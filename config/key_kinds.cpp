#include "config/key_kinds.hpp"

#include "messages/cron_expression.hpp"

#include <arpa/inet.h>

namespace habitd {

bool any(const std::string&) {
  return true;
}
bool not_empty(const std::string& text) {
  return !text.empty();
}

namespace {

bool consists_of(const std::string& text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string::npos;
}

} // namespace

bool is_glob(const std::string& text) {
  return consists_of(text, "abcdefghijklmnopqrstuvwxyz0123456789_.*?");
}

bool is_user_id(const std::string& text) {
  return text.size() == 32 && consists_of(text, "0123456789abcdef");
}

bool is_host(const std::string& text) {
  return consists_of(text, "abcdefghijklmnopqrstuvwxyz0123456789-._:[]");
}

bool is_zone_name(const std::string& text) {
  return text.find_first_of(" \t\\") == std::string::npos && !text.starts_with('/');
}

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

bool is_token(const std::string& text) {
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  return text.empty() ||
         (text.size() >= 16 && std::all_of(text.begin(), text.end(), visible));
}

bool is_web_url(const std::string& text) {
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  const auto scheme = text.starts_with("https://") ? 8U : 7U;
  return text.empty() ||
         ((text.starts_with("http://") || text.starts_with("https://")) &&
          text.size() > scheme && std::all_of(text.begin(), text.end(), visible));
}

bool is_cron(const std::string& text) {
  return static_cast<bool>(parse_cron(text));
}

std::string why_no_cron(const std::string& text) {
  const auto parsed = parse_cron(text);
  return parsed ? std::string{} : parsed.error().context().get_as<std::string>(0);
}

} // namespace habitd
