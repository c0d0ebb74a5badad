#include "rows/page_table.hpp"

#include "rows/page.hpp"

#include <algorithm>
#include <memory>

namespace kith::rows {

static_assert(Page::bytes == 4096, "the table has a bit for each page");

constinit std::atomic<PageTable::Middle*> PageTable::top_[std::size_t{1} << top_bits]{};

namespace {

constexpr std::uint64_t low(std::uint64_t number, unsigned bits) noexcept {
    return number & ((std::uint64_t{1} << bits) - 1);
}

/// The node that `slot` leads to; the first caller makes it.
template <class Node>
Node& node_behind(std::atomic<Node*>& slot) {
    auto* node = slot.load(std::memory_order_acquire);
    if (node != nullptr) return *node;
    auto made = std::make_unique<Node>();
    if (slot.compare_exchange_strong(node, made.get(), std::memory_order_acq_rel)) return *made.release();
    return *node;
}

/// Calls `change(page, bits)` for each word that has bits of the pages.
template <class Change>
void each_word(std::uint64_t page, std::size_t count, const Change& change) {
    while (count > 0) {
        const auto first = page % 64;
        const auto here = std::min<std::size_t>(count, 64 - first);
        const auto ones = here == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << here) - 1;
        change(page, ones << first);
        page += here;
        count -= here;
    }
}

} // namespace

std::uint64_t PageTable::number_of(const void* address) noexcept {
    return low(static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(address)), 48) >> page_bits;
}
std::size_t PageTable::middle_index(std::uint64_t page) noexcept { return page >> (leaf_bits + middle_bits); }
std::size_t PageTable::leaf_index(std::uint64_t page) noexcept { return low(page >> leaf_bits, middle_bits); }
std::size_t PageTable::word_index(std::uint64_t page) noexcept { return low(page, leaf_bits) / 64; }

PageTable::Leaf* PageTable::find(std::uint64_t page) noexcept {
    auto* middle = top_[middle_index(page)].load(std::memory_order_acquire);
    return middle == nullptr ? nullptr : middle->leaves[leaf_index(page)].load(std::memory_order_acquire);
}

PageTable::Leaf& PageTable::find_or_make(std::uint64_t page) {
    return node_behind(node_behind(top_[middle_index(page)]).leaves[leaf_index(page)]);
}

bool PageTable::holds(const void* address) noexcept {
    const auto page = number_of(address);
    const auto* leaf = find(page);
    // The page of a live object was added before, by this thread or by one that this thread synchronized with.
    return leaf != nullptr && (leaf->words[word_index(page)].load(std::memory_order_relaxed) >> page % 64 & 1) != 0;
}

void PageTable::add(const void* first, std::size_t count) {
    const auto begin = number_of(first);
    each_word(begin, count, [](std::uint64_t page, std::uint64_t) { (void)find_or_make(page); });
    each_word(begin, count, [](std::uint64_t page, std::uint64_t bits) {
        find(page)->words[word_index(page)].fetch_or(bits, std::memory_order_relaxed);
    });
}

void PageTable::remove(const void* first, std::size_t count) noexcept {
    each_word(number_of(first), count, [](std::uint64_t page, std::uint64_t bits) {
        auto* leaf = find(page); // null if add() threw
        if (leaf != nullptr) leaf->words[word_index(page)].fetch_and(~bits, std::memory_order_relaxed);
    });
}

} // namespace kith::rows
