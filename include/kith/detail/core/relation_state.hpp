#pragma once

#include <kith/detail/core/value.hpp>

#include <atomic>
#include <cstdint>

/// The content of every relation member.
///
/// A row is *resident* if it is in a page of a graph (src/rows), and *detached* anywhere else: on the stack, in a
/// vector, in a page under construction. A resident member finds its row, model and graph by masking its own address;
/// a detached one holds the graph that it came from. Copy and move construction always detach.
namespace kith::detail {

/// The state of one relation member: 16 bytes.
///
/// `link` is read without a lock: release on publication, acquire on reading. Its three low bits say what the rest is.
///
///     resident, bit 0 set:   bit 1 clear: not loaded
///                            bit 1 set:   loaded; the rest is the target row, the rows of the set, or a mark (below)
///                            bit 2 set:   to-one: a LoadingDetector wants to know whether the target row is read;
///                                         a set: it has one row, and the rest is where the row's address is
///     detached, bit 0 clear: bits 2..1 = 00: 0 (null), key_only, or the address of a DetachedKey
///                            01: copied from the resident member at that address, whose graph it holds
///                            10: holds the resident row at that address
///                            11: as 01, with a null key
struct RelationState {
    static constexpr std::uintptr_t resident_bit = 1;
    static constexpr std::uintptr_t loaded_bit = 2;
    static constexpr std::uintptr_t watched_bit = 4; // of a to-one member
    static constexpr std::uintptr_t single_bit = 4;  // of a set
    static constexpr std::uintptr_t tag_bits = 7;

    static constexpr std::uintptr_t copied = 2; // detached tags
    static constexpr std::uintptr_t held = 4;
    static constexpr std::uintptr_t copied_null = 6;

    static constexpr std::uintptr_t null_key = 8;  // marks: the key is NULL, nothing to load
    static constexpr std::uintptr_t missing = 16;  // the key is set, but there is no row; or the set is empty
    static constexpr std::uintptr_t key_only = 24; // detached: a key and no database
    static constexpr std::uintptr_t least_address = 4096;

    std::atomic<std::uintptr_t> link{0};
    std::uint64_t key{0}; ///< to-one: the key, or where it is stored; sets: the LoadedSet that filled it

    RelationState() noexcept = default;
    RelationState(const RelationState& other) : RelationState() { copy_from(other); }
    // NOLINTNEXTLINE(performance-noexcept-move-constructor): moving copies, because rows stay where they are
    RelationState(RelationState&& other) : RelationState() { copy_from(other); }
    RelationState& operator=(const RelationState& other);
    ~RelationState() {
        if (const auto l = link.load(std::memory_order_relaxed); (l & resident_bit) == 0 && l != 0) drop();
    }

    bool is_resident() const noexcept { return (link.load(std::memory_order_relaxed) & resident_bit) != 0; }
    bool is_loaded_resident() const noexcept {
        return (link.load(std::memory_order_acquire) & (resident_bit | loaded_bit)) == (resident_bit | loaded_bit);
    }

    /// Returns the loaded target of a resident to-one member, else null; null also if reading it must be noted. The
    /// fast path of `person.hometown->name`.
    void* loaded_row() const noexcept {
        const auto l = link.load(std::memory_order_acquire);
        return (l & tag_bits) == (resident_bit | loaded_bit) ? target(l) : nullptr;
    }
    /// As loaded_row(), whether or not reading must be noted: for access by Kith itself.
    void* peek_row() const noexcept {
        const auto l = link.load(std::memory_order_acquire);
        return (l & (resident_bit | loaded_bit)) == (resident_bit | loaded_bit) ? target(l) : nullptr;
    }

private:
    static void* target(std::uintptr_t l) noexcept {
        const auto address = l & ~tag_bits;
        return address < least_address ? nullptr : reinterpret_cast<void*>(address);
    }
    void copy_from(const RelationState& other);
    void drop() noexcept;
};
static_assert(sizeof(RelationState) == 16);

} // namespace kith::detail
