#include "actors/home/reader.hpp"

#include <utility>

namespace habitd {

namespace {

/// A page without rows is 200,000 lines that hold none, or a look at as many.
constexpr int most_empty_pages = 100'000;

} // namespace

read_next making_progress(read_next next, std::string start) {
  struct state {
    std::string cursor;
    int empty_pages = 0;
  };
  const auto seen = std::make_shared<state>(state{std::move(start), 0});
  return [next = std::move(next), seen]() -> expected<read_step> {
    auto step = next();
    if (!step || step->at_end)
      return step;
    const bool moved = step->position.cursor != seen->cursor;
    seen->empty_pages = moved || !step->page.rows.empty() ? 0 : seen->empty_pages + 1;
    if (!moved && (!step->page.rows.empty() || seen->empty_pages > most_empty_pages))
      return make_error(ec::unexpected, step->position.source +
                                          ": reading does not get beyond \"" +
                                          seen->cursor + "\"");
    seen->cursor = step->position.cursor;
    return step;
  };
}

} // namespace habitd
