#include "actors/runtime/failure_handlers.hpp"

#include "actors/runtime/thrown_error.hpp"
#include "messages/log_of.hpp"

namespace habitd {

void install_failure_handlers(caf::scheduled_actor* self) {
  self->set_exception_handler(
    [](std::exception_ptr& thrown) { return error_of(thrown); });
  self->set_error_handler([](caf::scheduled_actor* actor, error& err) {
    log_of(log_area::supervision).warn("{}: {}", actor->name(), describe(err));
  });
}

} // namespace habitd
