#include "actors/mqtt/outlet.hpp"

#include <optional>
#include <utility>

namespace habitd {

namespace {

delivery_result not_yet(std::string problem) {
  return {delivery_result::kind::failed, std::move(problem), {}};
}

/// What the broker says of one message, for the thread that waits for it.
struct receipt {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::optional<error> came;
};

} // namespace

void mqtt_outlet::up(broker_connection_ptr connection) {
  const std::lock_guard lock{mutex_};
  connection_ = std::move(connection);
  changed_.notify_all();
}

void mqtt_outlet::down() {
  const std::lock_guard lock{mutex_};
  connection_ = nullptr;
}

void mqtt_outlet::on_waiting(std::function<void()> wake) {
  const std::lock_guard lock{mutex_};
  wake_ = std::move(wake);
}

bool mqtt_outlet::is_wanted() const {
  const std::lock_guard lock{mutex_};
  return waiting_ > 0;
}

broker_connection_ptr mqtt_outlet::wait_for_connection(patience longest,
                                                       const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  if (!connection_ && wake_)
    wake_();
  changed_.wait_for(lock, stop, longest.connection,
                    [this] { return connection_ != nullptr; });
  return connection_;
}

delivery_result mqtt_outlet::publish(const mqtt_publication& what, patience longest,
                                     const std::stop_token& stop) {
  const auto count = [this](int by) {
    const std::lock_guard lock{mutex_};
    waiting_ += by;
  };
  count(1);
  const std::unique_ptr<void, std::function<void(void*)>> counted{
    this, [count](void*) { count(-1); }};
  const auto connection = wait_for_connection(longest, stop);
  if (!connection)
    return not_yet("not connected to the broker");
  const auto answer = std::make_shared<receipt>();
  const auto failed = connection->publish(what, [answer](error how) {
    const std::lock_guard lock{answer->mutex};
    answer->came = std::move(how);
    answer->changed.notify_all();
  });
  if (failed)
    return not_yet(describe(failed));
  std::unique_lock lock{answer->mutex};
  if (!answer->changed.wait_for(lock, stop, longest.receipt,
                                [&] { return answer->came.has_value(); }))
    return not_yet("the broker did not confirm it");
  return *answer->came ? not_yet(describe(*answer->came)) : delivery_result{};
}

deliver_entry mqtt_target(std::shared_ptr<mqtt_outlet> outlet, mqtt_topics topics,
                          mqtt_outlet::patience longest, std::stop_token stop) {
  return [=, outlet = std::move(outlet)](const outbox_entry& entry) {
    return outlet->publish({topic_of(topics, entry.subject), entry.payload, false},
                           longest, stop);
  };
}

} // namespace habitd
