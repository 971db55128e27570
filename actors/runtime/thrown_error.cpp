#include "actors/runtime/thrown_error.hpp"

#include <new>
#include <system_error>

namespace habitd {

error error_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    return make_error(ec::unavailable, "out of memory");
  } catch (const std::system_error& e) { // so does std::thread say it
    if (e.code() == std::errc::resource_unavailable_try_again)
      return make_error(ec::unavailable,
                        "no thread can be started, for want of memory or processes");
    return make_error(ec::unexpected, e.what());
  } catch (const std::exception& e) {
    return make_error(ec::unexpected, e.what());
  } catch (...) {
    return make_error(ec::unexpected, "not a std::exception");
  }
}

} // namespace habitd
