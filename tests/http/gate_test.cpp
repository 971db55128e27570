#include "http/gate.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <array>

using namespace habitd;
using namespace std::chrono_literals;

namespace {

using time_point = std::chrono::steady_clock::time_point;
using fields = std::vector<std::pair<std::string, std::string>>;

route row(std::string method, std::string pattern, scope needs) {
  return {std::move(method), std::move(pattern), needs,
          [](const http_request&, const respond&) {}};
}

gate make_gate(const std::vector<access_token>& tokens = {}) {
  auto routes = router::make(
    {row("GET", "/health", scope::none), row("GET", "/patterns/{id}", scope::read),
     row("POST", "/analyze", scope::run), row("DELETE", "/patterns/{id}", scope::admin)});
  return {
    std::move(*routes),
    {{"localhost", 8380}, {"127.0.0.1", 8380}, {"habitd.lan", 8380}, {"proxy", 443}},
    8380,
    std::move(*token_list::make(tokens)),
    {}};
}

request_head head_of(std::string method, std::string target, fields more = {}) {
  request_head head{
    std::move(method), std::move(target), false, {{"host", "localhost:8380"}},
    "192.168.1.5",     "192.168.1.9",     true};
  head.fields.insert(head.fields.end(), more.begin(), more.end());
  return head;
}

/// 0 for an admission.
int status_of(const std::variant<admission, http_response>& verdict) {
  const auto* refusal = std::get_if<http_response>(&verdict);
  return refusal ? refusal->status : 0;
}

int status_of(gate& gate, const request_head& head) {
  return status_of(gate.admit(head, time_point{}));
}

} // namespace

TEST_CASE("the gate answers only to its own names, at its own port") {
  struct host_case {
    std::vector<std::string> hosts;
    int status;
  };
  const std::vector<host_case> cases{
    {{"localhost:8380"}, 0},
    {{"LOCALHOST:8380"}, 0},
    {{"127.0.0.1:8380"}, 0},
    {{"192.168.1.5:8380"}, 0}, // the address it was sent to
    {{"habitd.lan:8380"}, 0},
    {{"HabitD.LAN:8380"}, 0},
    {{"proxy"}, 0}, // usual port of a proxy
    {{"proxy:443"}, 0},
    {{"proxy:8380"}, 421},
    {{"localhost"}, 421},
    {{"localhost:80"}, 421},
    {{"localhost:8381"}, 421},
    {{"127.0.0.1"}, 421},
    {{"127.0.0.2:8380"}, 421},
    {{"192.168.1.6:8380"}, 421},
    {{"evil.example:8380"}, 421},
    {{"localhost.evil.example:8380"}, 421},
    {{"localhost.:8380"}, 421},
    {{"evil-localhost:8380"}, 421},
    {{"127.0.0.1.nip.io:8380"}, 421},
    {{"127.1:8380"}, 421},
    {{"0x7f000001:8380"}, 421},
    {{"2130706433:8380"}, 421},
    {{"0.0.0.0:8380"}, 421},
    {{"[::1]:8380"}, 421},
    {{"[::ffff:127.0.0.1]:8380"}, 421},
    {{"\xc5\x82ocalhost:8380"}, 400},
    {{}, 400},
    {{""}, 400},
    {{":8380"}, 400},
    {{"localhost:8380", "localhost:8380"}, 400},
    {{"localhost:8380", "evil.example"}, 400},
    {{"localhost:8380, evil.example"}, 400},
    {{"localhost:"}, 400},
    {{"localhost:8380:8380"}, 400},
    {{"localhost:99999"}, 400},
    {{"user@localhost:8380"}, 400},
    {{"http://localhost:8380"}, 400},
    {{"localhost:8380/"}, 400},
    {{"localhost%00:8380"}, 400},
    {{"%6cocalhost:8380"}, 400},
    {{"local host:8380"}, 400},
  };
  auto gate = make_gate();
  for (const auto& [hosts, status] : cases) {
    auto head = head_of("GET", "/health");
    head.fields.clear();
    for (const auto& host : hosts)
      head.fields.emplace_back("host", host);
    INFO(fmt::format("{} of {}", hosts.empty() ? "none" : hosts[0], hosts.size()));
    CHECK(status_of(gate, head) == status);
  }
}

