#pragma once

namespace habitd {

/// What a process that runs for months, and holds secrets, asks of the system:
/// - a reader of our output that went away, and a file that reached its limit, are errors of
///   the call and not the end of the process (SIGPIPE, SIGXFSZ);
/// - files that it makes are its own (umask 077);
/// - no core dump, and no debugger of the same user, sees its memory.
/// Call it before anything starts threads.
void guard_process();

} // namespace habitd
