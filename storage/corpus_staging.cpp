#include "storage/corpus_staging.hpp"

#include "storage/bytes.hpp"

#include <fmt/format.h>

namespace habitd {

namespace {

constexpr std::uint8_t step_version = 1;

std::string job_prefix(char kind, std::string_view job) {
  return fmt::format("{}/{}/", kind, job);
}

std::string step_key(std::string_view job, std::string_view source,
                     std::string_view step) {
  return fmt::format("s/{}/{}/{}", job, source, step);
}

/// The least key that does not begin with `prefix`, which ends in '/'.
std::string behind(std::string prefix) {
  prefix.back() = '/' + 1;
  return prefix;
}

/// Appends fields in the order `read_fields` takes them.
struct field_writer {
  std::string& to;

  void operator()(const std::string& text) const {
    append_varint(to, text.size());
    to += text;
  }
  void operator()(std::uint32_t number) const { append_varint(to, number); }
  void operator()(std::uint64_t number) const { append_varint(to, number); }
  void operator()(bool yes) const { to += yes ? '\1' : '\0'; }
  void operator()(wall_time at) const {
    append_varint(to, zigzag(at.time_since_epoch().count()));
  }
  void operator()(body_form form) const {
    append_varint(to, static_cast<std::uint64_t>(form));
  }
  template <class T>
  void operator()(const std::vector<T>& items) const {
    append_varint(to, items.size());
    for (const auto& item : items)
      (*this)(item);
  }
  template <class T>
  void operator()(const T& record) const {
    fields(record, *this);
  }
};

struct field_reader {
  stored_bytes& in;

