#include "actors/home/text_reader.hpp"

#include <charconv>
#include <fmt/format.h>

namespace habitd {

namespace {

constexpr std::string_view cursor_word = "row ";

constexpr std::string_view surveyed_word = ", surveyed";

/// Rows that were read before, from a cursor like "row 7000"; 0 if it is none.
std::uint64_t rows_before(std::string_view cursor) {
  std::uint64_t rows = 0;
  if (cursor.starts_with(cursor_word))
    std::from_chars(cursor.data() + cursor_word.size(), cursor.data() + cursor.size(),
                    rows);
  return rows;
}

/// The problems of a reading, or of the one before it as long as that saw more.
const read_problems& more_of(const read_problems& now, const read_problems& before) {
  return now.bad_rows + now.out_of_range < before.bad_rows + before.out_of_range ? before
                                                                                 : now;
}

/// Reads a text file. If it turns out that rows don't come in order of time, a survey looks
/// at all of them, and reading begins anew with what it found: the pages it gives then are
/// those it gave before, and take their place in the store.

class text_reader {
public:
  text_reader(const source_request& request, const layout_kind& kind,
              std::vector<std::size_t> members, line_source lines)
      : request_{request}, kind_{kind}, members_{std::move(members)},
        lines_{std::move(lines)}, who_{std::make_shared<attribution>(
                                    request.machine_users)},
        layout_{kind.make({request.calendar, who_})}, skip_{rows_before(
                                                        request.resume_cursor)} {
    if (!request.resume_cursor.ends_with(surveyed_word))
      return;
    surveyed_cursor_ = request.resume_cursor;
    begin_survey();
  }

  expected<read_step> next();
  read_problems problems() const { return more_of(sink_.problems(), told_problems_); }

private:
  /// Reads on until the page has `most` rows, for a while at most; true at the end.
  expected<bool> fill_page(std::size_t most);
  error skip_rows_before();
  error open_again();
  bool needs_survey() const { return !carried_ && sink_.is_out_of_order(); }
  error start_survey();
  void begin_survey();
  expected<read_step> survey();
  error nothing_read() const;
  read_step finish_page();

  source_request request_;
  const layout_kind& kind_;
  std::vector<std::size_t> members_;
  line_source lines_;
  std::shared_ptr<attribution> who_; // keeps what it learnt when the file is read again
  line_layout layout_;
  row_sink sink_;
  std::string file_name_;                   // of the current member, for problems
  std::uint64_t rows_ = 0;                  // given out or skipped so far
  std::uint64_t skip_ = 0;                  // rows that an earlier run gave out
  std::shared_ptr<carried_states> carried_; // of the survey; null: none was needed
  bool surveying_ = false;
  std::string surveyed_cursor_; // where a reader goes on that is stopped in the survey
  read_problems told_problems_; // of the reading that the survey ended
  error failed_;                // found after rows that were still good
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
  auto lines = line_source::open(request_.file, members_, kind_.pieces);
  if (!lines)
    return lines.error();
  lines_ = std::move(*lines);
  layout_ = kind_.make({request_.calendar, who_});
  told_problems_ = problems();
  sink_ = {};
  sink_.carry(carried_);
  rows_ = 0;
  at_end_ = false;
  return {};
}

void text_reader::begin_survey() {
  surveying_ = true;
  carried_ = std::make_shared<carried_states>(request_.calendar);
  sink_.survey(carried_);
}

/// One stretch of the survey; its step has no rows, and the cursor of the page before.
expected<read_step> text_reader::survey() {
  read_step step;
  step.ordinal = rows_;
  step.position = {request_.file.string(), surveyed_cursor_};
  step.progress = lines_.progress();
  const auto ended = fill_page(1);
  if (!ended || *ended) { // rows after damage are not to be had anyway
    surveying_ = false;
    if (auto failed = open_again())
      return failed;
  }
  return step;
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
    if (needs_survey())
      return {};
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
  step.position = {request_.file.string(),
                   fmt::format("{}{}{}", cursor_word, rows_,
                               carried_ ? surveyed_word : std::string_view{})};
  step.progress = at_end_ ? 1 : lines_.progress();
  step.at_end = at_end_;
  return step;
}

/// The file is read from its start once more, first to look at it. No row was given out that
/// the second reading does not give too.
error text_reader::start_survey() {
  skip_ = 0;
  surveyed_cursor_ = fmt::format("{}0{}", cursor_word, surveyed_word);
  failed_ = {};
  if (auto failed = open_again())
    return failed;
  begin_survey();
  return {};
}

expected<read_step> text_reader::next() {
  if (surveying_)
    return survey();
  if (!failed_ && rows_ < skip_)
    failed_ = skip_rows_before();
  if (failed_)
    return failed_;
  if (!at_end_ && !needs_survey()) {
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
  if (needs_survey()) {
    if (auto failed = start_survey())
      return failed;
    return survey();
  }
  return finish_page();
}

} // namespace

expected<event_source> open_text(const source_request& request, const layout_kind& kind,
                                 std::vector<std::size_t> members) {
  auto lines = line_source::open(request.file, members, kind.pieces);
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
