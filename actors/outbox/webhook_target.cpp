#include "actors/outbox/webhook_target.hpp"

#include <fmt/format.h>

#include <memory>

namespace habitd {

namespace {

client_request request_of(const outbox_entry& entry, const std::string& url) {
  client_request request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"Content-Type", entry.content_type},
                     {"Idempotency-Key", std::to_string(entry.sequence)}};
  if (!entry.correlation_id.empty())
    request.headers.emplace_back("X-Correlation-Id", entry.correlation_id);
  request.body = entry.payload;
  request.wants_body = false;
  request.path_is_public = false;
  return request;
}

} // namespace

deliver_entry webhook(http_client client, std::string url, std::stop_token stop) {
  // Shared because a function must be copyable; one courier calls it.
  return [client = std::make_shared<http_client>(std::move(client)), url = std::move(url),
          stop = std::move(stop)](const outbox_entry& entry) -> delivery_result {
    const auto answer = client->send(request_of(entry, url), stop);
    if (!answer) {
      const bool hopeless = code_of(answer.error()) == ec::invalid_input;
      return {hopeless ? delivery_result::kind::refused : delivery_result::kind::failed,
              describe(answer.error()),
              {}};
    }
    const auto meaning = meaning_of_status(answer->status);
    if (meaning == delivery_result::kind::delivered)
      return {};
    return {meaning,
            fmt::format("POST {}: status {}", public_url(url, false), answer->status),
            answer->retry_after};
  };
}

} // namespace habitd
