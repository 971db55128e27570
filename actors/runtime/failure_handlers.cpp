#include "actors/runtime/failure_handlers.hpp"

#include "actors/runtime/thrown_error.hpp"

#include <spdlog/spdlog.h>

namespace habitd {

void install_failure_handlers(caf::scheduled_actor* self) {
  self->set_exception_handler(
    [](std::exception_ptr& thrown) { return error_of(thrown); });
  self->set_error_handler([](caf::scheduled_actor* actor, error& err) {
    spdlog::warn("{}: {}", actor->name(), describe(err));
  });
}

} // namespace habitd
