#include "tests/actors/detector/made_home.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace habitd {

made_home::made_home(int days, local_day first) {
  for (int i = 0; i < days; ++i) {
    auto& day = days_.emplace_back();
    day.day = first + i;
    day.observed.set();
    day.exposure.fill(900);
  }
}

void made_home::add(int day, double seconds, entity_number entity, turn to,
                    bool automated) {
  const auto ms = static_cast<std::int64_t>(std::llround(seconds * 1000));
  if (ms < 0 || ms >= 86'400'000)
    return;
  auto& in = days_.at(static_cast<std::size_t>(day));
  const auto bin = static_cast<std::uint16_t>(ms / 300'000);
  if (in.observed[bin])
    in.activations.push_back(
      {static_cast<std::int32_t>(ms), bin, automated, item_of(entity, to)});
}

std::vector<home_day> made_home::days() const {
  auto sorted = days_;
  for (auto& day : sorted)
    std::sort(day.activations.begin(), day.activations.end(),
              [](const activation& a, const activation& b) {
                return std::pair{a.at, a.item} < std::pair{b.at, b.item};
              });
  return sorted;
}

void home_memory::observe(const detector& with, const home_day& day) {
  auto& record = days[day.day];
  record.observed = day.observed;
  record.exposure = day.exposure;
  auto& mine = parts[day.day];
  mine.clear();
  for (auto& part : with.observe(day))
    mine[part.part] = std::move(part.bytes);
}

aggregate_history home_memory::history() const {
  return {days,
          [this](period when, std::uint32_t part) -> expected<std::string> {
            const auto of = parts.find(first_day_of(when));
            if (of == parts.end() || !of->second.contains(part))
              return make_error(ec::not_found, "no such part");
            return of->second.at(part);
          },
          [this](period when, const auto& visit) -> error {
            if (const auto of = parts.find(first_day_of(when)); of != parts.end())
              for (const auto& [part, bytes] : of->second)
                if (!visit(part, bytes))
                  break;
            return {};
          }};
}

home_memory remember(const detector& with, const std::vector<home_day>& days) {
  home_memory memory;
  for (const auto& day : days)
    memory.observe(with, day);
  return memory;
}

std::string name_of_made(entity_number number) {
  auto digits = std::to_string(number);
  return "sensor.e" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') +
         digits;
}

double seeded::uniform() {
  return static_cast<double>(engine_() >> 11) * 0x1p-53;
}

double seeded::normal(double mean, double sd) {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return mean + sd * radius * std::cos(2 * std::numbers::pi * uniform());
}

} // namespace habitd
