#include "messages/utf8.hpp"

#include "messages/error.hpp"

#include <catch2/catch.hpp>

namespace habitd {

TEST_CASE("characters are counted, not bytes") {
  CHECK(character_count("abc") == 3);
  CHECK(character_count("\u0439\u20ac\U0001f600") == 3);
  CHECK(character_count("a\xff\xe4") == 3);
  CHECK(character_count("") == 0);
}

TEST_CASE("bytes that are no UTF-8 are written out, characters stay") {
  CHECK(valid_utf8("sp\xe4ter") == "sp\\xe4ter");
  CHECK(valid_utf8("sp\u00e4ter \U0001f600") == "sp\u00e4ter \U0001f600");
  CHECK(valid_utf8("\xc0\xaf") == "\\xc0\\xaf");            // overlong
  CHECK(valid_utf8("\xed\xa0\x80") == "\\xed\\xa0\\x80");   // half a surrogate pair
  CHECK(valid_utf8("\xf4\x90\x80\x80").find("\\xf4") == 0); // beyond the last one
  CHECK(valid_utf8("\xe2\x82") == "\\xe2\\x82");            // cut off
}

TEST_CASE("an error about a file of any name can be told in JSON") {
  CHECK(describe(make_error(ec::not_found, "/home/\xe4.csv")) ==
        "not found: /home/\\xe4.csv");
}

} // namespace habitd
