#include "actors/home/recorder_rows.hpp"

namespace habitd {

error recorder_rows::prepare(sqlite_database& database, const recorder_schema& schema) {
  close();
  old_state_ids_ = schema.old_state_ids;
  users_ = schema.users;
  parents_ = schema.parents;
  auto state = database.prepare("SELECT state FROM states WHERE state_id = ?1");
  if (!state)
    return state.error();
  state_by_id_ = std::move(*state);
  if (schema.entity_sql.empty())
    return {};
  auto name = database.prepare(schema.entity_sql);
  if (!name)
    return name.error();
  entity_name_ = std::move(*name);
  return {};
}

void recorder_rows::close() {
  entity_name_.reset();
  state_by_id_.reset();
}

void recorder_rows::forget() {
  numbered_.clear();
  named_.clear();
}

void recorder_rows::take(const sqlite_query& states, wall_time at, const attribution& who,
                         row_sink& rows) {
  auto* const of = entity_of(states);
  if (!of)
    return rows.bad("no entity");
  source_row row{.at = at, .entity = of->name, .state = states.text(state_text)};
  const auto changed = stored_time(states, state_changed_ts, state_changed_text);
  if (changed && changed != at)
    row.kind = row_kind::attributes;
  if (old_state_ids_)
    take_old_state(states, *of, row);
  const auto context = context_of(states);
  row.act = act_of(*context.id);
  row.by = who.by(context, row.act);
  of->last_id = states.number(state_id);
  of->last_state = row.state;
  rows.take(row);
}

recorder_rows::entity* recorder_rows::entity_of(const sqlite_query& states) {
  if (states.is_null(state_entity_number)) {
    const auto name = states.text(state_entity_id);
    if (name.empty())
      return nullptr;
    auto& found = named_[std::string{name}];
    found.name = name;
    return &found;
  }
  const auto number = states.number(state_entity_number);
  auto& found = numbered_[number];
  if (found.page != page_ && entity_name_) {
    entity_name_->bind(1, number);
    found.name = entity_name_->step() ? entity_name_->text(0) : std::string_view{};
    entity_name_->reset();
    found.page = page_;
  }
  return found.name.empty() ? nullptr : &found;
}

/// The row before is most often the last one read of the entity, so that no look-up is
/// needed.
void recorder_rows::take_old_state(const sqlite_query& states, const entity& of,
                                   source_row& row) {
  row.before = previous::none;
  if (states.is_null(state_old_id))
    return;
  const auto old_id = states.number(state_old_id);
  row.before = previous::known;
  if (of.last_id == old_id) {
    old_state_ = of.last_state;
  } else {
    state_by_id_->bind(1, old_id);
    if (state_by_id_->step())
      old_state_ = state_by_id_->text(0);
    else
      row.before = previous::unspecified; // the old row was purged
    state_by_id_->reset();
  }
  row.old_state = old_state_;
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
