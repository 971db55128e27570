#pragma once

#include "http/client.hpp"
#include "messages/error.hpp"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace habitd {

struct chat_message {
  std::string role; // "system", "user", "assistant"
  std::string content;
};

struct chat_request {
  std::vector<chat_message> messages;
  double temperature = 0.6;        // 0 to 2
  std::uint32_t max_tokens = 8192; // of the answer
};

struct chat_reply {
  std::string content;
  std::uint64_t tokens = 0; // of question and answer; estimated where it is not told
};

/// Asks a model; blocks, at most for a limit of its own.
/// @errors ec::unavailable, with what to wait for in the text; ec::invalid_input if asking
///         again is no use.
using ask_chat =
  std::function<expected<chat_reply>(const chat_request&, std::stop_token stop)>;

/// The body of a request to an OpenAI-compatible `/chat/completions`.
std::string chat_body(const std::string& model, const chat_request& request);

/// What an answer to it says.
/// @errors ec::unavailable for a status other than 200, anything that is not such an
///         answer, one without text, or one that was cut off.
expected<chat_reply> read_chat_answer(int status, const std::string& body);

/// @param url  of the API, like "http://127.0.0.1:11434/v1".
/// @param key  empty = none is sent.
ask_chat chat_over_http(std::string url, std::string model, std::string key,
                        std::string user_agent, client_limits limits);

/// A minute and a half, four megabytes, and no redirect: it would take the key along.
client_limits chat_limits();

} // namespace habitd
