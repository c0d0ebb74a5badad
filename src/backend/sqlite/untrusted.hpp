#pragma once

namespace kith::backend::sqlite {

class Handle;

/// Prepares a connection for a file that a stranger may have made. To be called before anything is read from it.
///
/// Views, triggers, defaults, CHECKs, generated columns and indexes may call only functions without side effects, and
/// no virtual table that could do harm; statements cannot change the schema as data; a file cannot make SQLite load
/// code, or fill the memory with a single value. Damaged pages are found when they are read.
void distrust(Handle& handle);

} // namespace kith::backend::sqlite
