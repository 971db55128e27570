#include "tests/faults/content.hpp"

#include "messages/analysis.hpp"
#include "storage/records.hpp"

#include <string_view>

namespace habitd::faults {

namespace {

class fnv {
public:
  void mix(std::string_view bytes) {
    for (const char c : bytes)
      hash_ = (hash_ ^ static_cast<std::uint8_t>(c)) * 1099511628211U;
    hash_ = (hash_ ^ bytes.size()) * 1099511628211U; // so that "a", "bc" isn't "ab", "c"
  }
  std::uint64_t value() const { return hash_; }

private:
  std::uint64_t hash_ = 14695981039346656037U;
};

} // namespace

expected<content> content_of(const home_store& store) {
  content result;
  fnv hash;
  error bad_block;
  for (std::size_t i = 0; i < family_count; ++i) {
    const auto in = static_cast<family>(i);
    hash.mix(family_names[i]);
    auto failed =
      store.db->scan(in, {}, {}, [&](std::string_view key, std::string_view value) {
        if (in == family::jobs) {
          result.jobs.emplace(key, value);
          return true;
        }
        hash.mix(key);
        hash.mix(value);
        if (in == family::events) {
          stored_day rows;
          bad_block = decode_events(value, rows);
          result.rows += rows.events.size();
        }
        result.patterns += in == family::patterns ? 1 : 0;
        return !bad_block;
      });
    if (failed || bad_block)
      return failed ? failed : bad_block;
  }
  result.digest = hash.value();
  return result;
}

expected<findings> findings_of(const home_store& store) {
  findings result;
  for (const auto in : {family::events, family::entities, family::aggregates_daily,
                        family::lifecycle, family::patterns, family::suggestions}) {
    fnv hash;
    if (auto failed =
          store.db->scan(in, {}, {}, [&](std::string_view key, std::string_view value) {
            hash.mix(key);
            hash.mix(value);
            return true;
          }))
      return failed;
    result[family_names[static_cast<std::size_t>(in)]] = hash.value();
  }
  const auto days = store.days.range(local_day{INT32_MIN}, local_day{INT32_MAX});
  if (!days)
    return days.error();
  fnv hash;
  for (const auto& [day, record] : *days) {
    hash.mix(std::to_string(day.number));
    hash.mix(record.dirty ? "dirty" : record.revision > 0 ? "sealed" : "new");
    hash.mix(record.missing.to_string());
    hash.mix(record.raw_kept ? "raw" : "");
    hash.mix(record.observed.to_string());
    for (const auto seconds : record.exposure)
      hash.mix(std::to_string(seconds));
    hash.mix(std::to_string(record.counts.rows));
  }
  result["days"] = hash.value();
  return result;
}

std::string difference(const findings& a, const findings& b) {
  std::string names;
  for (const auto& [name, digest] : a)
    if (const auto other = b.find(name); other == b.end() || other->second != digest)
      names += (names.empty() ? "" : ", ") + name;
  return names;
}

std::string wrong_with_jobs(const content& stored) {
  for (const auto& [id, text] : stored.jobs) {
    const auto job = job_from_json(text);
    if (!job)
      return "job " + id + " can't be read: " + describe(job.error());
    if (job->outcome == job_outcome::running)
      return "job " + id + " is still called running";
    if (job->kind == "analysis" && job->outcome == job_outcome::ok &&
        job->phases.size() != analysis_phase_words.size())
      return "job " + id + " is called ok and did not end";
  }
  return {};
}

std::string missing_jobs(const content& acknowledged, const content& found) {
  for (const auto& [id, text] : acknowledged.jobs) {
    const auto now = found.jobs.find(id);
    if (now == found.jobs.end())
      return "job record " + id + " is gone";
    if (now->second == text)
      continue;
    const auto before = job_from_json(text), after = job_from_json(now->second);
    if (!before || !after)
      return "job record " + id + " can't be read";
    if (after->phases.size() < before->phases.size() ||
        after->phases.size() > before->phases.size() + 1)
      return "job record " + id + " is another one";
  }
  return {};
}

} // namespace habitd::faults
