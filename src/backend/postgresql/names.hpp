#pragma once

#include <string>

namespace kith::backend::postgresql {

/// The prefix of all names that a connection uses on the server: `kith_` and 64 random bits.
///
/// Behind a pooler, connections of several processes may use one server connection. If two of them chose the same name,
/// one would run a statement of the other, or read its rows. With this prefix a foreign name is unknown: an error.
/// Savepoints need no prefix: they live in a transaction, which no pooler splits.
std::string unique_prefix();

} // namespace kith::backend::postgresql