TEST_CASE("the gate lets each token as far as it was granted, and no further") {
  const std::vector<access_token> tokens{{sha256_hex("reader"), scope::read},
                                         {sha256_hex("runner"), scope::run},
                                         {sha256_hex("owner"), scope::admin}};
  struct row_case {
    const char *method, *target;
    std::array<int, 5> status; // no token, wrong one, reader, runner, owner
  };
  const std::vector<row_case> cases{
    {"GET", "/health", {0, 0, 0, 0, 0}},
    {"GET", "/patterns/1", {401, 401, 0, 0, 0}},
    {"HEAD", "/patterns/1", {401, 401, 0, 0, 0}},
    {"POST", "/analyze", {401, 401, 403, 0, 0}},
    {"DELETE", "/patterns/1", {401, 401, 403, 403, 0}},
  };
  for (const auto& [method, target, status] : cases) {
    auto gate = make_gate(tokens);
    const std::array<const char*, 5> presented{nullptr, "stranger", "reader", "runner",
                                               "owner"};
    for (std::size_t i = 0; i < presented.size(); ++i) {
      auto head = head_of(method, target);
      if (presented[i])
        head.fields.emplace_back("authorization", std::string{"Bearer "} + presented[i]);
      INFO(fmt::format("{} {} as {}", method, target, i));
      CHECK(status_of(gate, head) == status[i]);
    }
  }
}

TEST_CASE("the gate takes a bearer token in one Authorization header only") {
  auto gate = make_gate({{sha256_hex("owner"), scope::admin}});
  const auto status = [&](fields more) {
    return status_of(gate, head_of("GET", "/patterns/1", std::move(more)));
  };

  CHECK(status({{"authorization", "bearer owner"}}) == 0);
  CHECK(status({{"authorization", "Basic owner"}}) == 401);
  CHECK(status({{"authorization", "owner"}}) == 401);
  CHECK(status({{"authorization", "Bearer"}}) == 401);
  CHECK(status({{"authorization", "Bearer owner"}, {"authorization", "Bearer owner"}}) ==
        401);
  CHECK(status_of(gate, head_of("GET", "/patterns/1?token=owner")) == 401);
}

TEST_CASE("the gate without tokens admits loopback and nobody else") {
  auto gate = make_gate();
  auto head = head_of("DELETE", "/patterns/1");

  CHECK(status_of(gate, head) == 0);
  head.peer_is_loopback = false;
  CHECK(status_of(gate, head) == 401);
}

TEST_CASE("the gate turns wrong tokens away after ten in a minute, right ones never") {
  auto gate = make_gate({{sha256_hex("owner"), scope::admin}});
  const auto wrong = head_of("POST", "/analyze", {{"authorization", "Bearer guess"}});
  const auto right = head_of("POST", "/analyze", {{"authorization", "Bearer owner"}});
  const time_point start{};
  for (int i = 0; i < 10; ++i)
    CHECK(status_of(gate.admit(wrong, start)) == 401);

  const auto refusal = gate.admit(wrong, start + 59s);

  REQUIRE(status_of(refusal) == 429);
  CHECK(std::get<http_response>(refusal).headers == fields{{"Retry-After", "60"}});
  CHECK(status_of(gate.admit(right, start + 59s)) == 0);
  CHECK(status_of(gate.admit(wrong, start + 60s)) == 401);
}

