#pragma once

#include "actors/mqtt/broker.hpp"
#include "actors/mqtt/topics.hpp"
#include "actors/outbox/delivery.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>

namespace habitd {

/// The way to the broker for threads that may wait: couriers. The actor that keeps the
/// connection says here when it is up. Thread-safe.
class mqtt_outlet {
public:
  struct patience {
    std::chrono::milliseconds connection{20'000}; // until there is one
    std::chrono::milliseconds receipt{20'000};    // until the broker has the message
  };

  void up(broker_connection_ptr connection);
  void down();

  /// @param wake  called, from now on, when somebody waits for a connection.
  void on_waiting(std::function<void()> wake);

  /// Whether somebody waits for a connection or a receipt.
  bool is_wanted() const;

  /// Publishes and waits until the broker has it.
  delivery_result publish(const mqtt_publication& what, patience longest,
                          const std::stop_token& stop);

private:
  broker_connection_ptr wait_for_connection(patience longest,
                                            const std::stop_token& stop);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  broker_connection_ptr connection_; // null: there is none
  std::function<void()> wake_;
  int waiting_ = 0;
};

/// Gives entries of the outbox to the broker.
deliver_entry mqtt_target(std::shared_ptr<mqtt_outlet> outlet, mqtt_topics topics,
                          mqtt_outlet::patience longest, std::stop_token stop);

} // namespace habitd