  void operator()(std::string& text) const { text = in.text(in.varint()); }
  void operator()(std::uint32_t& number) const {
    number = static_cast<std::uint32_t>(in.varint());
  }
  void operator()(std::uint64_t& number) const { number = in.varint(); }
  void operator()(bool& yes) const { yes = in.byte() != 0; }
  void operator()(wall_time& at) const {
    at = wall_time{std::chrono::milliseconds{from_zigzag(in.varint())}};
  }
  void operator()(body_form& form) const { form = static_cast<body_form>(in.varint()); }
  template <class T>
  void operator()(std::vector<T>& items) const {
    // An item is a byte at least: a wrong number can't ask for more than there is.
    const auto count = std::min<std::uint64_t>(in.varint(), in.left());
    items.resize(count);
    for (auto& item : items)
      (*this)(item);
  }
  template <class T>
  void operator()(T& record) const {
    fields(record, *this);
  }
};

template <class Record, class Of>
concept is = std::same_as<std::remove_const_t<Record>, Of>;

template <is<fetched_topic> Topic, class F>
void fields(Topic& x, const F& f) {
  f(x.source), f(x.source_id), f(x.url), f(x.title), f(x.author), f(x.form), f(x.body);
  f(x.cooked), f(x.votes), f(x.version), f(x.created), f(x.updated), f(x.bumped);
  f(x.category), f(x.tags), f(x.links);
}

template <is<topic_sighting> Sighting, class F>
void fields(Sighting& x, const F& f) {
  f(x.source), f(x.source_id), f(x.votes), f(x.bumped);
}

template <is<gone_topic> Gone, class F>
void fields(Gone& x, const F& f) {
  f(x.source), f(x.source_id), f(x.reason);
}

template <is<source_cursor> Cursor, class F>
void fields(Cursor& x, const F& f) {
  f(x.source), f(x.cursor);
}

template <is<skipped_item> Skipped, class F>
void fields(Skipped& x, const F& f) {
  f(x.place), f(x.reason);
}

template <is<staged_end> End, class F>
void fields(End& x, const F& f) {
  f(x.source), f(x.sightings), f(x.gone), f(x.cursor), f(x.skipped), f(x.missed);
  f(x.requests), f(x.bytes), f(x.complete);
}

std::string encoded(const staged_step& step) {
  std::string bytes{static_cast<char>(step_version)};
  const field_writer write{bytes};
  write(step.note), write(step.requests), write(step.bytes);
  bytes += step.topic ? '\1' : '\0';
  if (step.topic)
    write(*step.topic);
  return bytes;
}

expected<staged_step> decoded_step(std::string_view key, std::string_view bytes) {
  stored_bytes in{bytes};
  const field_reader read{in};
  staged_step step;
  const auto version = in.byte();
  read(step.note), read(step.requests), read(step.bytes);
  if (in.byte() == 1)
    read(step.topic.emplace());
  if (version != step_version || !in.ok() || !in.at_end())
    return make_error(ec::corrupt_data, "staged answer " + std::string{key});
  return step;
}

std::string encoded(const staged_end& end) {
  std::string bytes{static_cast<char>(step_version)};
  field_writer{bytes}(end);
  return bytes;
}

expected<staged_end> decoded_end(std::string_view key, std::string_view bytes) {
  stored_bytes in{bytes};
  staged_end end;
  const auto version = in.byte();
  field_reader{in}(end);
  if (version != step_version || !in.ok() || !in.at_end())
    return make_error(ec::corrupt_data, "staged end " + std::string{key});
  return end;
}

} // namespace

error corpus_staging::put(std::string_view job, std::string_view source,
                          std::string_view step, const staged_step& brought) {
  batch changes;
  changes.put(family::corpus_staging, step_key(job, source, step), encoded(brought));
  return db_.write(std::move(changes));
}

expected<staged_step> corpus_staging::get(std::string_view job, std::string_view source,
                                          std::string_view step) const {
  const auto key = step_key(job, source, step);
  const auto bytes = db_.get(family::corpus_staging, key);
  if (!bytes)
    return bytes.error();
  return decoded_step(key, *bytes);
}

error corpus_staging::finish(std::string_view job, const staged_end& end) {
  batch changes;
  changes.put(family::corpus_staging, job_prefix('e', job) + end.source, encoded(end));
  return db_.write(std::move(changes));
}

expected<std::vector<staged_end>> corpus_staging::ends(std::string_view job) const {
  std::vector<staged_end> all;
  error bad;
  const auto prefix = job_prefix('e', job);
  const auto failed = db_.scan(family::corpus_staging, prefix, behind(prefix),
                               [&](std::string_view key, std::string_view bytes) {
                                 auto end = decoded_end(key, bytes);
                                 if (end)
                                   all.push_back(std::move(*end));
                                 else
                                   bad = end.error();
                                 return !bad;
                               });
  if (failed || bad)
    return failed ? failed : bad;
  return all;
}

expected<std::size_t>
corpus_staging::visit_topics(std::string_view job,
                             const std::function<bool(fetched_topic&&)>& visit) const {
  std::size_t unreadable = 0;
  const auto prefix = job_prefix('s', job);
  const auto failed =
    db_.scan(family::corpus_staging, prefix, behind(prefix),
             [&](std::string_view key, std::string_view bytes) {
               auto step = decoded_step(key, bytes);
               unreadable += step ? 0 : 1;
               return !step || !step->topic || visit(std::move(*step->topic));
             });
  if (failed)
    return failed;
  return unreadable;
}

error corpus_staging::forget(std::string_view job, std::string_view source,
                             const std::function<bool(std::string_view)>& is_stale) {
  batch changes;
  const auto prefix = step_key(job, source, {});
  const auto failed = db_.scan(family::corpus_staging, prefix, behind(prefix),
                               [&](std::string_view key, std::string_view bytes) {
                                 const auto step = decoded_step(key, bytes);
                                 if (!step || (!step->topic && is_stale(step->note)))
                                   changes.erase(family::corpus_staging, key);
                                 return true;
                               });
  return failed ? failed : db_.write(std::move(changes));
}

void corpus_staging::erase(batch& changes, std::string_view job) const {
  for (const char kind : {'e', 's'}) {
    const auto prefix = job_prefix(kind, job);
    if (db_.may_hold(family::corpus_staging, prefix, behind(prefix)))
      changes.erase_range(family::corpus_staging, prefix, behind(prefix));
  }
}

} // namespace habitd
