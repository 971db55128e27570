#include "actors/standards/research.hpp"

#include "tests/actors/standards/standards_fixture.hpp"
#include "tests/http/scripted_server.hpp"

#include <boost/json.hpp>

using namespace habitd;
using Catch::Contains;
using kind = fetched_text::kind;
namespace json = boost::json;

namespace {

const std::string head = "---\ntitle: Doc\nsource: research\n---\n";

fetch_task about(const std::string& text) {
  fetch_task task;
  task.document.id = "doc";
  task.document.source = "research";
  task.text = head + text;
  return task;
}

/// A model that says one thing after the other, and what it was asked.
struct scripted_model {
  std::vector<std::string> says;
  std::vector<chat_request> asked{};

  ask_chat chat() {
    return [this](const chat_request& request, std::stop_token) -> expected<chat_reply> {
      asked.push_back(request);
      if (asked.size() > says.size())
        return make_error(ec::unavailable, "the model is silent");
      return chat_reply{says[asked.size() - 1], 10};
    };
  }
};

std::string chat_answer(const std::string& content, const std::string& end = "stop") {
  return answer_text(
    200,
    json::serialize(json::object{
      {"choices",
       json::array{json::object{
         {"message", json::object{{"role", "assistant"}, {"content", content}}},
         {"finish_reason", end}}}},
      {"usage", json::object{{"total_tokens", 42}}}}),
    "Content-Type: application/json\r\n");
}

} // namespace

TEST_CASE("the best of three rounds wins, and the front matter stays as it is") {
  scripted_model model{{sample_text("One"), R"({"score": 7.5, "weaknesses": ["old"]})",
                        sample_text("Two"), R"({"score": 8.0, "weaknesses": []})",
                        "```markdown\n" + sample_text("Three") + "```",
                        R"(Well: {"score": 7.9, "weaknesses": []})"}};

  const auto result = research(model.chat(), {})(about(sample_text("Doc")));

  CHECK(result.what == kind::text);
  CHECK(result.text == head + sample_text("Two"));
  CHECK(result.origin == "research");
  CHECK(result.tokens == 60);
  CHECK(model.asked.size() == 6);
  CHECK(model.asked[0].messages[1].content.find("source: research") == std::string::npos);
  CHECK_THAT(model.asked[2].messages[1].content, Contains("- old"));
  CHECK(model.asked[0].temperature == 0.8);
  CHECK(model.asked[4].temperature == 0.4);
}

TEST_CASE("a draft that is good enough ends the rounds") {
  scripted_model model{{sample_text("One"), R"({"score": 9})"}};

  CHECK(research(model.chat(), {})(about(sample_text("Doc"))).text ==
        head + sample_text("One"));
  CHECK(model.asked.size() == 2);
}

TEST_CASE("a draft that is no document is revised, and never wins") {
  scripted_model model{{"I can't do that.", sample_text("Two"), R"({"score": 8})",
                        sample_text("Three"), R"({"score": 7})"}};

  const auto result = research(model.chat(), {})(about(sample_text("Doc")));

  CHECK(result.text == head + sample_text("Two"));
  CHECK_THAT(model.asked[1].messages[1].content, Contains("- it has no heading"));
}

TEST_CASE("drafts of too low a score, or of none, are not taken") {
  scripted_model low{{sample_text("One"), R"({"score": 5})", sample_text("Two"),
                      R"({"score": 6.9})", sample_text("Three"), R"({"score": 3})"}};
  const auto refused = research(low.chat(), {})(about(sample_text("Doc")));
  CHECK(refused.what == kind::failed);
  CHECK(refused.problem == "the best draft has a score of 6.9, 7.0 is the least");
  CHECK(refused.tokens == 60);

  scripted_model mute{{sample_text("One"), "great!", sample_text("Two"),
                       R"({"score": "ten"})", sample_text("Three"), R"({"score": 11})"}};
  CHECK(research(mute.chat(), {})(about(sample_text("Doc"))).problem ==
        "the critique can't be read");
}

