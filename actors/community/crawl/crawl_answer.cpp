#include "actors/community/crawl/crawl_answer.hpp"

#include "storage/bytes.hpp"

#include <algorithm>

namespace habitd {

namespace {

struct writer {
  std::string& to;

  void operator()(std::uint64_t number) const { append_varint(to, number); }
  void operator()(std::uint32_t number) const { append_varint(to, number); }
  void operator()(bool yes) const { append_varint(to, yes ? 1 : 0); }
  void operator()(wall_time at) const {
    append_varint(to, zigzag(at.time_since_epoch().count()));
  }
  void operator()(const std::string& text) const {
    append_varint(to, text.size());
    to += text;
  }
  template <class T, class Each>
  void operator()(const std::vector<T>& items, Each each) const {
    append_varint(to, items.size());
    for (const auto& item : items)
      each(item);
  }
};

struct reader {
  stored_bytes& in;

  void operator()(std::uint64_t& number) const { number = in.varint(); }
  void operator()(std::uint32_t& number) const {
    number = static_cast<std::uint32_t>(in.varint());
  }
  void operator()(bool& yes) const { yes = in.varint() != 0; }
  void operator()(wall_time& at) const {
    at = wall_time{std::chrono::milliseconds{from_zigzag(in.varint())}};
  }
  void operator()(std::string& text) const { text = in.text(in.varint()); }
  template <class T, class Each>
  void operator()(std::vector<T>& items, Each each) const {
    items.resize(std::min<std::uint64_t>(in.varint(), in.left()));
    for (auto& item : items)
      each(item);
  }
};

/// The order of the fields, for writing and reading.
template <class Answer, class F>
void fields(Answer& x, const F& f) {
  const auto text = [&f](auto& each) { f(each); };
  f(x.reason), f(x.slug), f(x.page.more), f(x.page.skipped, text);
  f(x.page.items, [&f](auto& item) {
    f(item.id), f(item.votes), f(item.bumped), f(item.pinned), f(item.in_category);
  });
  f(x.topic.title), f(x.topic.author), f(x.topic.votes), f(x.topic.version);
  f(x.topic.created), f(x.topic.updated), f(x.topic.bumped), f(x.topic.category),
    f(x.topic.tags, text);
  f(x.links, [&f](auto& link) { f(link.source), f(link.url), f(link.page); });
  f(x.refused_links, text);
  f(x.validators.etag), f(x.validators.last_modified);
}

} // namespace

std::string encoded(const crawl_answer& answer) {
  std::string note(1, static_cast<char>(answer.outcome));
  fields(answer, writer{note});
  return note;
}

expected<crawl_answer> crawl_answer_from(std::string_view note) {
  stored_bytes in{note};
  crawl_answer answer;
  answer.outcome = static_cast<crawl_outcome>(in.byte());
  fields(answer, reader{in});
  if (!in.ok() || !in.at_end() || answer.outcome > crawl_outcome::failed)
    return make_error(ec::corrupt_data, "a staged answer");
  return answer;
}

bool tells_of_failure(std::string_view note) {
  return note.starts_with(static_cast<char>(crawl_outcome::failed));
}

} // namespace habitd
