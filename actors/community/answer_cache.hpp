#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace habitd {

struct cache_counts {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t drops = 0; // times all of it was forgotten
};

/// The last answers by what was asked, at most `most` of them and `most_bytes` in all; the one
/// not asked for longest goes first. Thread-safe.
class answer_cache {
public:
  static constexpr std::size_t most = 256;
  static constexpr std::size_t most_bytes = 2 << 20;

  /// @param make  called, without a lock, if the answer isn't there.
  std::string get(const std::string& question, const std::function<std::string()>& make);

  void clear();
  cache_counts counts() const;

private:
  struct answer {
    std::string question;
    std::string text;
  };
  void drop_oldest();

  mutable std::mutex mutex_;
  std::list<answer> latest_; // asked for last first
  std::unordered_map<std::string_view, std::list<answer>::iterator> by_question_;
  std::size_t bytes_ = 0;
  cache_counts counts_;
};

} // namespace habitd
