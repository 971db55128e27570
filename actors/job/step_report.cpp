// What a step tells its carrier.

#include "actors/job/job_carrier.hpp"

#include "messages/log_correlation.hpp"
#include "messages/log_of.hpp"

namespace habitd {

namespace {

constexpr std::size_t most_notes = 10;

} // namespace

bool step_report::is_current() const {
  return to_->is_running() && to_->run->step() == step_;
}

const job_record& step_report::record() const {
  return to_->run->record();
}

job_self::pointer step_report::self() const {
  return to_->self;
}

void step_report::more() const {
  if (is_current())
    to_->carry(to_->run->more(step_));
}

void step_report::done(const std::string& problem) const {
  if (is_current())
    to_->carry(to_->run->done(step_, self()->clock().now(), problem));
}

void step_report::failed(const error& reason) const {
  if (is_current())
    to_->carry(to_->run->failed(step_, self()->clock().now(), reason));
}

bool step_report::tries_again(std::span<const error> reasons) const {
  if (!is_current())
    return true; // somebody else goes on
  const auto next = to_->run->tried_again(step_, reasons);
  if (next)
    to_->carry(*next);
  return next.has_value();
}

void step_report::progress(double share) const {
  if (is_current())
    to_->progress = share;
}

void step_report::count(std::string_view name, std::uint64_t more) const {
  if (is_current())
    to_->run->record().counts[std::string{name}] += more;
}

void step_report::set_count(std::string_view name, std::uint64_t to) const {
  if (is_current())
    to_->run->record().counts[std::string{name}] = to;
}

void step_report::note(const std::string& left_out) const {
  if (!is_current())
    return;
  auto& notes = to_->run->record().notes;
  if (notes.size() < most_notes)
    notes.push_back(left_out);
}

void step_report::problem(const std::string& text) const {
  if (!is_current())
    return;
  const log_correlation lines{record().correlation};
  log_of(to_->kind.area).error("{}: {}", to_->title(), text);
  to_->run->note_problem(text);
}

error step_report::bookmark(const std::string& text) const {
  if (!is_current())
    return make_error(ec::unexpected, std::string{"a bookmark of a step that is over"});
  auto& record = to_->run->record();
  auto before = std::exchange(record.bookmark, text);
  auto failed = to_->save(record);
  if (failed)
    record.bookmark = std::move(before);
  return failed;
}

} // namespace habitd
