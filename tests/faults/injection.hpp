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
    cut,             // of messages: the connection ends before it
    tear,            // the connection ends in the middle of it
    split,           // it arrives byte by byte
    delay,           // it arrives a little later
    delay_too_long,  // it arrives after the deadline of its call
    repeat_sent,     // the server receives it twice
    repeat_received, // the client receives it twice
};

inline constexpr std::array file_kinds{Kind::read,   Kind::write,    Kind::torn_write, Kind::sync,
                                       Kind::size,   Kind::truncate, Kind::lock,       Kind::open,
                                       Kind::remove, Kind::access,   Kind::map,        Kind::map_lock};

inline constexpr std::array message_kinds{
    Kind::cut, Kind::tear, Kind::split, Kind::delay, Kind::delay_too_long, Kind::repeat_sent, Kind::repeat_received};

std::string_view name_of(Kind kind);
/// Whether all calls after one may fail as well: not where each failure alone would take long, or does nothing new.
constexpr bool can_persist(Kind kind) { return kind < Kind::tear; }
/// Whether nothing fails: the result must be right.
constexpr bool is_harmless(Kind kind) { return kind == Kind::split || kind == Kind::delay; }

/// From now on the calls of all kinds are counted, on all threads.
void count() noexcept;
/// The number of calls since count(), until arm() or disarm().
std::uint64_t counted(Kind kind) noexcept;
/// From now on the call of `kind` of that number fails, counted from 1 on all threads, and with `persists` all after it
/// as well.
void arm(Kind kind, std::uint64_t at, bool persists) noexcept;
/// All calls succeed, and none is counted.
void disarm() noexcept;
/// Whether a call has failed since arm().
bool has_fired() noexcept;

/// Counts one call of `kind`. True if it must fail.
bool fails(Kind kind) noexcept;

/// Makes SQLite take its memory, and use its files, through functions that fail on demand. To be called before
/// SQLite is used.
void install_sqlite_memory();
void install_sqlite_files();

} // namespace faults
