#pragma once

#include "actors/home/context.hpp"
#include "actors/home/line_source.hpp"
#include "actors/home/row_sink.hpp"
#include "actors/runtime/calendar.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace habitd {

/// What layouts need to know about the home.
struct home_facts {
  std::shared_ptr<const home_calendar> calendar; // for times without an offset
  /// Who made a change. What is learnt of contexts stays for another reading of the file.
  std::shared_ptr<attribution> who;
};

/// How lines of text become rows. Lines come in order; a function keeps what it must
/// remember between them.
struct line_layout {
  std::function<void(const text_line& line, row_sink& rows)> take;
  std::function<void(row_sink& rows)> finish = [](row_sink&) {}; // after the last line
};

/// One way of writing a home's history as text.
struct layout_kind {
  std::string_view name;
  std::string_view description; // one line, for --help
  /// @param lines  the first lines of a file, at most 100.
  bool (*recognise)(std::span<const std::string_view> lines);
  line_layout (*make)(const home_facts& facts);
  piece_kind pieces = piece_kind::line; // that `take` gets
};

line_layout csv_layout(const home_facts& facts);
bool looks_like_csv(std::span<const std::string_view> lines);

/// True for a line of fields that hold an entity id and a time, where a header should be.
bool looks_like_csv_row(std::string_view line);

line_layout ndjson_layout(const home_facts& facts);
bool looks_like_ndjson(std::span<const std::string_view> lines);

/// The same objects in arrays, or over several lines.
bool looks_like_json(std::span<const std::string_view> lines);

/// A line a second, 20 columns of 0 and 1, then two of annotation; a file a day, named
/// DAY_1.txt and so on. There are no dates: day 1 is taken to be Monday 2012-01-02.
line_layout aras_layout(const home_facts& facts);
bool looks_like_aras(std::span<const std::string_view> lines);

/// day,time,sensor_column,value: the changes of the same home.
line_layout aras_events_layout(const home_facts& facts);
bool looks_like_aras_events(std::span<const std::string_view> lines);

/// date,time,node,room,type,value. A row of type `mot` is an impulse.
line_layout budapest_layout(const home_facts& facts);
bool looks_like_budapest(std::span<const std::string_view> lines);

/// Tab-separated start, end and sensor of each time a sensor was on.
line_layout interval_layout(const home_facts& facts);
bool looks_like_intervals(std::span<const std::string_view> lines);

/// An impulse, or an interval that ends in the millisecond it began, needs an end after
/// its beginning: rows are ordered by time alone.
constexpr std::chrono::milliseconds shortest_on{1};

} // namespace habitd
