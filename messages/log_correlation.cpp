#include "messages/log_correlation.hpp"

#include <utility>

namespace habitd {

namespace {

thread_local std::string_view correlation_of_thread;

} // namespace

log_correlation::log_correlation(std::string_view id)
    : outer_{std::exchange(correlation_of_thread, id)} {}

log_correlation::~log_correlation() {
  correlation_of_thread = outer_;
}

std::string_view log_correlation::current() {
  return correlation_of_thread;
}

} // namespace habitd
