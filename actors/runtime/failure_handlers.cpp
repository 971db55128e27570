#include "actors/runtime/failure_handlers.hpp"

#include "messages/error.hpp"
#include "messages/log_of.hpp"

namespace habitd {

namespace {

error from_exception(std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return make_error(ec::unexpected, e.what());
  } catch (...) {
    return make_error(ec::unexpected, "not a std::exception");
  }
}

} // namespace

void install_failure_handlers(caf::scheduled_actor* self) {
  self->set_exception_handler(
    [](std::exception_ptr& thrown) { return from_exception(thrown); });
  self->set_error_handler([](caf::scheduled_actor* actor, error& err) {
    log_of(log_area::supervision).warn("{}: {}", actor->name(), describe(err));
  });
}

} // namespace habitd
