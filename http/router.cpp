#include "http/router.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>

namespace habitd {

namespace {

namespace urls = boost::urls;

/// UTF-8 without control characters: what may go into a log, a key or JSON.
bool is_plain_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0x80                     ? 1
                               : first >= 0xc2 && first < 0xe0  ? 2
                               : first >= 0xe0 && first < 0xf0  ? 3
                               : first >= 0xf0 && first <= 0xf4 ? 4
                                                                : 0;
    if (first < 0x20 || first == 0x7f || length == 0 || text.size() - i < length)
      return false;
    std::uint32_t code = length == 1 ? first : first & (0x7fU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0U) != 0x80)
        return false;
      code = code << 6U | (next & 0x3fU);
    }
    const bool overlong =
      (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      return false;
    i += length;
  }
  return true;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    segments.emplace_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// "{id*}", which takes one segment or more.
bool is_greedy(std::string_view segment) {
  return is_parameter(segment) && segment.size() > 3 &&
         segment[segment.size() - 2] == '*';
}

std::string parameter_name(std::string_view segment) {
  return std::string{segment.substr(1, segment.size() - (is_greedy(segment) ? 3 : 2))};
}

char shape_of(std::string_view segment) {
  return is_greedy(segment) ? '2' : is_parameter(segment) ? '1' : '0';
}

/// One character per segment and one for the end: a pattern that sorts first is more
/// special, so what follows a greedy parameter is looked for before it takes that too.
std::string shape_of(const std::vector<std::string>& segments) {
  std::string shape;
  for (const auto& segment : segments)
    shape += shape_of(std::string_view{segment});
  return shape + '3';
}

bool same_paths(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](auto& x, auto& y) {
    return x == y || (is_parameter(x) && is_parameter(y) && is_greedy(x) == is_greedy(y));
  });
}

using parameters = std::map<std::string, std::string>;

/// The values of a pattern's parameters; none if the path is another one.
std::optional<parameters> bind(const std::vector<std::string>& pattern,
                               const std::vector<std::string>& segments) {
  const bool any_length = std::ranges::any_of(pattern, is_greedy);
  if (any_length ? segments.size() < pattern.size() : segments.size() != pattern.size())
    return std::nullopt;
  parameters values;
  auto segment = segments.begin();
  for (const auto& part : pattern) {
    if (!is_parameter(part)) {
      if (*segment++ != part)
        return std::nullopt;
      continue;
    }
    auto& value = values[parameter_name(part)];
    auto count = is_greedy(part) ? segments.size() - pattern.size() + 1 : 1;
    for (; count > 0; --count, ++segment) {
      if (segment->empty())
        return std::nullopt;
      value += (value.empty() ? "" : "/") + *segment;
    }
  }
  return values;
}

