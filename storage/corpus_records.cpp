#include "storage/corpus_records.hpp"

#include "storage/described_json.hpp"

namespace habitd {

BOOST_DESCRIBE_ENUM(use_case, convenience, comfort, energy, security)
BOOST_DESCRIBE_ENUM(corpus_operation, add, update, remove, prune, restore)
BOOST_DESCRIBE_ENUM(blueprint_domain, automation, script, template_entity)
BOOST_DESCRIBE_STRUCT(entity_wish, (), (integration, domains, device_classes, features))
BOOST_DESCRIBE_STRUCT(device_wish, (), (integration, manufacturer, model, model_id))
BOOST_DESCRIBE_STRUCT(blueprint_input, (),
                      (key, name, section, selector, entities, devices, multiple,
                       required, always_visible, default_value))
BOOST_DESCRIBE_STRUCT(blueprint_facts, (),
                      (is_blueprint, domain, name, description, author, source_url,
                       min_version, inputs, triggers, conditions, actions, domains,
                       device_classes, integrations, risks, templates, old_syntax,
                       needs_newer))
BOOST_DESCRIBE_STRUCT(absorbed_entry, (), (id, title, url))
BOOST_DESCRIBE_STRUCT(corpus_entry, (),
                      (id, source, source_id, block, url, title, author, category, tags,
                       created, updated, version, facts, purpose, complexity,
                       completeness, quality, voted, votes, votes_per_day, trending,
                       importable, content_hash, added, changed, absorbed, exempt))
BOOST_DESCRIBE_STRUCT(audit_row, (),
                      (at, operation, id, source, source_id, title, quality_before,
                       quality_after, rule, reason, correlation))
BOOST_DESCRIBE_STRUCT(deleted_entry, (), (entry, at, rule, reason))
BOOST_DESCRIBE_STRUCT(refresh_summary, (),
                      (job, started, finished, ok, topics, blocks, parse_failures, missed,
                       added, updated, pruned, removed, total, mean_quality, requests,
                       bytes, problem))
BOOST_DESCRIBE_STRUCT(parse_failure, (),
                      (source, source_id, title, block, line, column, reason))
BOOST_DESCRIBE_STRUCT(corpus_topic, (), (source, source_id, version, votes, bumped, read))

std::string to_json(const corpus_entry& record) {
  return boost::json::serialize(to_value(record));
}
std::string to_json(const audit_row& record) {
  return boost::json::serialize(to_value(record));
}
std::string to_json(const deleted_entry& record) {
  return boost::json::serialize(to_value(record));
}
std::string to_json(const refresh_summary& record) {
  return boost::json::serialize(to_value(record));
}
std::string to_json(const parse_failure& record) {
  return boost::json::serialize(to_value(record));
}
std::string to_json(const corpus_topic& record) {
  return boost::json::serialize(to_value(record));
}

expected<corpus_entry> corpus_entry_from_json(std::string_view json) {
  return read_record<corpus_entry>(json, "corpus");
}
expected<audit_row> audit_row_from_json(std::string_view json) {
  return read_record<audit_row>(json, "audit");
}
expected<deleted_entry> deleted_entry_from_json(std::string_view json) {
  return read_record<deleted_entry>(json, "deleted corpus");
}
expected<refresh_summary> refresh_summary_from_json(std::string_view json) {
  return read_record<refresh_summary>(json, "refresh");
}
expected<corpus_topic> corpus_topic_from_json(std::string_view json) {
  return read_record<corpus_topic>(json, "topic");
}

std::string_view operation_word(corpus_operation operation) {
  return boost::describe::enum_to_string(operation, "");
}

std::string_view domain_word(blueprint_domain domain) {
  return domain == blueprint_domain::template_entity
           ? std::string_view{"template"}
           : boost::describe::enum_to_string(domain, "");
}

} // namespace habitd
