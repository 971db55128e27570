#include "actors/runtime/fault_point.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace habitd {

namespace {

constexpr std::array<std::string_view, 17> points{"analysis.prune",
                                                  "analysis.seal",
                                                  "analysis.store_patterns",
                                                  "analysis.store_suggestions",
                                                  "detector.check",
                                                  "detector.conclude",
                                                  "detector.observe",
                                                  "events.load",
                                                  "events.read",
                                                  "job.save",
                                                  "standards.begin",
                                                  "standards.count",
                                                  "standards.failed",
                                                  "standards.queue",
                                                  "standards.store",
                                                  "standards.stored",
                                                  "suggestion.make"};

enum class fault_kind : std::uint8_t { throws, hangs, kills };

struct planned_fault {
  std::string_view point; // of `points`
  unsigned pass = 1;
  bool each_later = false;
  fault_kind kind = fault_kind::throws;
};

void do_fault(fault_kind kind, std::string_view point) {
  switch (kind) {
  case fault_kind::throws:
    throw std::runtime_error("planned fault at " + std::string{point});
  case fault_kind::hangs:
    for (;;)
      std::this_thread::sleep_for(std::chrono::hours{1});
  case fault_kind::kills:
    std::raise(SIGKILL);
  }
}

/// Counts how often each point is passed, and acts when a fault's turn has come.
class fault_plan {
public:
  void add(planned_fault fault) { faults_.push_back({fault, 0}); }

  void pass(std::string_view point) {
    std::unique_lock lock{mutex_};
    for (auto& [fault, passes] : faults_) {
      if (fault.point != point)
        continue;
      ++passes;
      if (passes != fault.pass && !(fault.each_later && passes > fault.pass))
        continue;
      lock.unlock();
      return do_fault(fault.kind, point);
    }
  }

private:
  std::mutex mutex_;
  std::vector<std::pair<planned_fault, unsigned>> faults_;
};

error wrong_fault(std::string_view part) {
  std::string names;
  for (const auto point : points)
    names += (names.empty() ? "" : ", ") + std::string{point};
  return make_error(ec::invalid_input,
                    "planned fault \"" + std::string{part} +
                      "\" is not POINT:PASS:throw, hang or kill, of the points " + names);
}

expected<planned_fault> parse_fault(std::string_view part) {
  planned_fault fault;
  const auto first = part.find(':');
  const auto second = first == part.npos ? part.npos : part.find(':', first + 1);
  if (second == part.npos)
    return wrong_fault(part);
  const auto* point = std::find(points.begin(), points.end(), part.substr(0, first));
  auto pass = part.substr(first + 1, second - first - 1);
  fault.each_later = pass.ends_with('+');
  if (fault.each_later)
    pass.remove_suffix(1);
  const auto [end, wrong] =
    std::from_chars(pass.data(), pass.data() + pass.size(), fault.pass);
  const auto kind = part.substr(second + 1);
  if (point == points.end() || wrong != std::errc{} || end != pass.data() + pass.size() ||
      fault.pass == 0 || (kind != "throw" && kind != "hang" && kind != "kill"))
    return wrong_fault(part);
  fault.point = *point;
  fault.kind = kind == "throw"  ? fault_kind::throws
               : kind == "hang" ? fault_kind::hangs
                                : fault_kind::kills;
  return fault;
}

} // namespace

std::vector<std::string_view> fault_point_names() {
  return {points.begin(), points.end()};
}

error plan_faults(std::string_view plan) {
  const auto faults = std::make_shared<fault_plan>();
  while (!plan.empty()) {
    const auto part = plan.substr(0, plan.find(','));
    const auto fault = parse_fault(part);
    if (!fault)
      return fault.error();
    faults->add(*fault);
    plan.remove_prefix(std::min(plan.size(), part.size() + 1));
  }
  static const fault_action act = [faults](std::string_view point) {
    faults->pass(point);
  };
  detail::planned_faults.store(&act, std::memory_order_release);
  return {};
}

} // namespace habitd
