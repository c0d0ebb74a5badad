#pragma once

#include <string>

namespace kith::backend::postgresql {

/// The beginning of all names that a connection gives at the server: `kith_` and 64 random bits.
///
/// Behind a pooler, connections of other processes meet at one server connection. A name that two of them gave would
/// let one run a statement of the other, or read its rows. With these, a name that is met there is unknown: an error.
/// Savepoints need none: they live in a transaction, and no pooler parts that.
std::string unique_prefix();

} // namespace kith::backend::postgresql
