#include "actors/standards/http_source.hpp"

#include "actors/standards/document_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace habitd {

namespace {

using namespace std::chrono_literals;

/// Of a header "Text/Markdown; charset=utf-8".
std::string media_type(const std::string& header) {
  auto type = header.substr(0, header.find(';'));
  type.erase(std::min(type.find_last_not_of(" \t") + 1, type.size()));
  std::ranges::transform(type, type.begin(), [](char c) {
    return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type;
}

/// Servers of raw files know few types: plain text is what most say of Markdown.
bool may_be_markdown(const std::string& type) {
  constexpr std::array<std::string_view, 5> types{
    "", "text/markdown", "text/x-markdown", "text/plain", "application/octet-stream"};
  return std::ranges::find(types, type) != types.end();
}

} // namespace

client_limits http_source_limits() {
  client_limits limits;
  limits.total = 30s;
  limits.response_bytes = largest_document + 64 * 1024; // and the header
  limits.redirects = 3;
  return limits;
}

fetched_text text_of_answer(const client_response& answer) {
  fetched_text result;
  result.origin = "http";
  result.etag = answer.validators.etag;
  result.last_modified = answer.validators.last_modified;
  if (answer.not_modified()) {
    result.what = fetched_text::kind::unchanged;
    return result;
  }
  const auto wait = answer.retry_after ? answer.retry_after->count() : 0;
  if (answer.status != 200)
    return fetch_failed(fmt::format("status {}", answer.status), wait);
  if (const auto type = media_type(answer.content_type); !may_be_markdown(type))
    return fetch_failed("it answers with " + type.substr(0, 80) + ", not with text");
  result.what = fetched_text::kind::text;
  result.text = answer.body;
  return result;
}

fetch_document http_source(std::string user_agent, client_limits limits) {
  return [user_agent = std::move(user_agent), limits](const fetch_task& task) {
    auto client = http_client::make(user_agent, limits);
    if (!client)
      return fetch_failed(describe(client.error()));
    const auto& document = task.document;
    client_request request;
    request.url = document.source;
    request.takes_gzip = true;
    request.headers = {{"Accept", "text/markdown, text/plain;q=0.9"}};
    request.if_changed = {document.etag, document.last_modified};
    const auto answer =
      client->send(request, task.stop ? task.stop->get_token() : std::stop_token{});
    return answer ? text_of_answer(*answer) : fetch_failed(describe(answer.error()));
  };
}

} // namespace habitd
