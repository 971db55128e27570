#include "actors/home/text_reader.hpp"

#include <charconv>
#include <fmt/format.h>

namespace habitd {

namespace {

constexpr std::string_view cursor_word = "row ";

/// Rows that were read before, from a cursor like "row 7000"; 0 if it is none.
std::uint64_t rows_before(std::string_view cursor) {
  std::uint64_t rows = 0;
  if (cursor.starts_with(cursor_word))
    std::from_chars(cursor.data() + cursor_word.size(), cursor.data() + cursor.size(),
                    rows);
  return rows;
}

class text_reader {
public:
  text_reader(const source_request& request, const layout_kind& kind,
              std::vector<std::size_t> members, line_source lines)
      : request_{request}, kind_{kind}, members_{std::move(members)},
        lines_{std::move(lines)}, layout_{kind.make(
                                    {request.calendar, request.machine_users})},
        skip_{rows_before(request.resume_cursor)} {}

  expected<read_step> next();
  read_problems problems() const { return sink_.problems(); }

private:
  /// Reads on until the page has `most` rows, for a while at most; true at the end.
  expected<bool> fill_page(std::size_t most);
  error skip_rows_before();
  error open_again();
  error nothing_read() const;
  read_step finish_page();

  source_request request_;
  const layout_kind& kind_;
  std::vector<std::size_t> members_;
  line_source lines_;
  line_layout layout_;
  row_sink sink_;
  std::string file_name_;  // of the current member, for problems
  std::uint64_t rows_ = 0; // given out or skipped so far
  std::uint64_t skip_ = 0; // rows that an earlier run gave out
  error failed_;           // found after rows that were still good
  bool at_end_ = false;
};

expected<bool> text_reader::fill_page(std::size_t most) {
  constexpr int most_lines = 200'000; // well under a second, where few lines give rows
  for (int lines = 0; sink_.page_size() < most && lines < most_lines; ++lines) {
    const auto line = lines_.next();
    if (!line)
      return line.error();
    if (!*line) {
      layout_.finish(sink_);
      return true;
    }
    const auto& text = **line;
    if (text.number == 1)
      file_name_ = text.member;
    sink_.set_place(file_name_, text.number);
    layout_.take(text, sink_);
  }
  return false;
}

error text_reader::open_again() {
  auto lines = line_source::open(request_.file, members_);
  if (!lines)
    return lines.error();
  lines_ = std::move(*lines);
  layout_ = kind_.make({request_.calendar, request_.machine_users});
  sink_ = {};
  rows_ = 0;
  return {};
}

/// The state before a row depends on all rows before it, so resuming reads those again. A
/// file that doesn't have a page's end where it was is another file: read it all.
error text_reader::skip_rows_before() {
  while (rows_ < skip_) {
    const auto most = std::min<std::uint64_t>(request_.page_rows, skip_ - rows_);
    const auto ended = fill_page(most);
    if (!ended)
      return ended.error();
    rows_ += sink_.take_page().rows.size();
    if (rows_ > skip_ || (*ended && rows_ < skip_)) {
      skip_ = 0;
      return open_again();
    }
  }
  return {};
}

error text_reader::nothing_read() const {
  const auto& found = sink_.problems();
  return make_error(ec::invalid_input,
                    fmt::format("{}: nothing could be read as {}: {} bad rows{}{}",
                                request_.file.string(), kind_.name,
                                found.bad_rows + found.out_of_range,
                                found.first.empty() ? "" : ", first ",
                                found.first.empty() ? "" : found.first.front()));
}

read_step text_reader::finish_page() {
  read_step step;
  step.ordinal = rows_;
  step.page = sink_.take_page();
  rows_ += step.page.rows.size();
  step.position = {request_.file.string(), fmt::format("{}{}", cursor_word, rows_)};
  step.progress = at_end_ ? 1 : lines_.progress();
  step.at_end = at_end_;
  return step;
}

expected<read_step> text_reader::next() {
  if (!failed_ && rows_ < skip_)
    failed_ = skip_rows_before();
  if (failed_)
    return failed_;
  if (!at_end_) {
    const auto ended = fill_page(request_.page_rows);
    if (!ended) {
      failed_ = ended.error();
      if (sink_.page_size() == 0)
        return failed_;
    } else {
      at_end_ = *ended;
    }
    if (at_end_ && rows_ == 0 && sink_.page_size() == 0)
      return failed_ = nothing_read();
  }
  return finish_page();
}

} // namespace

expected<event_source> open_text(const source_request& request, const layout_kind& kind,
                                 std::vector<std::size_t> members) {
  auto lines = line_source::open(request.file, members);
  if (!lines)
    return lines.error();
  const auto description =
    members.size() == 1 ? std::string{kind.description}
                        : fmt::format("{} ({} files)", kind.description, members.size());
  const auto reader =
    std::make_shared<text_reader>(request, kind, std::move(members), std::move(*lines));
  return event_source{[reader] { return reader->next(); },
                      [reader] { return reader->problems(); }, description};
}

} // namespace habitd
