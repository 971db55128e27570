#include "tests/actors/home/recorder_sample.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

namespace habitd {

source_request request_for(const std::filesystem::path& file, std::size_t page_rows) {
  source_request request;
  request.file = file;
  request.page_rows = page_rows;
  request.calendar = berlin();
  return request;
}

std::vector<plain_row> drain(event_source& source, std::string* cursor) {
  std::vector<plain_row> result;
  while (true) {
    const auto step = source.next();
    INFO((step ? "" : describe(step.error())));
    REQUIRE(step);
    for (auto& row : rows_of(*step))
      result.push_back(std::move(row));
    if (cursor)
      *cursor = step->position.cursor;
    if (step->at_end)
      return result;
  }
}

std::vector<std::string> states_in(const std::vector<plain_row>& rows) {
  std::vector<std::string> result;
  for (const auto& row : rows)
    result.push_back(row.kind == row_kind::restart ? "restart" : row.state);
  return result;
}

std::string file_content(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace habitd
