#include "tools/habitd/corpus_questions.hpp"

#include "actors/community/judge.hpp"
#include "storage/corpus_records.hpp"

#include <algorithm>
#include <charconv>

namespace habitd {

namespace {

/// A part of a whole, or a count.
template <class Number>
bool read_number(const std::string& text, Number& to, Number most) {
  const auto* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, to);
  return failed == std::errc{} && stop == end && to >= Number{} && to <= most;
}

bool read_flag(const std::string& text, bool& to) {
  to = text == "true" || text == "1";
  return to || text == "false" || text == "0";
}

error refused(const std::string& name, const char* expects) {
  return make_error(ec::invalid_input, name + ": " + expects);
}

error read_parameter(corpus_query& query, const std::string& name,
                     const std::string& value) {
  constexpr const char* flag = "true or false";
  if (name == "q")
    query.text = value.substr(0, 500);
  else if (name == "domain")
    query.domain = value;
  else if (name == "device_class")
    query.device_class = value;
  else if (name == "integration")
    query.integration = value;
  else if (name == "use_case" && !(query.purpose = use_case_named(value)))
    return refused(name, "energy, comfort, security or convenience");
  else if (name == "min_quality" && !read_number(value, query.least_quality, 1.0))
    return refused(name, "a number from 0 to 1");
  else if (name == "blueprints_only" && !read_flag(value, query.blueprints_only))
    return refused(name, flag);
  else if (name == "trending" && !read_flag(value, query.trending_only))
    return refused(name, flag);
  else if (name == "runnable" && !read_flag(value, query.runnable_only))
    return refused(name, flag);
  else if (name == "offset" && !read_number(value, query.skip, std::size_t{1'000'000}))
    return refused(name, "a whole number from 0 to 1000000");
  else if (name == "limit" &&
           (!read_number(value, query.limit, std::size_t{1'000}) || query.limit == 0))
    return refused(name, "a whole number from 1 to 1000");
  return {};
}

} // namespace

std::optional<use_case> use_case_named(const std::string& word) {
  for (int i = 0; i < 4; ++i)
    if (use_case_word(static_cast<use_case>(i)) == word)
      return static_cast<use_case>(i);
  return std::nullopt;
}

expected<audit_query> read_audit_query(const std::string& since,
                                       const std::string& operation, std::size_t limit) {
  audit_query query;
  query.limit = limit;
  if (!since.empty()) {
    if (const auto day = parse_date(since))
      query.since = wall_time{std::chrono::days{day->number}};
    else if (const auto at = parse_utc(since))
      query.since = *at;
    else
      return make_error(ec::invalid_input,
                        "since: a date like 2026-11-22 or an instant like "
                        "2026-11-22T06:05:00.000Z");
  }
  if (operation.empty())
    return query;
  const auto word = operation == "delete" ? std::string{"remove"} : operation;
  for (int i = 0; i < corpus_operations; ++i)
    if (operation_word(static_cast<corpus_operation>(i)) == word)
      query.operation = static_cast<corpus_operation>(i);
  if (!query.operation)
    return make_error(ec::invalid_input,
                      "operation: add, update, remove, prune or restore");
  return query;
}

expected<corpus_query>
read_corpus_query(const std::map<std::string, std::string>& parameters) {
  corpus_query query;
  for (const auto& [name, value] : parameters)
    if (auto wrong = read_parameter(query, name, value))
      return wrong;
  return query;
}

expected<home_entity> kind_of_entity(const home_registry& home, const std::string& name) {
  const auto known =
    std::find_if(home.entities.begin(), home.entities.end(),
                 [&](const home_entity& entity) { return entity.id == name; });
  if (known != home.entities.end())
    return *known;
  home_entity kind;
  if (const auto colon = name.find(':'); colon != std::string::npos) {
    kind.id = name.substr(0, colon) + ".any";
    kind.device_class = name.substr(colon + 1);
  } else {
    kind.id = name.find('.') == std::string::npos ? name + ".any" : name;
  }
  if (name.empty() || kind.id.front() == '.')
    return make_error(ec::invalid_input,
                      "an entity like light.kitchen, a domain like light, or a class "
                      "like binary_sensor:motion");
  return kind;
}

} // namespace habitd