TEST_CASE("the gate refuses changes that another site asks for") {
  struct origin_case {
    const char* method;
    fields more;
    int status;
  };
  const std::vector<origin_case> cases{
    {"POST", {}, 0}, // a program, not a browser
    {"POST", {{"sec-fetch-site", "same-origin"}}, 0},
    {"POST", {{"sec-fetch-site", "none"}}, 0},
    {"POST", {{"sec-fetch-site", "cross-site"}}, 403},
    {"POST", {{"sec-fetch-site", "same-site"}}, 403},
    {"POST", {{"sec-fetch-site", "none"}, {"sec-fetch-site", "cross-site"}}, 403},
    {"POST", {{"origin", "http://localhost:8380"}}, 0},
    {"POST", {{"origin", "http://habitd.lan:8380"}}, 403}, // not the Host of the request
    {"POST", {{"origin", "http://evil.example"}}, 403},
    {"POST", {{"origin", "null"}}, 403},
    {"POST", {{"origin", ""}}, 403},
    {"GET", {{"sec-fetch-site", "cross-site"}, {"origin", "http://evil.example"}}, 405},
  };
  auto gate = make_gate();
  for (const auto& [method, more, status] : cases)
    CHECK(status_of(gate, head_of(method, "/analyze", more)) == status);
  CHECK(status_of(gate, head_of("GET", "/health", {{"sec-fetch-site", "cross-site"}})) ==
        0); // changes nothing, and the page can't read it
}

TEST_CASE("the gate refuses framing that two readers could take differently") {
  const std::vector<std::pair<fields, int>> cases{
    {{{"content-length", "5"}}, 0},
    {{{"transfer-encoding", "Chunked"}}, 0},
    {{{"content-length", "5"}, {"content-length", "5"}}, 400},
    {{{"content-length", "5, 5"}}, 400},
    {{{"content-length", "+5"}}, 400},
    {{{"content-length", "5"}, {"transfer-encoding", "chunked"}}, 400},
    {{{"transfer-encoding", "chunked"}, {"transfer-encoding", "chunked"}}, 400},
    {{{"transfer-encoding", "gzip, chunked"}}, 400},
    {{{"transfer-encoding", "identity"}}, 400},
    {{{"transfer-encoding", "xchunked"}}, 400},
    {{{"transfer-encoding", ""}}, 400},
  };
  auto gate = make_gate();
  for (const auto& [more, status] : cases) {
    INFO(more[0].first + ": " + more[0].second);
    CHECK(status_of(gate, head_of("POST", "/analyze", more)) == status);
  }
  auto old = head_of("POST", "/analyze", {{"transfer-encoding", "chunked"}});
  old.http_1_0 = true;
  CHECK(status_of(gate, old) == 400);
}

TEST_CASE("the gate says which methods a path takes") {
  auto gate = make_gate();

  const auto refusal = gate.admit(head_of("PUT", "/patterns/1"), time_point{});

  REQUIRE(status_of(refusal) == 405);
  CHECK(std::get<http_response>(refusal).headers ==
        fields{{"Allow", "DELETE, GET, HEAD"}});
}

TEST_CASE("the gate limits target and header") {
  auto gate = make_gate();
  const std::string prefix = "/health?x=";

  CHECK(status_of(gate,
                  head_of("GET", prefix + std::string(2048 - prefix.size(), 'a'))) == 0);
  CHECK(status_of(
          gate, head_of("GET", prefix + std::string(2049 - prefix.size(), 'a'))) == 414);
  CHECK(status_of(gate, head_of("GET", "/health", fields(99, {"a", "b"}))) == 0);
  CHECK(status_of(gate, head_of("GET", "/health", fields(100, {"a", "b"}))) == 431);
}

TEST_CASE("the gate keeps the token from handlers") {
  auto gate = make_gate({{sha256_hex("owner"), scope::admin}});

  const auto verdict =
    gate.admit(head_of("GET", "/patterns/a%2Fb?limit=3",
                       {{"authorization", "Bearer owner"}, {"accept", "x"}}),
               time_point{});

  const auto& request = std::get<admission>(verdict).request;
  CHECK(request.headers ==
        std::map<std::string, std::string>{{"host", "localhost:8380"}, {"accept", "x"}});
  CHECK(request.path_parameters.at("id") == "a/b");
  CHECK(request.query.at("limit") == "3");
}
