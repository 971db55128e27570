#include "http/reach.hpp"

#include <catch2/catch.hpp>

using namespace habitd;

namespace {

url_parts parsed(const std::string& url) {
  const auto parts = parse_url(url);
  REQUIRE(parts);
  return *parts;
}

} // namespace

TEST_CASE("addresses that not everybody may have are not public") {
  for (const auto* literal : {"0.0.0.0",
                              "0.1.2.3",
                              "10.0.0.1",
                              "10.255.255.255",
                              "100.64.0.1",
                              "100.127.255.254",
                              "127.0.0.1",
                              "127.255.255.255",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.8",
                              "192.0.2.1",
                              "192.88.99.1",
                              "192.168.1.1",
                              "198.18.0.1",
                              "198.19.255.255",
                              "198.51.100.7",
                              "203.0.113.9",
                              "224.0.0.251",
                              "239.255.255.250",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::7f00:1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.1.2.3",
                              "64:ff9b::192.168.0.1",
                              "64:ff9b:1::1",
                              "100::1",
                              "2001::1",
                              "2001:db8::1",
                              "2002:7f00:1::",
                              "fc00::1",
                              "fd12:3456::1",
                              "fe80::1",
                              "fec0::1",
                              "ff02::fb",
                              "3fff::1",
                              "5f00::1",
                              "",
                              "localhost",
                              "1.2.3"})
    CHECK_FALSE(is_public_address(literal));
}

TEST_CASE("addresses just outside of special ranges are public") {
  for (const auto* literal :
       {"1.1.1.1",        "9.255.255.255",    "11.0.0.0",        "100.63.255.255",
        "100.128.0.0",    "126.255.255.255",  "128.0.0.1",       "169.253.255.255",
        "169.255.0.0",    "172.15.255.255",   "172.32.0.0",      "192.167.255.255",
        "192.169.0.0",    "198.17.255.255",   "198.20.0.0",      "223.255.255.255",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2606:4700::1111", "2a00:1450:4001::1"})
    CHECK(is_public_address(literal));
}

TEST_CASE("hosts written to deceive are read as what they are asked for") {
  for (const auto* url :
       {"http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://192.168.1.1:8123/x",
        "http://[fe80::1]/", "http://0/", "http://169.254.169.254/latest/meta-data"})
    CHECK_FALSE(why_out_of_reach({.only_public = true}, parsed(url)).empty());
  CHECK(why_out_of_reach({.only_public = true}, parsed("http://me:pw@1.1.1.1/")) ==
        "a user or password in the URL");
  CHECK(why_out_of_reach({.only_public = true}, parsed("https://1.1.1.1/")).empty());
}

TEST_CASE("only listed hosts are in reach, and trusted ones always") {
  const reach allowed{.only_public = true,
                      .only_https = true,
                      .hosts = {"gist.github.com"},
                      .trusted = {"127.0.0.1", "forum.home"}};

  CHECK(why_out_of_reach(allowed, parsed("https://GIST.github.com/x")).empty());
  CHECK(why_out_of_reach(allowed, parsed("http://gist.github.com/x")) == "not https");
  CHECK_FALSE(
    why_out_of_reach(allowed, parsed("https://gist.github.com.evil.example/")).empty());
  CHECK_FALSE(
    why_out_of_reach(allowed, parsed("https://gist.github.com@evil.example/")).empty());
  CHECK(why_out_of_reach(allowed, parsed("http://127.0.0.1:8080/")).empty());
  CHECK(why_out_of_reach(allowed, parsed("http://forum.home/")).empty());
}

TEST_CASE("URLs are read in their parts, and only those of the web") {
  const auto parts = parsed("https://Forum.Example:8443/t/-/1.json?page=2#x");

  CHECK(parts ==
        url_parts{"https", "forum.example", 8443, "/t/-/1.json", "page=2", false});
  CHECK(origin_of(parsed("https://forum.example/")) == "https://forum.example:443");
  for (const auto* url : {"", "forum.example", "ftp://a/", "file:///etc/passwd",
                          "http://", "http://a b/", "javascript:alert(1)", "//a/b"})
    CHECK_FALSE(parse_url(url));
  CHECK_FALSE(parse_url(std::string("http://a.example\0.b/", 20)));
}

TEST_CASE("a reference means what it means on its page") {
  CHECK(*resolve_url("https://a.example/t/x/1?p=2", "/t/-/1") ==
        "https://a.example/t/-/1");
  CHECK(*resolve_url("https://a.example/t/x", "//b.example/") == "https://b.example/");
  CHECK(*resolve_url("https://a.example/t/x", "http://c.example/y") ==
        "http://c.example/y");
}

TEST_CASE("escapes in URLs are written and read") {
  CHECK(percent_encoded("category:x after 1~") == "category%3Ax%20after%201~");
  CHECK(percent_decoded("https%3A%2F%2Fa%2fb+c%") == "https://a/b+c%");
  CHECK(percent_decoded("%zz%4") == "%zz%4");
  CHECK(percent_decoded(percent_encoded("\x01\xff %")) == "\x01\xff %");
}
