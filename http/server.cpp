#include "http/server.hpp"

#include "http/connection_table.hpp"
#include "http/session.hpp"
#include "messages/log_of.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <map>
#include <thread>

namespace habitd {

namespace {

namespace net = boost::asio;
using tcp = net::ip::tcp;
using boost::system::error_code;

constexpr auto hint_of(int code) {
  switch (code) {
  case EADDRINUSE:
    return "another program, perhaps another habitd, has it; http.port takes a free one";
  case EADDRNOTAVAIL:
    return "http.address takes an address of this machine";
  case EACCES:
    return "ports below 1024 need a privilege; http.port takes a higher one";
  default:
    return "see http.address and http.port";
  }
}

std::string endpoint_text(const net::ip::address& address, std::uint16_t port) {
  return address.is_v6() ? fmt::format("[{}]:{}", address.to_string(), port)
                         : fmt::format("{}:{}", address.to_string(), port);
}

error listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code failure;
  acceptor.open(endpoint.protocol(), failure);
  if (!failure)
    acceptor.set_option(tcp::acceptor::reuse_address{true}, failure); // of the last run
  if (!failure && endpoint.address().is_v6() && endpoint.address().is_unspecified())
    acceptor.set_option(net::ip::v6_only{false}, failure);
  if (!failure)
    acceptor.bind(endpoint, failure);
  if (!failure)
    acceptor.listen(tcp::acceptor::max_listen_connections, failure);
  if (!failure)
    return {};
  return make_error(ec::unavailable,
                    "listen on " + endpoint_text(endpoint.address(), endpoint.port()),
                    failure.message(), hint_of(failure.value()));
}

/// The names a Host header may give, each with its port.
expected<std::vector<host_and_port>> own_hosts(const server_options& options,
                                               const net::ip::address& address,
                                               std::uint16_t port) {
  std::vector<host_and_port> result{{"localhost", port}};
  if (!address.is_unspecified())
    result.push_back({address.to_string(), port});
  for (const auto& name : options.allowed_hosts) {
    auto host = parse_host(name);
    if (!host)
      return make_error(ec::invalid_input, "http.allowed_hosts: " + name,
                        "takes a name or address, with an optional port");
    if (!host->port)
      host->port = port;
    result.push_back(std::move(*host));
  }
  return result;
}

} // namespace

/// Everything but the start runs on `thread`.
struct server::inside {
  http_limits limits;
  net::io_context io{1};
  std::shared_ptr<server_door> door = std::make_shared<server_door>(io);
  tcp::acceptor acceptor{io};
  net::steady_timer pause{io};
  net::steady_timer patience{io};
  std::optional<gate> admission;
  connection_table table{limits};
  std::map<std::uint64_t, std::shared_ptr<session>> sessions;
  std::uint64_t next_id = 0;
  std::size_t turned_away = 0; // sessions that only say so
  std::uint16_t port = 0;
  std::thread thread;

  explicit inside(const http_limits& given) : limits{given} {}

  net::awaitable<void> accept_all();
  void seat(tcp::socket socket);
  void begin_stop();
};

net::awaitable<void> server::inside::accept_all() {
  while (acceptor.is_open()) {
    tcp::socket socket{io};
    const auto [failure] =
      co_await acceptor.async_accept(socket, net::as_tuple(net::use_awaitable));
    if (!failure) {
      try {
        seat(std::move(socket));
      } catch (const std::exception& e) {
        log_of(log_area::http)
          .error("http accept: {}", e.what()); // this one is lost, not the next
      }
    } else if (acceptor.is_open()) {
      log_of(log_area::http)
        .warn("http accept: {}", failure.message()); // out of descriptors, mostly
      pause.expires_after(std::chrono::milliseconds{200});
      co_await pause.async_wait(net::as_tuple(net::use_awaitable));
    }
  }
}

void server::inside::seat(tcp::socket socket) {
  error_code gone;
  const auto address = socket.remote_endpoint(gone).address().to_string();
  if (gone)
    return;
  const auto now = std::chrono::steady_clock::now();
  const auto id = next_id++;
  const auto verdict = table.add(id, address, now);
  if (verdict.evicted)
    sessions.at(*verdict.evicted)->close();
  if (!verdict.admitted && turned_away >= limits.connections)
    return; // a flood: no words wasted
  turned_away += verdict.admitted ? 0 : 1;
  session_hooks hooks{
    [this, id] { table.set_waiting(id, std::chrono::steady_clock::now()); },
    [this, id] { table.set_busy(id); },
    [this, id, admitted = verdict.admitted] {
      turned_away -= admitted ? 0 : 1;
      table.remove(id);
      sessions.erase(id);
      if (sessions.empty())
        patience.cancel();
    }};
  auto guest = std::make_shared<session>(std::move(socket), door, *admission, limits,
                                         std::move(hooks));
  sessions.emplace(id, guest);
  if (verdict.admitted)
    guest->run();
  else
    guest->turn_away();
}

void server::inside::begin_stop() {
  acceptor.close();
  pause.cancel();
  for (const auto& [id, session] : sessions)
    session->stop();
  if (sessions.empty())
    return;
  patience.expires_after(limits.stop);
  patience.async_wait([this](error_code) {
    for (const auto& [id, session] : sessions)
      session->close();
  });
}

expected<std::unique_ptr<server>> server::start(server_options options,
                                                std::vector<route> routes) try {
  error_code failure;
  const auto address = net::ip::make_address(options.address, failure);
  if (failure)
    return make_error(ec::invalid_input, "http.address: " + options.address,
                      "takes an IP address");
  if (options.tokens.empty() && !address.is_loopback())
    return make_error(ec::invalid_input, "http.address: " + options.address,
                      "beyond loopback needs an access token");
  auto tokens = token_list::make(options.tokens);
  if (!tokens)
    return tokens.error();
  auto table = router::make(std::move(routes));
  if (!table)
    return table.error();
  auto inside = std::make_unique<server::inside>(options.limits);
  if (auto err = listen(inside->acceptor, {address, options.port}))
    return err;
  inside->port = inside->acceptor.local_endpoint().port();
  auto hosts = own_hosts(options, address, inside->port);
  if (!hosts)
    return hosts.error();
  inside->admission.emplace(std::move(*table), std::move(*hosts), inside->port,
                            std::move(*tokens), inside->limits);
  net::co_spawn(inside->io, inside->accept_all(), net::detached);
  inside->thread = std::thread{[running = inside.get()] { running->io.run(); }};
  return std::unique_ptr<server>{new server{std::move(inside)}};
} catch (const std::exception& e) {
  return make_error(ec::unexpected, "start the http server", e.what());
}

server::server(std::unique_ptr<inside> inside) : inside_{std::move(inside)} {}

server::~server() {
  stop();
}

std::uint16_t server::port() const {
  return inside_->port;
}

void server::stop() {
  if (!inside_->thread.joinable())
    return;
  net::post(inside_->io, [inside = inside_.get()] { inside->begin_stop(); });
  inside_->thread.join();
  inside_->door->shut();
}

} // namespace habitd
