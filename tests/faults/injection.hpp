#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// Lets calls of one kind fail, the n-th one or all from the n-th on, while a workload runs.
namespace faults {

enum class Kind : std::uint8_t {
    none,
    operator_new,
    sqlite_memory,
    read,
    write,
    torn_write, // half of the bytes are written
    sync,
    size,
    truncate,
    lock,
    open,
    remove,
    access,
    map, // of the shared memory beside a file in WAL mode
    map_lock,
};

inline constexpr std::array file_kinds{Kind::read,   Kind::write,    Kind::torn_write, Kind::sync,
                                       Kind::size,   Kind::truncate, Kind::lock,       Kind::open,
                                       Kind::remove, Kind::access,   Kind::map,        Kind::map_lock};

std::string_view name_of(Kind kind);

/// From now on the calls of `kind` are counted, on all threads. If `at` is not 0, the call of that number fails, and
/// with `persists` all after it as well.
void arm(Kind kind, std::uint64_t at, bool persists) noexcept;
/// All calls succeed again. Returns the number that was counted.
std::uint64_t disarm() noexcept;
/// Whether a call has failed since arm().
bool has_fired() noexcept;

/// Counts one call of `kind`. True if it must fail.
bool fails(Kind kind) noexcept;

/// Makes SQLite take its memory, and use its files, through functions that fail on demand. To be called before
/// SQLite is used.
void install_sqlite_memory();
void install_sqlite_files();

} // namespace faults
