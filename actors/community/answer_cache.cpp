#include "actors/community/answer_cache.hpp"

namespace habitd {

std::string answer_cache::get(const std::string& question,
                              const std::function<std::string()>& make) {
  {
    const std::lock_guard lock{mutex_};
    if (const auto found = by_question_.find(question); found != by_question_.end()) {
      ++counts_.hits;
      latest_.splice(latest_.begin(), latest_, found->second);
      return found->second->text;
    }
    ++counts_.misses;
  }
  auto text = make();
  const std::lock_guard lock{mutex_};
  if (by_question_.count(question) || question.size() + text.size() > most_bytes / 4)
    return text; // somebody else was faster, or it is not worth the room
  latest_.push_front({question, text});
  by_question_[latest_.front().question] = latest_.begin();
  bytes_ += question.size() + text.size();
  while (latest_.size() > most || bytes_ > most_bytes)
    drop_oldest();
  return text;
}

void answer_cache::drop_oldest() {
  const auto& oldest = latest_.back();
  bytes_ -= oldest.question.size() + oldest.text.size();
  by_question_.erase(oldest.question);
  latest_.pop_back();
}

void answer_cache::clear() {
  const std::lock_guard lock{mutex_};
  by_question_.clear();
  latest_.clear();
  bytes_ = 0;
  ++counts_.drops;
}

cache_counts answer_cache::counts() const {
  const std::lock_guard lock{mutex_};
  return counts_;
}

} // namespace habitd
