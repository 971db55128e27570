#include "http/pending_answer.hpp"

#include "http/problem.hpp"

#include <boost/asio/post.hpp>

#include <atomic>

namespace habitd {

namespace {

struct pending_answer {
  std::shared_ptr<server_door> door;
  std::function<void(http_response)> take;
  std::atomic<bool> given = false;

  pending_answer(std::shared_ptr<server_door> way, std::function<void(http_response)> end)
      : door{std::move(way)}, take{std::move(end)} {}
  pending_answer(const pending_answer&) = delete;
  pending_answer& operator=(const pending_answer&) = delete;

  ~pending_answer() {
    auto response = problem(503, "the request was dropped");
    response.log = "a handler let go of its request without an answer";
    give(std::move(response));
  }

  void give(http_response response) {
    if (given.exchange(true))
      return;
    auto shared = std::make_shared<http_response>(std::move(response));
    door->post([take = take, shared] { take(std::move(*shared)); });
  }
};

} // namespace

void server_door::post(std::function<void()> work) {
  const std::lock_guard lock{mutex_};
  if (io_)
    boost::asio::post(*io_, std::move(work));
}

void server_door::shut() {
  const std::lock_guard lock{mutex_};
  io_ = nullptr;
}

respond make_respond(std::shared_ptr<server_door> door,
                     std::function<void(http_response)> take) {
  auto pending = std::make_shared<pending_answer>(std::move(door), std::move(take));
  return [pending = std::move(pending)](http_response response) {
    pending->give(std::move(response));
  };
}

} // namespace habitd
