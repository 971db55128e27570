#include "tools/habitd/print_digest.hpp"

#include "tools/habitd/analyze.hpp"
#include "tools/habitd/digest.hpp"
#include "tools/habitd/exit_code.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

expected<findings> findings_in(const std::filesystem::path& directory) {
  storage_options where;
  where.directory = directory;
  const auto store = home_store::open_to_read(where);
  if (!store)
    return store.error();
  return load_findings(**store);
}

} // namespace

int print_digest(const digest_request& request) {
  const auto all = findings_in(request.state_dir);
  if (!all)
    return fail(all.error());
  const auto& without = request.without;
  const auto is = digest_of(*all, [&without](const pattern& found) {
    return std::find(without.begin(), without.end(), found.detector) == without.end();
  });
  fmt::print("{} {} patterns, {} {} suggestions\n", is.patterns, is.pattern_count,
             is.suggestions, is.suggestion_count);
  return exit_ok;
}

} // namespace habitd
