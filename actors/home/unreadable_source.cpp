#include "actors/home/unreadable_source.hpp"

#include "actors/home/line_layout.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace habitd {

namespace {

constexpr std::string_view how_to_export =
  "export the rows and read those: SELECT m.entity_id, s.state, s.last_updated_ts, "
  "s.last_changed_ts, hex(s.context_id_bin) AS context_id FROM states s JOIN states_meta "
  "m "
  "ON m.metadata_id = s.metadata_id, as CSV or tab-separated with its header "
  "(docs/cli.md, \"What is read\")";

struct known_beginning {
  std::string_view bytes;
  std::string_view words;
};

constexpr std::array beginnings{
  known_beginning{"PGDMP", "a dump of PostgreSQL"},
  known_beginning{"-- PostgreSQL database dump", "a dump of PostgreSQL"},
  known_beginning{"--\n-- PostgreSQL database dump", "a dump of PostgreSQL"},
  known_beginning{"-- MySQL dump", "a dump of MySQL"},
  known_beginning{"-- MariaDB dump", "a dump of MariaDB"},
  known_beginning{"/*!999999\\- enable the sandbox mode */", "a dump of MariaDB"},
  known_beginning{"/*M!999999\\- enable the sandbox mode */", "a dump of MariaDB"},
};

} // namespace

std::string without_secrets(const std::string& url) {
  const auto begin = url.find("://");
  if (begin == std::string::npos)
    return url;
  const auto host = begin + 3;
  // A password may hold any sign, '/' and '@' too: the host is behind the last '@'.
  const auto end = url.find('?');
  const auto at = url.substr(0, end).rfind('@');
  return url.substr(0, host) + (at == std::string::npos || at < host
                                  ? url.substr(host, end - host)
                                  : url.substr(at + 1, end - at - 1));
}

expected<std::string> file_of_url(const std::string& url) {
  const auto begin = url.find("://");
  if (begin == std::string::npos || begin == 0 ||
      !std::ranges::all_of(url.substr(0, begin), [](unsigned char c) {
        return std::isalnum(c) || c == '+' || c == '-' || c == '.';
      }))
    return url;
  const auto scheme = url.substr(0, begin);
  const auto shown = without_secrets(url);
  if (scheme.starts_with("sqlite") || scheme == "file") {
    const auto path = url.substr(begin + 3, url.find('?') - begin - 3);
    // sqlite:////config/x.db and sqlite:///x.db: a third slash ends the empty host.
    const bool is_sqlite = scheme != "file";
    return path.empty() ? path : is_sqlite ? path.substr(1) : path;
  }
  for (const auto& [word, server] :
       {std::pair{"mysql", "MySQL and MariaDB"},
        std::pair{"mariadb", "MySQL and MariaDB"}, std::pair{"postgres", "PostgreSQL"},
        std::pair{"mssql", "SQL Server"}, std::pair{"oracle", "Oracle"}})
    if (scheme.starts_with(word))
      return make_error(ec::invalid_input, shown + ": databases of " + server +
                                             " can't be read; " +
                                             std::string{how_to_export});
  return make_error(ec::invalid_input,
                    shown + ": an address, not a file; download it, and name the file");
}

std::string known_unreadable(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF"))
    head.remove_prefix(3);
  for (const auto& [bytes, words] : beginnings)
    if (head.starts_with(bytes))
      return std::string{words} + ": load it into its server, and " +
             std::string{how_to_export};
  if (head.starts_with("PK\x03\x04") && head.find("xl/") != std::string_view::npos)
    return "a workbook: save the sheet as CSV";
  if (looks_like_csv_row(head.substr(0, head.find('\n'))))
    return "rows without a header: its first line must name the columns, such as "
           "entity_id,state,last_changed (of a query in mysql or sqlite3: leave out "
           "--skip-column-names, add -header)";
  return {};
}

} // namespace habitd
