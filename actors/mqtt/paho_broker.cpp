#include "actors/mqtt/paho_broker.hpp"

#include <MQTTAsync.h>
#include <fmt/format.h>

#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>

namespace habitd {

namespace {

using namespace std::chrono_literals;

constexpr int keep_alive_seconds = 30;
constexpr int connect_seconds = 10;
constexpr int session_seconds = 24 * 3600; // that the broker keeps what we have not heard
constexpr int largest_packet = 16
                               << 20; // a large Zigbee network's list of devices is 1 MB
constexpr int leave_milliseconds = 500;

class paho_session;

/// A publication under way, and what the library hands back to us about it.
struct publication_under_way {
  paho_session* session = nullptr;
  std::function<void(error)> done;
};

std::string words_of(int code, const char* message, int reason) {
  if (reason == 0 && code >= MQTTREASONCODE_UNSPECIFIED_ERROR)
    reason = code; // of a CONNACK: the library's own codes are negative
  if (reason >= MQTTREASONCODE_UNSPECIFIED_ERROR) { // what the broker says
    const auto* text = MQTTReasonCode_toString(static_cast<MQTTReasonCodes>(reason));
    return text ? text : fmt::format("reason {}", reason);
  }
  std::string words = message && *message ? message : "";
  if (words.empty()) {
    const auto* text = MQTTAsync_strerror(code);
    words = text && *text ? text : fmt::format("code {}", code);
  }
  return words;
}

/// What CONNACK says in version 3.1.1.
std::string refusal_words(int code) {
  switch (code) {
  case 1:
    return "the broker does not speak this version of MQTT";
  case 2:
    return "the broker refuses the client id";
  case 4:
  case 5:
    return "the broker refuses the user name or password";
  default:
    return {};
  }
}

std::string paho_url(const std::string& url) {
  const bool safe = url.starts_with("mqtts://");
  auto address = url.substr(safe ? 8 : 7);
  const auto bracket = address.rfind(']');
  if (address.find(':', bracket == std::string::npos ? 0 : bracket) == std::string::npos)
    address += safe ? ":8883" : ":1883";
  return (safe ? "ssl://" : "tcp://") + address;
}

void add_number(MQTTProperties& to, MQTTPropertyCodes code, unsigned value) {
  MQTTProperty property{};
  property.identifier = code;
  property.value.integer4 = value;
  MQTTProperties_add(&to, &property);
}

/// One client of the library.
class paho_session {
public:
  paho_session(broker_options options, broker_events events)
      : options_{std::move(options)}, events_{std::move(events)} {}
  paho_session(const paho_session&) = delete;
  paho_session& operator=(const paho_session&) = delete;

  ~paho_session() {
    leave();
    MQTTAsync_destroy(&client_);
    MQTTProperties_free(&properties_);
  }

  error open();
  error connect();
  error publish(const mqtt_publication& what, std::function<void(error)> done);
  error subscribe(const std::vector<std::string>& filters);
  void leave();

private:
  bool is_v5() const { return options_.settings.protocol == mqtt_version::v5; }
  MQTTAsync_SSLOptions tls();
  error check_files() const;
  void up(bool resumed) { events_.up(resumed); }
  void down(std::string why);
  void done_leaving();
  std::function<void(error)> take(publication_under_way* which);
  static void settle(void* context, error how);

  static int on_message(void* context, char* topic, int topic_length,
                        MQTTAsync_message* message);

