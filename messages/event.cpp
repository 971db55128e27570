#include "messages/event.hpp"

namespace habitd {

std::uint32_t text_pool::intern(std::string_view text) {
  if (const auto found = numbers_.find(text); found != numbers_.end())
    return found->second;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  const auto added = numbers_.emplace(text, number).first;
  texts_.push_back(&added->first);
  return number;
}

void text_pool::clear() {
  numbers_.clear();
  texts_.clear();
}

} // namespace habitd
