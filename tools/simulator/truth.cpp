#include "tools/simulator/truth.hpp"

#include "messages/time_text.hpp"

#include <boost/json.hpp>

#include <string_view>

namespace habitd {

namespace {

namespace json = boost::json;

json::array names_of(const std::vector<turn>& turns) {
  json::array names;
  for (const auto to : turns)
    names.emplace_back(to == turn::on ? "on" : "off");
  return names;
}

json::array array_of(const std::vector<std::string>& texts) {
  json::array result;
  for (const auto& text : texts)
    result.emplace_back(text);
  return result;
}

json::object options_to_json(const simulation_options& options) {
  return {{"seed", options.seed},
          {"days", options.days},
          {"first_date", format_date(options.first_date)},
          {"time_zone", options.time_zone},
          {"entities", options.entities},
          {"events_per_day", options.events_per_day},
          {"duplicate_share", options.duplicate_share},
          {"disorder_share", options.disorder_share}};
}

const char* kind_word(truth_kind kind) {
  return kind == truth_kind::clock     ? "clock"
         : kind == truth_kind::trigger ? "trigger"
                                       : "duration";
}

truth_kind kind_in(const json::value& from) {
  for (const auto kind : {truth_kind::clock, truth_kind::trigger, truth_kind::duration})
    if (from.as_string() == kind_word(kind))
      return kind;
  throw std::invalid_argument{"a kind of truth that is not known"};
}

json::object planted_to_json(const planted_truth& truth) {
  json::object result{{"id", truth.id},
                      {"kind", kind_word(truth.kind)},
                      {"detector", detector_for(truth.kind)},
                      {"entities", array_of(truth.entities)},
                      {"turns", names_of(truth.turns)}};
  if (truth.kind == truth_kind::trigger) {
    result["probability"] = truth.probability;
    result["lag_median"] = truth.lag_median;
    result["lag_sigma"] = truth.lag_sigma;
    return result;
  }
  if (truth.kind == truth_kind::duration) {
    result["lengths"] = json::array(truth.lengths.begin(), truth.lengths.end());
    result["length_sigma"] = truth.length_sigma;
    return result;
  }
  result["time"] = truth.time;
  result["sd_minutes"] = truth.sd_minutes;
  result["adherence"] = truth.adherence;
  result["weekdays"] = json::array(truth.weekdays.begin(), truth.weekdays.end());
  result["drift_minutes"] = truth.drift_minutes;
  if (truth.stops)
    result["stops"] = format_date(*truth.stops);
  return result;
}

// Reading back: a missing or misshapen member throws inside, and ends at truth_from_json.

std::vector<std::string> texts_in(const json::value& from) {
  std::vector<std::string> result;
  for (const auto& each : from.as_array())
    result.emplace_back(each.as_string());
  return result;
}

std::vector<turn> turns_in(const json::value& from) {
  std::vector<turn> result;
  for (const auto& each : from.as_array())
    result.push_back(each.as_string() == "on" ? turn::on : turn::off);
  return result;
}

local_day date_in(const json::value& from) {
  auto day = parse_date(std::string{from.as_string()});
  if (!day)
    throw std::invalid_argument{describe(day.error())};
  return *day;
}

planted_truth planted_in(const json::object& from) {
  planted_truth truth{.id = std::string{from.at("id").as_string()},
                      .kind = kind_in(from.at("kind")),
                      .entities = texts_in(from.at("entities")),
                      .turns = turns_in(from.at("turns"))};
  if (truth.kind == truth_kind::trigger) {
    truth.probability = from.at("probability").to_number<double>();
    truth.lag_median = from.at("lag_median").to_number<double>();
    truth.lag_sigma = from.at("lag_sigma").to_number<double>();
    return truth;
  }
  if (truth.kind == truth_kind::duration) {
    for (const auto& length : from.at("lengths").as_array())
      truth.lengths.push_back(length.to_number<double>());
    truth.length_sigma = from.at("length_sigma").to_number<double>();
    return truth;
  }
  truth.time = from.at("time").to_number<int>();
  truth.sd_minutes = from.at("sd_minutes").to_number<double>();
  truth.adherence = from.at("adherence").to_number<double>();
  for (const auto& day : from.at("weekdays").as_array())
    truth.weekdays.push_back(day.to_number<int>());
  truth.drift_minutes = from.at("drift_minutes").to_number<double>();
  if (const auto* stops = from.if_contains("stops"))
    truth.stops = date_in(*stops);
  return truth;
}

home_truth truth_in(const json::object& from) {
  home_truth truth;
  const auto& options = from.at("options").as_object();
  truth.options.seed = options.at("seed").to_number<std::uint64_t>();
  truth.options.days = options.at("days").to_number<int>();
  truth.options.first_date = date_in(options.at("first_date"));
  truth.options.time_zone = std::string{options.at("time_zone").as_string()};
  truth.options.entities = options.at("entities").to_number<int>();
  truth.options.events_per_day = options.at("events_per_day").to_number<double>();
  truth.options.duplicate_share = options.at("duplicate_share").to_number<double>();
  truth.options.disorder_share = options.at("disorder_share").to_number<double>();
  for (const auto& each : from.at("planted").as_array())
    truth.planted.push_back(planted_in(each.as_object()));
  for (const auto& each : from.at("neutral").as_array())
    truth.neutral.push_back({texts_in(each.at("entities")), turns_in(each.at("turns"))});
  for (const auto& each : from.at("distractors").as_array())
    truth.distractors.push_back(
      {std::string{each.at("kind").as_string()}, texts_in(each.at("entities"))});
  return truth;
}

} // namespace

const char* detector_for(truth_kind kind) {
  return kind == truth_kind::clock     ? "time_of_day"
         : kind == truth_kind::trigger ? "co_occurrence"
                                       : "duration";
}

boost::json::value to_json(const home_truth& truth) {
  json::array planted;
  for (const auto& each : truth.planted)
    planted.emplace_back(planted_to_json(each));
  json::array neutral;
  for (const auto& each : truth.neutral)
    neutral.emplace_back(json::object{{"entities", array_of(each.entities)},
                                      {"turns", names_of(each.turns)}});
  json::array distractors;
  for (const auto& each : truth.distractors)
    distractors.emplace_back(
      json::object{{"kind", each.kind}, {"entities", array_of(each.entities)}});
  return json::object{{"options", options_to_json(truth.options)},
                      {"planted", std::move(planted)},
                      {"neutral", std::move(neutral)},
                      {"distractors", std::move(distractors)}};
}

expected<home_truth> truth_from_json(const boost::json::value& from) {
  try {
    return truth_in(from.as_object());
  } catch (const std::exception& failure) { // Boost.JSON's accessors throw
    return make_error(ec::corrupt_data, std::string{"truth: "} + failure.what());
  }
}

} // namespace habitd
