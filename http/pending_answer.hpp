#pragma once

#include "http/message.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <mutex>

namespace habitd {

/// The way from any thread to the server's own; shut before the server goes.
class server_door {
public:
  explicit server_door(boost::asio::io_context& io) : io_{&io} {}

  void post(std::function<void()> work);
  void shut();

private:
  std::mutex mutex_;
  boost::asio::io_context* io_; // null once shut
};

/// The one answer of one request, to go with its handler wherever that takes it.
/// @param take  is called once, on the server's thread, unless the server goes first. It
///              must not own what may only end on that thread.
respond make_respond(std::shared_ptr<server_door> door,
                     std::function<void(http_response)> take);

} // namespace habitd
