#include "actors/community/crawl/read_answer.hpp"

#include "actors/community/crawl/import_links.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace habitd {

namespace {

crawl_answer without_success(crawl_outcome outcome, std::string reason) {
  crawl_answer answer;
  answer.outcome = outcome;
  answer.reason = std::move(reason);
  return answer;
}

/// Another try may bring sound JSON; of a page that is sound, it won't bring more.
crawl_answer no_use(const error& why) {
  const auto code = code_of(why);
  return without_success(code == ec::not_found       ? crawl_outcome::missing
                         : code == ec::invalid_input ? crawl_outcome::refused
                                                     : crawl_outcome::failed,
                         describe(why));
}

crawl_outcome meaning_of(int status) {
  if (status == 304)
    return crawl_outcome::unchanged;
  if (status == 404 || status == 410)
    return crawl_outcome::missing;
  return status >= 500 || status == 429 || status == 408 ? crawl_outcome::failed
                                                         : crawl_outcome::refused;
}

bool is_html(const client_response& response) {
  const auto at = response.body.find_first_not_of(" \t\r\n");
  return at != std::string::npos && response.body[at] == '<';
}

read_result read_forum_topic(const crawl_request& request, std::string_view body,
                             const forum_settings& settings) {
  auto topic = read_topic(body, request.topic);
  if (!topic)
    return {no_use(topic.error()), {}};
  topic->source = "forum";
  topic->url = fmt::format("{}/t/{}", settings.url, request.topic);
  topic->category = settings.slug;
  auto found = find_import_links(*topic, settings.url, settings.link_hosts);
  read_result result;
  result.answer.outcome = crawl_outcome::ok;
  for (const auto& link : found.links)
    result.answer.links.push_back({link.source, link.url, link.page, {}, {}});
  result.answer.refused_links = std::move(found.refused);
  topic->links.clear();
  for (const auto& link : found.links)
    topic->links.push_back(link.page);
  result.answer.topic = *topic;
  result.answer.topic.body.clear();
  result.answer.topic.cooked.clear();
  result.answer.topic.links.clear();
  result.topic = std::move(*topic);
  return result;
}

read_result read_link(const crawl_request& request, const client_response& response) {
  if (is_html(response))
    return {without_success(crawl_outcome::refused, "HTML instead of YAML"), {}};
  read_result result;
  result.answer.outcome = crawl_outcome::ok;
  result.answer.validators = response.validators;
  result.topic = request.about;
  result.topic->form = body_form::yaml;
  result.topic->body = response.body;
  return result;
}

} // namespace

read_result read_answer(const crawl_request& request,
                        const expected<client_response>& response,
                        const forum_settings& settings) {
  if (!response)
    return {without_success(code_of(response.error()) == ec::invalid_input
                              ? crawl_outcome::refused
                              : crawl_outcome::failed,
                            describe(response.error())),
            {}};
  if (response->status != 200)
    return {without_success(meaning_of(response->status),
                            fmt::format("status {}", response->status)),
            {}};
  read_result result;
  switch (request.step) {
  case crawl_step::topic:
    return read_forum_topic(request, response->body, settings);
  case crawl_step::link:
    return read_link(request, *response);
  case crawl_step::category: {
    auto slug = read_category_slug(response->body);
    if (!slug)
      return {no_use(slug.error()), {}};
    result.answer.slug = std::move(*slug);
    break;
  }
  case crawl_step::changes:
  case crawl_step::votes: {
    auto page = read_list_page(response->body, settings.category);
    if (!page)
      return {no_use(page.error()), {}};
    result.answer.page = std::move(*page);
  }
  }
  result.answer.outcome = crawl_outcome::ok;
  return result;
}

} // namespace habitd
