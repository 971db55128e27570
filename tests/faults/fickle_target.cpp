#include "tests/faults/fickle_target.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace habitd::faults {

namespace {

using kind = delivery_result::kind;

const delivery_result not_now{kind::failed, "not now", {}};

} // namespace

delivery_result fickle_target::take(const outbox_entry& entry) {
  if (is_cut_off_)
    return not_now;
  ++attempts_;
  if (entry.sequence < last_ && wrong_.empty())
    wrong_ = fmt::format("entry {} came after {}", entry.sequence, last_);
  last_ = entry.sequence;
  const auto draw = random_() % 100;
  if (mood_ == target_mood::fails || (mood_ == target_mood::takes && draw < 10))
    return not_now;
  if (mood_ == target_mood::takes && draw < 12)
    return {kind::refused, "never", {}};
  if (mood_ == target_mood::takes || draw < 50)
    keep(entry);
  return mood_ == target_mood::lies || draw < 16 ? not_now : delivery_result{};
}

void fickle_target::keep(const outbox_entry& entry) {
  const auto [at, is_new] = taken_.try_emplace(entry.sequence, entry.payload);
  if (!is_new && at->second != entry.payload && wrong_.empty())
    wrong_ = fmt::format("entry {} changed", entry.sequence);
}

std::string wrong_with_alerts(const std::map<std::uint64_t, std::string>& payloads) {
  std::map<std::string, bool> is_raised; // by code and subject
  for (const auto& [sequence, text] : payloads) {
    const auto payload = boost::json::parse(text).as_object();
    const auto word = [&](const char* key) {
      return std::string{payload.at(key).as_string().c_str()};
    };
    const auto which = word("code") + " of " + word("subject");
    const bool raised = word("event") == "raised";
    if (is_raised[which] == raised)
      return fmt::format("{} was {} twice, the second time by entry {}", which,
                         raised ? "raised" : "cleared", sequence);
    is_raised[which] = raised;
  }
  return {};
}

} // namespace habitd::faults
