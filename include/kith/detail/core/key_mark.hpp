#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <type_traits>

/// How a row whose key is 0, empty or nil is known to be saved.
///
/// A row with any other key needs no such knowledge. For these rows, the place of the key decides: a row in a graph is
/// saved, any other row is not. A mark makes the key an exception: it marks a copy of a saved row as saved, and a row
/// in a graph whose key was taken away as not saved. Marks are stored apart from the rows (src/rows/saved.cpp), because
/// a key has no spare bit, and eight more bytes in each row would be a cost for all rows that need no mark. Members
/// that are primary keys update their marks when they are copied, assigned and destroyed.
namespace kith::detail {

/// Whether a key has the value that a new object has: 0, empty or nil.
template <class T>
constexpr bool looks_unset(const T& key) noexcept {
    if constexpr (requires { key.has_value(); }) {
        return !key.has_value() || looks_unset(*key);
    } else if constexpr (requires { key.is_nil(); }) {
        return key.is_nil();
    } else if constexpr (requires { key.empty(); }) {
        return key.empty();
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
        return key == T{};
    } else {
        return false;
    }
}

/// The number of marks in the program.
inline constinit std::atomic<std::size_t> key_marks{0};

/// Notes that the key at `to` was made from the one at `from`: it is saved if that one is. Throws std::bad_alloc; in a
/// move, which must not throw, that ends the program.
void copy_key_mark(const void* to, const void* from);
/// Notes that the key at `key` was taken away: saving its row inserts a new one.
void mark_unsaved(const void* key);
void drop_key_mark(const void* key) noexcept;

template <class T>
constexpr void note_copied_key(const T& to, const T& from) {
    if (std::is_constant_evaluated() || !looks_unset(to)) return;
    copy_key_mark(std::addressof(to), std::addressof(from));
}

template <class T>
void note_assigned_key(const T& key) {
    if (looks_unset(key)) mark_unsaved(std::addressof(key));
}

/// Must be called for every key, whatever its value: the program may have changed the value without its member.
template <class T>
constexpr void note_destroyed_key(const T& key) noexcept {
    if (std::is_constant_evaluated()) return;
    // A mark of this key was set earlier, by this thread or by one that it is synchronized with.
    if (key_marks.load(std::memory_order_relaxed) != 0) [[unlikely]]
        drop_key_mark(std::addressof(key));
}

} // namespace kith::detail
