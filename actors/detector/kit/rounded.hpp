#pragma once

namespace habitd {

/// A figure to nine significant digits. Math libraries differ in the last bits, one processor
/// from the next (of 20,475 beta tails 8 do, with and without fused multiply-add); what
/// decides, and what is published, must not.
double rounded(double value);

} // namespace habitd
