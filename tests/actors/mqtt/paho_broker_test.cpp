// Our end of the Paho library against a real mosquitto.

#include "actors/mqtt/paho_broker.hpp"

#include "tests/end_to_end/mosquitto.hpp"

#include <catch2/catch.hpp>

namespace habitd {
namespace {

/// A certificate authority, a broker's certificate of 127.0.0.1, and a client's.
void make_certificates(const test_directory& in) {
  const auto made = run_program(
    {"/bin/sh", "-c",
     "cd '" + in.path().string() +
       "' && "
       "new() { openssl req -newkey rsa:2048 -nodes -keyout $1.key -out $1.csr -subj "
       "/CN=$1; } "
       "&& sign() { openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key "
       "-CAcreateserial "
       "-days 2 -out $1.pem -extfile $1.ext; } && "
       "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 "
       "-subj /CN=ours && openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key "
       "-out "
       "other.pem -days 2 -subj /CN=other && "
       "echo subjectAltName=IP:127.0.0.1 >server.ext && new server && sign server && "
       "echo subjectAltName=DNS:elsewhere.example >far.ext && new far && sign far && "
       "echo basicConstraints=CA:FALSE >client.ext && new client && sign client"});
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
}

std::string tls_lines(const test_directory& from, const std::string& certificate) {
  return "cafile " + (from / "ca.pem") + "\ncertfile " + (from / (certificate + ".pem")) +
         "\nkeyfile " + (from / (certificate + ".key")) + "\n";
}

TEST_CASE("messages go there and back, in both versions of MQTT") {
  if (!has_mosquitto())
    return;
  mosquitto broker;
  broker.start();
  for (const auto version : {mqtt_version::v5, mqtt_version::v3_1_1}) {
    mqtt_config settings;
    settings.url = broker.url();
    settings.protocol = version;
    mqtt_listener ours{settings};
    mqtt_listener other{broker};

    ours.publish("a/b", "there");
    other.publish("a/b", "and back");
    const std::string binary("\x00\xff{", 3);
    other.publish("a/\xc3\xa4", binary, true);

    CHECK(other.next("a/b", "there"));
    CHECK(ours.next("a/b", "and back"));
    CHECK(ours.next("a/\xc3\xa4", binary));
    mqtt_listener late{broker, {"a/+"}};
    const auto kept = late.next("a/\xc3\xa4");
    REQUIRE(kept);
    CHECK(kept->retained);
    other.publish("a/\xc3\xa4", "", true);
    CHECK(late.next("a/\xc3\xa4", ""));
  }
}

TEST_CASE("a broker is asked for its certificate, and for that of its host") {
  if (!has_mosquitto())
    return;
  const test_directory keys;
  make_certificates(keys);
  mosquitto broker{"allow_anonymous true\n" + tls_lines(keys, "server")};
  broker.start();
  mosquitto elsewhere{"allow_anonymous true\n" + tls_lines(keys, "far")};
  elsewhere.start();
  mqtt_config settings;
  settings.url = broker.url("mqtts");

  settings.ca = keys / "ca.pem";
  CHECK(mqtt_listener{settings}.refusal().empty());
  settings.ca = keys / "other.pem";
  CHECK_THAT(mqtt_listener{settings}.refusal(),
             Catch::Contains("certificate verify failed"));
  settings.ca = "";
  CHECK_FALSE(mqtt_listener{settings}.refusal().empty());
  settings.insecure = true;
  CHECK(mqtt_listener{settings}.refusal().empty());
  settings.insecure = false;
  settings.ca = keys / "ca.pem";
  settings.url = elsewhere.url("mqtts");
  CHECK_FALSE(mqtt_listener{settings}.refusal().empty());
  settings.ca = keys / "no-such-file.pem";
  const auto made = open_paho_broker({settings, "x", {}}, {});
  REQUIRE_FALSE(made);
  CHECK(code_of(made.error()) == ec::invalid_input);
}

TEST_CASE("a broker that asks for a certificate gets ours") {
  if (!has_mosquitto())
    return;
  const test_directory keys;
  make_certificates(keys);
  mosquitto broker{"allow_anonymous true\nrequire_certificate true\n" +
                   tls_lines(keys, "server")};
  broker.start();
  mqtt_config settings;
  settings.url = broker.url("mqtts");
  settings.ca = keys / "ca.pem";

  CHECK_FALSE(mqtt_listener{settings}.refusal().empty());
  settings.certificate = keys / "client.pem";
  settings.key = keys / "client.key";
  CHECK(mqtt_listener{settings}.refusal().empty());
}

TEST_CASE("a wrong password is told apart from a broker that is not there") {
  if (!has_mosquitto())
    return;
  mosquitto broker{"allow_anonymous false\n"};
  for (const auto version : {mqtt_version::v5, mqtt_version::v3_1_1}) {
    mqtt_config settings;
    settings.url = broker.url();
    settings.protocol = version;
    settings.username = "habitd";
    settings.password = "planted-secret";
    const auto absent = mqtt_listener{settings}.refusal();
    broker.start();
    const auto refused = mqtt_listener{settings}.refusal();
    broker.stop();

    CHECK_FALSE(absent.empty());
    CHECK(refused != absent);
    CHECK_THAT(refused,
               Catch::Contains(version == mqtt_version::v5 ? "authorized" : "password"));
    CHECK_THAT(refused, !Catch::Contains("planted-secret"));
  }
}

} // namespace
} // namespace habitd
