#include "actors/community/crawl/import_links.hpp"

#include "http/reach.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

constexpr std::size_t most_links = 20;
constexpr std::size_t longest_url = 2'000;
constexpr std::string_view button = "blueprint_url=";

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(path.starts_with('/') ? 1 : 0);
    const auto end = std::min(path.find('/'), path.size());
    if (end > 0)
      segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

std::string joined(const std::vector<std::string_view>& segments, std::size_t from) {
  std::string path;
  for (std::size_t i = from; i < segments.size(); ++i)
    path.append("/").append(segments[i]);
  return path;
}

/// `https://github.com/user/repo/blob/ref/path` shows a file, and `raw` gives it.
import_link on_github(const url_parts& url) {
  const auto parts = segments_of(url.path);
  if (parts.size() < 5 || (parts[2] != "blob" && parts[2] != "raw"))
    return {};
  return {"github",
          fmt::format("https://raw.githubusercontent.com/{}/{}{}", parts[0], parts[1],
                      joined(parts, 3)),
          {}};
}

/// `https://gist.github.com/user/id` shows a gist; its raw form is that of its first file.
import_link on_gist(const url_parts& url) {
  const auto parts = segments_of(url.path);
  if (parts.empty() || parts.size() > 5)
    return {};
  if (parts.size() == 1)
    return {"gist", fmt::format("https://gist.github.com/{}/raw", parts[0]), {}};
  if (parts.size() > 2 && parts[2] != "raw")
    return {
      "gist",
      fmt::format("https://gist.githubusercontent.com/{}/{}/raw", parts[0], parts[1]),
      {}};
  return {"gist",
          fmt::format("https://gist.githubusercontent.com/{}/{}/raw{}", parts[0],
                      parts[1], joined(parts, 3)),
          {}};
}

std::string with_blanks_escaped(std::string_view text) {
  std::string result;
  for (const char c : text)
    result += c == ' ' ? std::string{"%20"} : std::string(1, c);
  return result;
}

/// Written once or twice encoded, by whoever made the button.
std::string decoded_url(std::string_view text) {
  std::string url{text};
  for (int i = 0; i < 2 && url.find("://") == url.npos; ++i)
    url = percent_decoded(url);
  return with_blanks_escaped(url);
}

bool is_yaml_file(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

bool is_gist(const url_parts& url) {
  return url.host == "gist.github.com" || url.host == "gist.githubusercontent.com";
}

struct link_collector {
  const std::string& forum_host;
  const std::vector<std::string>& hosts;
  found_links found{};

  void offered(std::string_view written);
  void plain(std::string_view written);
  void add(import_link link);
};

void link_collector::add(import_link link) {
  const bool known = std::any_of(found.links.begin(), found.links.end(),
                                 [&](const auto& l) { return l.url == link.url; });
  if (!known && found.links.size() < most_links)
    found.links.push_back(std::move(link));
}

void link_collector::offered(std::string_view written) {
  const auto link = decoded_url(written);
  const auto url = parse_url(link);
  if (url && url->host == forum_host)
    return;
  auto resolved = resolve_import_link(link, hosts);
  if (resolved)
    return add(std::move(*resolved));
  auto why = describe(resolved.error());
  if (std::find(found.refused.begin(), found.refused.end(), why) == found.refused.end() &&
      found.refused.size() < most_links)
    found.refused.push_back(std::move(why));
}

void link_collector::plain(std::string_view written) {
  const auto link = with_blanks_escaped(written);
  const auto url = parse_url(link);
  if (!url || std::find(hosts.begin(), hosts.end(), url->host) == hosts.end() ||
      (!is_yaml_file(url->path) && !is_gist(*url)))
    return;
  if (auto resolved = resolve_import_link(link, hosts))
    add(std::move(*resolved));
}

/// Everything behind "blueprint_url=" that may belong to a URL.
void find_buttons(std::string_view text, link_collector& into) {
  for (auto at = text.find(button); at != text.npos; at = text.find(button, at)) {
    at += button.size();
    const auto end = text.find_first_of(" \t\r\n\"'<>)]&\\", at);
    if (const auto url = text.substr(at, end - at); url.size() <= longest_url)
      into.offered(url);
  }
}

} // namespace

expected<import_link> resolve_import_link(std::string_view written,
                                          const std::vector<std::string>& hosts) {
  const std::string page{written.substr(0, written.find('#'))};
  const auto url = parse_url(page);
  if (!url || page.size() > longest_url)
    return make_error(ec::invalid_input, "not a web address");
  const reach allowed{.only_public = true, .only_https = false, .hosts = hosts};
  if (auto why = why_out_of_reach(allowed, *url); !why.empty())
    return make_error(ec::invalid_input, public_url(page), std::move(why));
  import_link link;
  if (url->host == "github.com")
    link = on_github(*url);
  else if (is_gist(*url))
    link = on_gist(*url);
  else
    link = {url->host == "raw.githubusercontent.com" ? "github" : url->host,
            fmt::format("https://{}{}", url->host, url->path),
            {}};
  if (link.url.empty())
    return make_error(ec::invalid_input, public_url(page), "no file");
  std::replace(link.source.begin(), link.source.end(), '.', '-');
  link.page = page;
  return link;
}

found_links find_import_links(const fetched_topic& topic, const std::string& forum,
                              const std::vector<std::string>& hosts) {
  const auto own = parse_url(forum);
  const auto forum_host = own ? own->host : std::string{};
  link_collector collector{forum_host, hosts};
  find_buttons(topic.body, collector);
  find_buttons(topic.cooked, collector);
  for (const auto& link : topic.links)
    find_buttons(link, collector);
  for (const auto& link : topic.links)
    collector.plain(link);
  return std::move(collector.found);
}

} // namespace habitd
