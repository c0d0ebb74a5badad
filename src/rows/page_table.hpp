#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace kith::rows {

/// Which addresses are in pages of rows, organized like the processor's own page tables: one bit per page, found in
/// three steps. For objects that do not know whether they are in a graph. A query takes no lock, and the memory grows
/// with the range of addresses in use, 4 KiB for each 128 MiB of it, never with the number of rows.
class PageTable {
public:
    static bool holds(const void* address) noexcept;

    /// `count` pages from `first` on hold rows from now on. Throws std::bad_alloc.
    static void add(const void* first, std::size_t count);
    /// These pages no longer hold rows.
    static void remove(const void* first, std::size_t count) noexcept;

private:
    static constexpr unsigned page_bits = 12;
    static constexpr unsigned leaf_bits = 15;
    static constexpr unsigned middle_bits = 10;
    static constexpr unsigned top_bits = 48 - page_bits - leaf_bits - middle_bits; // user space has at most 48 bits

    struct Leaf {
        std::atomic<std::uint64_t> words[(std::size_t{1} << leaf_bits) / 64]{};
    };
    struct Middle {
        std::atomic<Leaf*> leaves[std::size_t{1} << middle_bits]{};
    };

    static std::uint64_t number_of(const void* address) noexcept;
    static std::size_t middle_index(std::uint64_t page) noexcept;
    static std::size_t leaf_index(std::uint64_t page) noexcept;
    static std::size_t word_index(std::uint64_t page) noexcept;
    static Leaf* find(std::uint64_t page) noexcept;
    static Leaf& find_or_make(std::uint64_t page);

    static std::atomic<Middle*> top_[std::size_t{1} << top_bits];
};

} // namespace kith::rows