TEST_CASE("without deep research the first draft is all") {
  scripted_model model{{sample_text("One")}};

  const auto result = research(model.chat(), {.deep = false})(about(sample_text("Doc")));

  CHECK(result.text == head + sample_text("One"));
  CHECK(model.asked.size() == 1);
}

TEST_CASE("a critique is read out of what is around it, and only within its range") {
  CHECK(read_critique("```json\n{\"score\": 7, \"weaknesses\": [\"a\", 1]}\n```")
          ->weaknesses == std::vector<std::string>{"a"});
  for (const auto* text :
       {"", "{}", "7", "{\"score\": -1}", "{\"score\": 10.1}", "{\"score\": null}",
        "{\"score\": 1e999}", "}{", "{\"score\": 7"}) {
    INFO(text);
    CHECK_FALSE(read_critique(text));
  }
}

TEST_CASE("a server that speaks the API is understood, and asked with the key") {
  const scripted_server server{
    [](const std::string&) { return chat_answer(sample_text("One")); }};
  const auto ask =
    chat_over_http(server.url("/v1/"), "model-1", "secret", "habitd/test", chat_limits());

  const auto reply = ask({{{"user", "a \"b\""}}, 0.5, 100}, {});

  REQUIRE(reply);
  CHECK(reply->content == sample_text("One"));
  CHECK(reply->tokens == 42);
  const auto request = server.requests().at(0);
  CHECK_THAT(request, Contains("POST /v1/chat/completions"));
  CHECK_THAT(request, Contains("Authorization: Bearer secret"));
  const auto body = json::parse(request.substr(request.find("\r\n\r\n") + 4));
  CHECK(body.at("model") == "model-1");
  CHECK(body.at("messages").at(0).at("content") == "a \"b\"");
  CHECK(body.at("max_tokens") == 100);
}

TEST_CASE("a server that misbehaves costs the refresh, and no more") {
  const auto answer = GENERATE(
    answer_text(401, R"({"error":{"message":"bad key secret"}})"), answer_text(429),
    answer_text(500, "oops"), answer_text(200, "not json"), answer_text(200, "{}"),
    answer_text(200, R"({"choices":[]})"),
    answer_text(200, R"({"choices":[{"message":{}}]})"),
    answer_text(200, R"({"choices":[{"message":{"content":null}}]})"),
    answer_text(200, R"({"choices":{"0":1}})"), answer_text(200, "[[[[[[[["),
    chat_answer(""), chat_answer(sample_text("One"), "length"),
    answer_text(302, "", "Location: http://127.0.0.1:1/\r\n"),
    answer_text(200, std::string(5 << 20, ' ')), std::string{scripted_server::stall},
    std::string{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"});
  const scripted_server server{[&](const std::string&) { return answer; }};
  auto limits = chat_limits();
  limits.total = 500ms;
  const auto ask =
    chat_over_http(server.url("/v1"), "m", "secret", "habitd/test", limits);

  const auto result = research(ask, {})(about(sample_text("Doc")));

  CHECK(result.what == kind::failed);
  CHECK_FALSE(result.problem.empty());
  CHECK(result.problem.find("secret") == std::string::npos);
  CHECK(server.requests().size() == 1);
}

TEST_CASE_METHOD(standards_home,
                 "what a model writes may not link where the document did "
                 "not") {
  plant("doc", sample_text("Doc"), 40, "research");
  options.rules.has_research = true;
  access_with.rules.has_research = true;
  scripted_model model{
    {sample_text("Doc", "; see https://evil.example/x"), R"({"score": 10})"}};
  fetch = research(model.chat(), {});
  start();

  read("doc");

  CHECK(document("doc").version == "1.0.0");
  CHECK_THAT(document("doc").last_error, Contains("evil.example"));
}
