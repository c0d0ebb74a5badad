#pragma once

#include <atomic>
#include <cstdint>

/// How a member knows whether its value is there: what Annotation and Lazy begin with.
namespace kith::detail {

/// Eight bytes before a value. Like a RelationState it is resident in a row of a graph, and detached anywhere else; a
/// detached one without its value remembers, and holds, the resident member that it was copied from.
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
    /// The value was just written, or is not to be read any more.
    void set_there(bool there) noexcept;
    /// The row was just made in a graph.
    void make_resident() noexcept {
        if (origin() != nullptr) set_there(false);
        word_.fetch_or(resident_bit, std::memory_order_relaxed);
    }
    /// The resident member that this one was copied from while the value was not there; null for all others.
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

/// How the core reaches the value behind a mark.
template <class Member>
struct MarkedAccess;
struct Detacher;

/// Leaves a detached member alone: without its value it knows no row to get it from any more.
void detach(ValueMark& mark) noexcept;

/// Loads the value of a Lazy column that was left out, by the fetch mode of its row. Throws FetchBlocked where the mode
/// forbids it, NotLoaded for an object that no database is known of, DoesNotExist when the row is gone.
void load_value(const ValueMark& mark);

/// Throws NotLoaded: no annotate() filled the annotation.
[[noreturn]] void throw_not_annotated(const ValueMark& mark);

} // namespace kith::detail