  broker_options options_;
  broker_events events_;
  MQTTAsync client_ = nullptr;
  MQTTProperties properties_ = MQTTProperties_initializer;
  std::mutex mutex_;
  std::condition_variable left_;
  bool leaving_ = false;
  std::string tls_problem_;
  std::map<publication_under_way*, std::unique_ptr<publication_under_way>> under_way_;
};

error paho_session::check_files() const {
  const auto& with = options_.settings;
  for (const auto& file : {with.ca, with.certificate, with.key}) {
    std::error_code failed;
    if (!file.empty() && !std::filesystem::is_regular_file(file, failed))
      return make_error(ec::invalid_input, "no file " + file.string());
  }
  return {};
}

error paho_session::open() {
  if (auto missing = check_files())
    return missing;
  MQTTAsync_createOptions creation = MQTTAsync_createOptions_initializer;
  creation.MQTTVersion = is_v5() ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  creation.maxBufferedMessages = 1000;
  const auto code = MQTTAsync_createWithOptions(
    &client_, paho_url(options_.settings.url).c_str(), options_.client_id.c_str(),
    MQTTCLIENT_PERSISTENCE_NONE, nullptr, &creation);
  if (code != MQTTASYNC_SUCCESS)
    return make_error(ec::invalid_input, "mqtt.url: " + words_of(code, nullptr, 0));
  const auto lost = [](void* context, char*) {
    static_cast<paho_session*>(context)->down("the connection is lost");
  };
  MQTTAsync_setCallbacks(client_, this, lost, on_message, nullptr);
  const auto dismissed = [](void* context, MQTTProperties*, MQTTReasonCodes reason) {
    static_cast<paho_session*>(context)->down(words_of(0, nullptr, reason));
  };
  MQTTAsync_setDisconnected(client_, this, dismissed);
  return {};
}

MQTTAsync_SSLOptions paho_session::tls() {
  const auto& with = options_.settings;
  MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
  const auto path = [](const std::filesystem::path& file) {
    return file.empty() ? nullptr : file.c_str();
  };
  tls.trustStore = path(with.ca);
  tls.keyStore = path(with.certificate);
  tls.privateKey = path(with.key);
  tls.enableServerCertAuth = with.insecure ? 0 : 1;
  tls.verify = with.insecure ? 0 : 1; // that the certificate is of this host
  tls.disableDefaultTrustStore = with.ca.empty() ? 0 : 1;
  tls.ssl_error_context = this;
  tls.ssl_error_cb = [](const char* text, std::size_t size, void* context) {
    auto& session = *static_cast<paho_session*>(context);
    const std::lock_guard lock{session.mutex_};
    if (session.tls_problem_.size() < 500)
      session.tls_problem_.append(text, strnlen(text, size));
    return 1;
  };
  return tls;
}

error paho_session::connect() {
  const auto& with = options_.settings;
  MQTTAsync_connectOptions connection = MQTTAsync_connectOptions_initializer;
  if (is_v5())
    connection = MQTTAsync_connectOptions_initializer5;
  connection.MQTTVersion = is_v5() ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  connection.keepAliveInterval = keep_alive_seconds;
  connection.connectTimeout = connect_seconds;
  connection.maxInflight = 1000;
  if (!with.username.empty())
    connection.username = with.username.c_str();
  if (!with.password.empty())
    connection.password = with.password.c_str();
  MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
  will.topicName = options_.will.topic.c_str();
  will.message = options_.will.payload.c_str();
  will.retained = options_.will.retain;
  will.qos = 1;
  if (!options_.will.topic.empty())
    connection.will = &will;
  auto safe = tls();
  if (with.url.starts_with("mqtts://"))
    connection.ssl = &safe;
  connection.context = this;
  if (is_v5()) {
    connection.cleanstart = with.live ? 0 : 1;
    MQTTProperties_free(&properties_);
    properties_ = MQTTProperties_initializer;
    add_number(properties_, MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL,
               with.live ? session_seconds : 0);
    add_number(properties_, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, largest_packet);
    connection.connectProperties = &properties_;
    connection.onSuccess5 = [](void* context, MQTTAsync_successData5* data) {
      static_cast<paho_session*>(context)->up(data->alt.connect.sessionPresent != 0);
    };
    connection.onFailure5 = [](void* context, MQTTAsync_failureData5* data) {
      static_cast<paho_session*>(context)->down(
        words_of(data->code, data->message, data->reasonCode));
    };
  } else {
    connection.cleansession = with.live ? 0 : 1;
    connection.onSuccess = [](void* context, MQTTAsync_successData* data) {
      static_cast<paho_session*>(context)->up(data->alt.connect.sessionPresent != 0);
    };
    connection.onFailure = [](void* context, MQTTAsync_failureData* data) {
      auto words = refusal_words(data->code);
      if (words.empty())
        words = words_of(data->code, data->message, 0);
      static_cast<paho_session*>(context)->down(std::move(words));
    };
  }
  const auto code = MQTTAsync_connect(client_, &connection);
  if (code != MQTTASYNC_SUCCESS)
    return make_error(ec::unavailable, words_of(code, nullptr, 0));
  return {};
}

void paho_session::down(std::string why) {
  {
    const std::lock_guard lock{mutex_};
    if (!tls_problem_.empty()) {
      while (!tls_problem_.empty() && tls_problem_.back() == '\n')
        tls_problem_.pop_back();
      why += " (" + tls_problem_ + ")";
    }
    tls_problem_.clear();
  }
  events_.down(why);
}

std::function<void(error)> paho_session::take(publication_under_way* which) {
  const std::lock_guard lock{mutex_};
  const auto at = under_way_.find(which);
  if (at == under_way_.end())
    return [](const error&) {};
  auto done = std::move(at->second->done);
  under_way_.erase(at);
  return done;
}

void paho_session::settle(void* context, error how) {
  auto* which = static_cast<publication_under_way*>(context);
  which->session->take(which)(std::move(how));
}

error paho_session::publish(const mqtt_publication& what,
                            std::function<void(error)> done) {
  auto kept = std::make_unique<publication_under_way>();
  kept->session = this;
  kept->done = std::move(done);
  auto* which = kept.get();
  {
    const std::lock_guard lock{mutex_};
    under_way_.emplace(which, std::move(kept));
  }
  MQTTAsync_message message = MQTTAsync_message_initializer;
  message.payload = const_cast<char*>(what.payload.data());
  message.payloadlen = static_cast<int>(what.payload.size());
  message.qos = 1;
  message.retained = what.retain;
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  response.context = which;
  if (is_v5()) {
    response.onSuccess5 = [](void* context, MQTTAsync_successData5*) {
      settle(context, {});
    };
    response.onFailure5 = [](void* context, MQTTAsync_failureData5* data) {
      settle(context, make_error(ec::unavailable,
                                 words_of(data->code, data->message, data->reasonCode)));
    };
  } else {
    response.onSuccess = [](void* context, MQTTAsync_successData*) {
      settle(context, {});
    };
    response.onFailure = [](void* context, MQTTAsync_failureData* data) {
      settle(context,
             make_error(ec::unavailable, words_of(data->code, data->message, 0)));
    };
  }
  const auto code =
    MQTTAsync_sendMessage(client_, what.topic.c_str(), &message, &response);
  if (code == MQTTASYNC_SUCCESS)
    return {};
  take(which);
  return make_error(ec::unavailable, words_of(code, nullptr, 0));
}

error paho_session::subscribe(const std::vector<std::string>& filters) {
  std::vector<char*> names;
  for (const auto& filter : filters)
    names.push_back(const_cast<char*>(filter.c_str()));
  const std::vector<int> qos(filters.size(), 1);
  MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
  const auto code = MQTTAsync_subscribeMany(client_, static_cast<int>(names.size()),
                                            names.data(), qos.data(), &response);
  if (code != MQTTASYNC_SUCCESS)
    return make_error(ec::unavailable, words_of(code, nullptr, 0));
  return {};
}

void paho_session::done_leaving() {
  const std::lock_guard lock{mutex_};
  leaving_ = false;
  left_.notify_all();
}

void paho_session::leave() {
  MQTTAsync_disconnectOptions how = MQTTAsync_disconnectOptions_initializer;
  how.timeout = leave_milliseconds; // for what is under way
  how.context = this;
  if (is_v5()) {
    how.struct_version = 1;
    how.onSuccess5 = [](void* context, MQTTAsync_successData5*) {
      static_cast<paho_session*>(context)->done_leaving();
    };
    how.onFailure5 = [](void* context, MQTTAsync_failureData5*) {
      static_cast<paho_session*>(context)->done_leaving();
    };
  } else {
    how.onSuccess = [](void* context, MQTTAsync_successData*) {
      static_cast<paho_session*>(context)->done_leaving();
    };
    how.onFailure = [](void* context, MQTTAsync_failureData*) {
      static_cast<paho_session*>(context)->done_leaving();
    };
  }
  {
    const std::lock_guard lock{mutex_};
    leaving_ = true;
  }
  if (!MQTTAsync_isConnected(client_) ||
      MQTTAsync_disconnect(client_, &how) != MQTTASYNC_SUCCESS)
    return;
  std::unique_lock lock{mutex_};
  left_.wait_for(lock, 2 * std::chrono::milliseconds{leave_milliseconds},
                 [this] { return !leaving_; });
}

int paho_session::on_message(void* context, char* topic, int topic_length,
                             MQTTAsync_message* message) {
  const std::string_view name{topic, topic_length > 0
                                       ? static_cast<std::size_t>(topic_length)
                                       : std::strlen(topic)};
  const std::string_view payload{static_cast<const char*>(message->payload),
                                 static_cast<std::size_t>(message->payloadlen)};
  static_cast<paho_session*>(context)->events_.message(
    {name, payload, message->retained != 0, message->dup != 0});
  MQTTAsync_freeMessage(&message);
  MQTTAsync_free(topic);
  return 1; // taken
}

} // namespace

expected<broker_connection_ptr> open_paho_broker(const broker_options& options,
                                                 broker_events events) {
  const auto session = std::make_shared<paho_session>(options, std::move(events));
  if (auto failed = session->open())
    return failed;
  auto connection = std::make_shared<broker_connection>();
  connection->connect = [session] { return session->connect(); };
  connection->publish = [session](const mqtt_publication& what,
                                  std::function<void(error)> done) {
    return session->publish(what, std::move(done));
  };
  connection->subscribe = [session](const std::vector<std::string>& filters) {
    return session->subscribe(filters);
  };
  connection->leave = [session] { session->leave(); };
  return broker_connection_ptr{std::move(connection)};
}

} // namespace habitd
