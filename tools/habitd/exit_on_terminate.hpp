#pragma once

namespace habitd {

/// Lets a process that ends by `std::terminate` say why. Without memory or threads it ends with
/// `exit_unavailable`; otherwise it is a bug, and aborts as ever.
void exit_on_terminate();

} // namespace habitd
