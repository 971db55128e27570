#include "http/router.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

habitd::router make_router() {
  const auto nothing = [](const habitd::http_request&, const habitd::respond&) {};
  auto made = habitd::router::make(
    {{"GET", "/", habitd::scope::none, nothing},
     {"GET", "/api/v1/patterns", habitd::scope::read, nothing},
     {"GET", "/api/v1/patterns/{id}", habitd::scope::read, nothing},
     {"POST", "/api/v1/{kind}/{id}/refresh", habitd::scope::run, nothing}});
  if (!made)
    std::abort();
  return std::move(*made);
}

void expect(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

/// Input: a request target, a line feed, a Host, a line feed, an Origin.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto routes = make_router();
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto first = text.find('\n');
  const auto line = text.substr(0, first);
  if (const auto target = habitd::parse_target(line)) {
    expect(!target->segments.empty() && target->path.starts_with('/'));
    for (const auto& segment : target->segments)
      expect(segment != ".." && segment.find('\0') == std::string::npos);
    const auto match = routes.match("GET", target->segments);
    expect(!match.found || !match.allowed.empty());
  }
  if (first == std::string_view::npos)
    return 0;
  const auto rest = text.substr(first + 1);
  const auto second = rest.find('\n');
  if (const auto host = habitd::parse_host(rest.substr(0, second))) {
    expect(!host->host.empty() && host->port != 0);
    expect(habitd::is_own_host({host->host, 8380}, {{{host->host, 8380}}}));
    if (second != std::string_view::npos)
      habitd::is_own_origin(rest.substr(second + 1), *host);
  }
  return 0;
}
