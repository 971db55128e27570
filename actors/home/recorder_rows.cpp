#include "actors/home/recorder_rows.hpp"

#include "messages/home_day.hpp"

namespace habitd {

error recorder_rows::prepare(sqlite_database& database, const recorder_schema& schema) {
  close();
  users_ = schema.users;
  parents_ = schema.parents;
  data_version_ = -1;
  const auto make = [&](std::optional<sqlite_query>& query, const std::string& sql) {
    if (sql.empty())
      return error{};
    auto prepared = database.prepare(sql);
    if (!prepared)
      return prepared.error();
    query = std::move(*prepared);
    return error{};
  };
  if (auto err = make(names_query_, schema.names_sql))
    return err;
  if (auto err = make(old_state_query_, schema.old_state_sql))
    return err;
  if (auto err = make(carried_query_, schema.carried_sql))
    return err;
  return make(version_query_, "PRAGMA data_version");
}

void recorder_rows::close() {
  for (auto* const query :
       {&names_query_, &old_state_query_, &carried_query_, &version_query_})
    query->reset();
}

void recorder_rows::forget() {
  entities_.clear();
  told_until_ = {};
}

error recorder_rows::begin_page(sqlite_database& database) {
  if (!names_query_)
    return {};
  const auto version = version_query_->step() ? version_query_->number(0) : -1;
  version_query_->reset();
  if (version == data_version_ && version >= 0)
    return {};
  data_version_ = version;
  names_.clear();
  while (names_query_->step())
    names_[names_query_->number(0)] = names_query_->text(1);
  const bool failed = names_query_->failed();
  auto reason = failed ? database.failure("read states_meta") : error{};
  names_query_->reset();
  return reason;
}

std::string_view recorder_rows::name_of(const sqlite_query& states) const {
  if (names_query_ && !states.is_null(state_entity_number))
    if (const auto found = names_.find(states.number(state_entity_number));
        found != names_.end() && !found->second.empty())
      return found->second;
  return states.text(state_entity_id); // of rows from before there were numbers
}

void recorder_rows::take(const sqlite_query& states, wall_time at, attribution& who,
                         row_sink& rows) {
  const auto name = name_of(states);
  if (name.empty())
    return rows.bad("no entity");
  auto& of = entities_[std::string{name}];
  source_row row{.at = at, .entity = name, .state = states.text(state_text)};
  const auto changed = stored_time(states, state_changed_ts, state_changed_text);
  if (changed && changed != at) {
    row.kind = row_kind::attributes;
    if (*changed > told_until_)
      row.changed_at = changed;
  }
  take_old_state(states, of, row);
  const auto context = context_of(states);
  row.act = act_of(*context.id);
  // Homes that keep no events keep the states of automations: each begins with its context.
  if (const auto domain = domain_of(name); domain == "automation" || domain == "script")
    who.automation_ran(*context.id);
  row.by = who.by(context, row.act);
  of.last_id = states.number(state_own_id);
  of.last_state = row.state;
  rows.take(row);
}

/// The row before is most often the last one read of the entity, so that no look-up is
/// needed. Null says nothing of what was before: some tell people to empty the column.
void recorder_rows::take_old_state(const sqlite_query& states, entity& of,
                                   source_row& row) {
  const auto old_id = states.is_null(state_old_id) ? 0 : states.number(state_old_id);
  if (old_id != 0 && of.last_id == old_id) {
    row.before = previous::known;
    old_state_ = of.last_state;
  } else if (old_id != 0 && old_state_query_) {
    old_state_query_->bind(1, old_id);
    if (old_state_query_->step()) { // else the old row was purged
      row.before = previous::known;
      old_state_ = old_state_query_->text(0);
    }
    old_state_query_->reset();
  }
  if (row.before == previous::unspecified)
    take_carried_state(states, of, row);
  row.old_state = old_state_;
}

/// What the entity's own rows tell of the state before the row's day.
void recorder_rows::take_carried_state(const sqlite_query& states, entity& of,
                                       source_row& row) {
  if (!carried_query_ || states.is_null(state_entity_number))
    return;
  if (row.at < of.day.begin || row.at >= of.day.end) {
    of.day = calendar_->span_of(calendar_->day_of(row.at));
    carried_query_->bind(1, states.number(state_entity_number));
    carried_query_->bind(2, static_cast<double>(of.day.begin.time_since_epoch().count()) /
                              1000);
    of.carried.reset();
    if (carried_query_->step())
      of.carried = std::string{carried_query_->text(0)};
    carried_query_->reset();
  }
  if (!of.carried)
    return;
  row.before = previous::known;
  old_state_ = *of.carried;
}

void recorder_rows::survey(const sqlite_query& states, carried_states& into) {
  const auto name = name_of(states);
  const auto at = stored_time(states, state_updated_ts, state_updated_text);
  if (at && !name.empty())
    into.note(name, *at, states.text(state_text));
}

event_context recorder_rows::context_of(const sqlite_query& states) const {
  const auto field = [&states](state_column binary, state_column text) {
    return states.text(states.is_null(binary) ? text : binary);
  };
  event_context context{
    .id = field(state_context_bin, state_context_text), .user = {}, .parent = {}};
  if (users_)
    context.user = field(state_user_bin, state_user_text);
  if (parents_)
    context.parent = field(state_parent_bin, state_parent_text);
  return context;
}

} // namespace habitd
