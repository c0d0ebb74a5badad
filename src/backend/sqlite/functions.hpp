#pragma once

namespace kith::backend::sqlite {

class Handle;

/// Adds `regexp(pattern, text)`, which the operator REGEXP calls, `kith_iregexp(pattern, text)` and the collation
/// `kith_decimal`, which orders decimal texts by value. `handle` must outlive
/// them. Returns an SQLite result code.
int register_functions(Handle& handle) noexcept;

} // namespace kith::backend::sqlite
