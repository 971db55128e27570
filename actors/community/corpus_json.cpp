#include "actors/community/corpus_json.hpp"

#include "actors/community/judge.hpp"

#include <cmath>

namespace habitd {

namespace {

namespace json = boost::json;

double rounded(double number) {
  return std::round(number * 10'000) / 10'000;
}

json::object card_json(const corpus_card& card, bool knows_home) {
  json::object object{
    {"id", card.id},
    {"title", card.title},
    {"author", card.author},
    {"url", card.url},
    {"quality", rounded(static_cast<double>(card.quality))},
    {"votes", card.votes},
    {"votes_per_day", rounded(static_cast<double>(card.votes_per_day))},
    {"trending", card.trending},
    {"use_case", use_case_word(card.purpose)},
    {"domain", domain_word(card.domain)},
    {"is_blueprint", card.is_blueprint},
    {"importable", card.importable},
    {"risky", card.risky},
  };
  if (knows_home) {
    object["runnable"] = card.missing == 0;
    object["missing"] = card.missing;
    object["helpers_to_make"] = card.creatable;
  }
  return object;
}

json::array cards_json(const std::vector<corpus_card>& cards, bool knows_home) {
  json::array items;
  for (const auto& card : cards)
    items.push_back(card_json(card, knows_home));
  return items;
}

json::array counts_json(const std::vector<name_count>& counts) {
  json::array items;
  for (const auto& [name, entries] : counts)
    items.push_back(json::object{{"name", name}, {"entries", entries}});
  return items;
}

json::array rows_json(const std::vector<audit_row>& rows) {
  json::array items;
  for (const auto& row : rows)
    items.push_back(json::parse(to_json(row)));
  return items;
}

} // namespace

std::string to_json(const corpus_hits& hits, bool knows_home) {
  return json::serialize(json::object{{"items", cards_json(hits.cards, knows_home)},
                                      {"total", hits.total},
                                      {"knows_home", knows_home}});
}

std::string to_json(const corpus_statistics& of) {
  return json::serialize(json::object{
    {"entries", of.entries},
    {"blueprints", of.blueprints},
    {"trending", of.trending},
    {"importable", of.importable},
    {"mean_quality", rounded(of.mean_quality)},
    {"use_cases", counts_json(of.purposes)},
    {"domains", counts_json(of.domains)},
    {"device_classes", counts_json(of.device_classes)},
    {"integrations", counts_json(of.integrations)},
    {"sources", counts_json(of.sources)},
  });
}

std::string to_json(const std::vector<unlocked>& recommendations, bool knows_home) {
  json::array items;
  for (const auto& each : recommendations)
    items.push_back(json::object{{"wants", each.wants},
                                 {"entries", each.entries},
                                 {"quality", rounded(each.quality)},
                                 {"examples", cards_json(each.examples, knows_home)}});
  return json::serialize(
    json::object{{"items", std::move(items)}, {"knows_home", knows_home}});
}

std::string to_json(const home_match& match, const std::string& id) {
  json::array inputs, missing;
  for (const auto& input : match.inputs) {
    inputs.push_back(json::object{{"key", input.key},
                                  {"name", input.name},
                                  {"selector", input.selector},
                                  {"fit", fit_word(input.fit)},
                                  {"needed", input.is_needed},
                                  {"wants", input.wants},
                                  {"candidates", json::value_from(input.candidates)}});
    if (input.is_needed && input.fit == input_fit::missing)
      missing.emplace_back(input.name);
  }
  return json::serialize(json::object{{"id", id},
                                      {"runnable", match.is_runnable()},
                                      {"missing", std::move(missing)},
                                      {"helpers_to_make", match.creatable},
                                      {"to_fill_in", match.open},
                                      {"inputs", std::move(inputs)}});
}

std::string audit_json(const std::vector<audit_row>& rows) {
  return json::serialize(
    json::object{{"audit_log", rows_json(rows)}, {"count", rows.size()}});
}

std::string to_json(const corpus_plan& plan, const std::vector<parse_failure>& failures) {
  std::vector<audit_row> rows;
  for (const auto& change : plan.changes)
    rows.push_back(change.why);
  json::array unread;
  for (const auto& failure : failures)
    unread.push_back(json::parse(to_json(failure)));
  return json::serialize(json::object{{"changes", rows_json(rows)},
                                      {"skipped", rows_json(plan.skipped)},
                                      {"rescored", plan.rescored.size()},
                                      {"failures", std::move(unread)},
                                      {"summary", json::parse(to_json(plan.summary))}});
}

} // namespace habitd
