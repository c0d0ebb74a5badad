#pragma once

#include <atomic>
#include <cstdint>

/// How an Annotation and a Lazy column know whether their value is there.
namespace kith::detail {

/// The first eight bytes of such a member. Like a RelationState, a mark is resident in a row of a graph, and detached
/// anywhere else. A detached mark without a value remembers and holds the resident member that it was copied from.
class ValueMark {
public:
    explicit ValueMark(bool there) noexcept : word_(there ? there_bit : 0) {}
    ValueMark(const ValueMark& other) noexcept : ValueMark(false) { copy_from(other); }
    ValueMark& operator=(const ValueMark& other) noexcept;
    ~ValueMark() {
        if (word_.load(std::memory_order_relaxed) >= least_address) drop();
    }

    bool is_there() const noexcept { return (word_.load(std::memory_order_acquire) & there_bit) != 0; }
    bool is_resident() const noexcept { return (word_.load(std::memory_order_relaxed) & resident_bit) != 0; }
    /// To be called after the value was written, or (false) when it must not be read any more.
    void set_there(bool there) noexcept;
    /// To be called when the row was made in a graph.
    void make_resident() noexcept {
        if (origin() != nullptr) set_there(false);
        word_.fetch_or(resident_bit, std::memory_order_relaxed);
    }
    /// Returns the resident member that this one was copied from while the value was not there; null for all others.
    const ValueMark* origin() const noexcept;

private:
    static constexpr std::uintptr_t resident_bit = 1;
    static constexpr std::uintptr_t there_bit = 2;
    static constexpr std::uintptr_t least_address = 8;

    void copy_from(const ValueMark& other) noexcept;
    void drop() noexcept;

    std::atomic<std::uintptr_t> word_;
};
static_assert(sizeof(ValueMark) == 8);

/// How the core accesses the value behind a mark.
template <class Member>
struct MarkedAccess;
struct Detacher;

/// Makes a detached member forget the row that it was copied from: if its value is not there, it cannot be loaded.
void detach(ValueMark& mark) noexcept;

/// Loads the value of a Lazy column that was left out, by the fetch mode of its row: one statement. Throws FetchBlocked
/// if the mode forbids it, NotLoaded if there is no database to load it from, DoesNotExist if the row no longer exists.
void load_value(const ValueMark& mark);

/// Throws NotLoaded: the annotation was read, but no annotate() filled it.
[[noreturn]] void throw_not_annotated(const ValueMark& mark);

} // namespace kith::detail
