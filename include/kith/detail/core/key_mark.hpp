#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <type_traits>

/// How a row knows that it is saved while its key looks as if none was given.
///
/// A row whose key is not 0, empty or nil has a key, and nothing else needs to be known of it. For the others the place
/// of the key tells: one that lies in a graph is saved, any other is not. A mark says that a key is the exception: of a
/// copy of a saved row that it is saved, of a row in a graph that its key was taken away. Marks are kept apart from the
/// rows (src/rows/saved.cpp), because a key has no bit to spare: 0 to the last of its bits is a key, and eight bytes
/// more in each row would be paid for by all rows that need no mark. Members that serve as primary key keep their marks
/// right when they are copied, assigned and destroyed.
namespace kith::detail {

/// Whether a key is as a fresh object has it: 0, empty or nil.
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

/// How many marks there are in the program.
inline constinit std::atomic<std::size_t> key_marks{0};

/// The key at `to` was made from the one at `from`: it is as saved as that. Throws std::bad_alloc; moves, which must
/// not throw, end the program then.
void copy_key_mark(const void* to, const void* from);
/// The key at `key` was taken away: its row is a new one.
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

/// To be called for every key, whatever its value: it may have been changed behind the back of its member.
template <class T>
constexpr void note_destroyed_key(const T& key) noexcept {
    if (std::is_constant_evaluated()) return;
    // The mark of this key was made before, by this thread or one that this one knows of.
    if (key_marks.load(std::memory_order_relaxed) != 0) [[unlikely]]
        drop_key_mark(std::addressof(key));
}

} // namespace kith::detail
