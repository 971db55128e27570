#include "actors/standards/chat.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <simdjson.h>

namespace habitd {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

error no_answer(std::string why) {
  return make_error(ec::unavailable, "the model's answer " + std::move(why));
}

} // namespace

std::string chat_body(const std::string& model, const chat_request& request) {
  json::array messages;
  for (const auto& message : request.messages)
    messages.push_back(
      json::object{{"role", message.role}, {"content", message.content}});
  return json::serialize(json::object{{"model", model},
                                      {"messages", std::move(messages)},
                                      {"temperature", request.temperature},
                                      {"max_tokens", request.max_tokens},
                                      {"stream", false}});
}

expected<chat_reply> read_chat_answer(int status, const std::string& body) {
  if (status != 200)
    return no_answer(fmt::format("has the status {}", status));
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(body).get(root))
    return no_answer("is not JSON");
  simdjson::dom::element choice;
  if (root.at_pointer("/choices/0").get(choice))
    return no_answer("has no choices");
  std::string_view content;
  if (choice.at_pointer("/message/content").get(content))
    return no_answer("has no text");
  std::string_view end;
  if (!choice["finish_reason"].get(end) && end != "stop")
    return no_answer("was cut off: " + std::string{end.substr(0, 40)});
  if (content.find_first_not_of(" \t\r\n") == content.npos)
    return no_answer("is empty");
  chat_reply reply;
  reply.content = content;
  if (root.at_pointer("/usage/total_tokens").get(reply.tokens))
    reply.tokens = body.size() / 3; // no fewer than there can be as a rule
  return reply;
}

client_limits chat_limits() {
  client_limits limits;
  limits.total = 90s;
  limits.response_bytes = 4 << 20;
  return limits;
}

ask_chat chat_over_http(std::string url, std::string model, std::string key,
                        std::string user_agent, client_limits limits) {
  while (url.ends_with('/'))
    url.pop_back();
  return [=](const chat_request& request, std::stop_token stop) -> expected<chat_reply> {
    auto client = http_client::make(user_agent, limits);
    if (!client)
      return client.error();
    client_request post;
    post.method = "POST";
    post.url = url + "/chat/completions";
    post.headers = {{"Content-Type", "application/json"}};
    if (!key.empty())
      post.headers.emplace_back("Authorization", "Bearer " + key);
    post.body = chat_body(model, request);
    const auto answer = client->send(post, stop);
    if (!answer)
      return answer.error();
    return read_chat_answer(answer->status, answer->body);
  };
}

} // namespace habitd
