#include "storage/database.hpp"
#include "storage/keys.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>

using namespace habitd;

namespace {

constexpr uid_t nobody = 65534;

/// Writes one batch after the other, until it is killed; each puts the same number into four
/// families. Prints a number once it is acknowledged.
int write_forever(database& db) {
  std::uint64_t number = 0;
  if (const auto last = db.last_key(family::jobs))
    number = big_endian<std::uint64_t>(*last);
  for (;;) {
    std::string key;
    append_big_endian(key, ++number);
    batch changes;
    for (const auto in : {family::events, family::days, family::patterns, family::jobs})
      changes.put(in, key, std::string(1000 + number % 7000, 'x'));
    changes.put(family::meta, "last", key);
    if (const auto err = db.write(std::move(changes))) {
      std::printf("%s\n", describe(err).c_str());
      return 1;
    }
    std::printf("%llu\n", static_cast<unsigned long long>(number));
    std::fflush(stdout);
  }
}

} // namespace

/// storage_peer write|open|open-as-nobody DIRECTORY
int main(int argc, char** argv) {
  if (argc != 3)
    return 2;
  const std::string_view task = argv[1];
  if (task == "open-as-nobody" && setuid(nobody) != 0)
    return 2;
  storage_options options;
  options.directory = argv[2];
  auto db = database::open(options);
  if (!db) {
    std::printf("%s\n", describe(db.error()).c_str());
    return 1;
  }
  if (task == "write")
    return write_forever(**db);
  std::puts("ok");
  return 0;
}
