#pragma once

#include <string>
#include <string_view>

namespace kith::backend::postgresql {

/// The prefix of all names that a connection uses on the server: `kith_` and 64 random bits.
///
/// Behind a pooler, connections of several processes may use one server connection. If two of them chose the same name,
/// one would run a statement of the other, or read its rows. With this prefix a foreign name is unknown: an error.
/// Savepoints need no prefix: they live in a transaction, which no pooler splits.
std::string unique_prefix();

/// The text as a literal in SQL, for statements without parameters (SET, DO): it is right for both settings of
/// standard_conforming_strings.
std::string text_literal(std::string_view text);

} // namespace kith::backend::postgresql