bool serves(const route& row, std::string_view method) {
  return row.method == method || (row.method == "GET" && method == "HEAD");
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if ('A' <= c && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

/// Of a lower-case host name or an IPv4 address.
bool is_name_character(char c) {
  return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '.' || c == '-' ||
         c == '_';
}

std::optional<std::string> short_ipv6(const std::string& text) {
  in6_addr address{};
  std::array<char, INET6_ADDRSTRLEN> result{};
  if (text.find('\0') != text.npos || inet_pton(AF_INET6, text.c_str(), &address) != 1 ||
      !inet_ntop(AF_INET6, &address, result.data(), result.size()))
    return std::nullopt;
  return std::string{result.data()};
}

error bad_target(std::string what) {
  return make_error(ec::invalid_input, "request target", std::move(what));
}

} // namespace

expected<target> parse_target(std::string_view text) {
  if (!text.starts_with('/'))
    return bad_target("takes the form /path?query");
  const auto url = urls::parse_origin_form(urls::string_view{text.data(), text.size()});
  if (!url)
    return bad_target("is not a valid path and query");
  target result;
  const auto path = url->encoded_path();
  result.path.assign(path.data(), path.size());
  for (const auto& encoded : split_path(result.path)) {
    // Split before decoding: an escaped slash is part of its segment.
    std::string segment = urls::pct_string_view{encoded}.decode();
    if (!is_plain_text(segment))
      return bad_target("has control characters or is not UTF-8");
    if (segment == "." || segment == "..")
      return bad_target("has . or .. in its path");
    result.segments.push_back(std::move(segment));
  }
  for (const auto& param : url->params()) {
    if (!is_plain_text(param.key) || !is_plain_text(param.value))
      return bad_target("has control characters or is not UTF-8");
    if (!result.query.emplace(param.key, param.value).second)
      return bad_target("has " + param.key + " twice");
  }
  return result;
}

expected<router> router::make(std::vector<route> routes) {
  router result;
  for (auto& row : routes) {
    const auto name = row.method + " " + row.pattern;
    if (row.method.empty() || !row.pattern.starts_with('/') || !row.handle)
      return make_error(ec::invalid_input, "route " + name,
                        "needs a method, a path and a handler");
    auto segments = split_path(row.pattern);
    if (std::ranges::count_if(segments, is_greedy) > 1)
      return make_error(ec::invalid_input, "route " + name, "has two {…*}");
    for (const auto& other : result.entries_)
      if (other.row.method == row.method && same_paths(other.segments, segments))
        return make_error(ec::invalid_input, "route " + name, "is there twice");
    result.entries_.push_back({std::move(row), std::move(segments)});
  }
  std::ranges::sort(result.entries_, {},
                    [](const entry& e) { return shape_of(e.segments); });
  return result;
}

route_match router::match(std::string_view method,
                          const std::vector<std::string>& segments) const {
  route_match result;
  for (const auto& [row, pattern] : entries_) {
    auto values = bind(pattern, segments);
    if (!values)
      continue;
    result.allowed.push_back(row.method);
    if (row.method == "GET")
      result.allowed.emplace_back("HEAD");
    if (result.found || !serves(row, method))
      continue;
    result.found = &row;
    result.path_parameters = std::move(*values);
  }
  std::ranges::sort(result.allowed);
  const auto same = std::ranges::unique(result.allowed);
  result.allowed.erase(same.begin(), same.end());
  return result;
}

std::optional<host_and_port> parse_host(std::string_view text) {
  // By hand: Boost.URL 1.81 refuses "127.0.0.1.example" and wraps port 65537 round to 1.
  const auto end = text.starts_with('[') ? text.find(']') : text.find(':');
  const auto after = text.starts_with('[') && end != text.npos ? end + 1 : end;
  host_and_port result;
  if (text.starts_with('[')) {
    const auto address =
      end == text.npos ? std::nullopt : short_ipv6(std::string{text.substr(1, end - 1)});
    if (!address)
      return std::nullopt;
    result.host = *address;
  } else {
    result.host = lower(text.substr(0, end));
    if (result.host.empty() || !std::ranges::all_of(result.host, is_name_character))
      return std::nullopt;
  }
  if (after >= text.size())
    return result;
  const auto port = text.substr(after + 1);
  std::uint16_t number = 0;
  const auto [stop, status] = std::from_chars(port.begin(), port.end(), number);
  if (text[after] != ':' || status != std::errc{} || stop != port.end() || number == 0)
    return std::nullopt;
  result.port = number;
  return result;
}

bool is_own_host(const host_and_port& host, std::span<const host_and_port> own) {
  return std::ranges::any_of(own, [&](const host_and_port& candidate) {
    if (candidate.host != host.host)
      return false;
    return host.port ? host.port == candidate.port
                     : candidate.port == 80 || candidate.port == 443;
  });
}

bool is_own_origin(std::string_view origin, const host_and_port& host) {
  const bool secure = origin.starts_with("https://");
  if (!secure && !origin.starts_with("http://"))
    return false; // "null" among them
  const auto from = parse_host(origin.substr(secure ? 8 : 7));
  const std::uint16_t usual = secure ? 443 : 80;
  return from && from->host == host.host &&
         from->port.value_or(usual) == host.port.value_or(usual);
}

} // namespace habitd
