#include "faults/injection.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace faults {
namespace {

std::atomic<Kind> armed{Kind::none};
std::atomic<bool> counting{false};
constexpr auto kinds = static_cast<std::size_t>(Kind::repeat_received) + 1;
std::array<std::atomic<std::uint64_t>, kinds> counts{};

std::atomic<std::uint64_t>& count_of(Kind kind) noexcept { return counts[static_cast<std::size_t>(kind)]; }
std::atomic<std::uint64_t> failing{0};
std::atomic<bool> persisting{false};
std::atomic<bool> fired{false};

sqlite3_mem_methods plain;

void* allocate(int bytes) { return fails(Kind::sqlite_memory) ? nullptr : plain.xMalloc(bytes); }
void* reallocate(void* old, int bytes) { return fails(Kind::sqlite_memory) ? nullptr : plain.xRealloc(old, bytes); }

void* take(std::size_t bytes) noexcept {
    return fails(Kind::operator_new) ? nullptr : std::malloc(bytes != 0 ? bytes : 1);
}
void* take_aligned(std::size_t bytes, std::align_val_t alignment) noexcept {
    const auto align = static_cast<std::size_t>(alignment);
    return fails(Kind::operator_new) ? nullptr : std::aligned_alloc(align, (bytes + align - 1) / align * align);
}

} // namespace

std::string_view name_of(Kind kind) {
    constexpr std::array names{
        "none",           "new",      "sqlite-memory", "read",  "write",  "torn-write",     "sync",
        "size",           "truncate", "lock",          "open",  "remove", "access",         "map",
        "map-lock",       "cut",      "tear",          "split", "delay",  "delay-too-long", "repeat-sent",
        "repeat-received"};
    return names.at(static_cast<std::size_t>(kind));
}

void arm(Kind kind, std::uint64_t at, bool persists) noexcept {
    counting = false;
    count_of(kind) = 0;
    failing = at;
    persisting = persists;
    fired = false;
    armed = kind;
}

void count() noexcept {
    armed = Kind::none;
    for (auto& one : counts) one = 0;
    counting = true;
}

std::uint64_t counted(Kind kind) noexcept { return count_of(kind); }

void disarm() noexcept {
    armed = Kind::none;
    counting = false;
}

bool has_fired() noexcept { return fired; }

bool fails(Kind kind) noexcept {
    if (counting.load(std::memory_order_relaxed)) count_of(kind).fetch_add(1);
    if (armed.load(std::memory_order_relaxed) != kind) return false;
    const auto number = count_of(kind).fetch_add(1) + 1;
    const auto at = failing.load();
    if (number < at || (number > at && !persisting)) return false;
    fired = true;
    return true;
}

void install_sqlite_memory() {
    sqlite3_mem_methods replaced{};
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) != SQLITE_OK) throw std::runtime_error("SQLite is in use");
    replaced = plain;
    replaced.xMalloc = allocate;
    replaced.xRealloc = reallocate;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &replaced) != SQLITE_OK) throw std::runtime_error("SQLite is in use");
    // Each connection has a reserve of small pieces, which would hide most calls.
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}

} // namespace faults

// ---- operator new of the whole program

// NOLINTBEGIN(misc-new-delete-overloads): all forms are here
void* operator new(std::size_t bytes) {
    if (auto* memory = faults::take(bytes)) return memory;
    throw std::bad_alloc();
}
void* operator new[](std::size_t bytes) { return operator new(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return faults::take(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return faults::take(bytes); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    if (auto* memory = faults::take_aligned(bytes, alignment)) return memory;
    throw std::bad_alloc();
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return operator new(bytes, alignment); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
// NOLINTEND(misc-new-delete-overloads)
