#include "rows/page.hpp"

#include "rows/page_table.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace kith::rows {

static_assert(detail::most_row_bytes <= Page::largest_row(), "each model that the compiler lets pass fits into a page");

Page::Page(Graph& graph, const ModelInfo& model, Slab& slab) noexcept : graph_(&graph), model_(&model), slab_(&slab) {
    const auto align = model.align < 8 ? std::size_t{8} : model.align;
    stride_ = static_cast<std::uint32_t>((model.size + align - 1) / align * align);
}

bool Page::begin_run(Segment& segment) noexcept {
    const auto runs = runs_.load(std::memory_order_relaxed);
    const auto capacity = static_cast<std::uint32_t>((bytes - sizeof(Page) - (runs + 1) * sizeof(Run)) / stride_);
    if (used_ >= capacity) return false;
    capacity_ = capacity;
    new (run(runs)) Run{&segment, used_};
    runs_.store(runs + 1, std::memory_order_release);
    return true;
}

std::size_t Page::index_of(const void* address) const noexcept {
    return static_cast<std::size_t>(static_cast<const std::byte*>(address) - base()) / stride_;
}

Segment& Page::segment_of(const void* address) const noexcept {
    const auto index = index_of(address);
    auto i = runs_.load(std::memory_order_acquire) - 1;
    while (run(i)->first > index) --i;
    return *run(i)->segment;
}

void Page::reset() noexcept {
    used_ = 0;
    runs_.store(0, std::memory_order_relaxed);
}

Slab* Slab::make(std::size_t pages) {
    const auto bytes = pages * Page::bytes;
    auto* memory = std::aligned_alloc(pages == huge ? bytes : Page::bytes, bytes);
    if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    if (pages == huge) madvise(memory, bytes, MADV_HUGEPAGE); // only a hint: small pages work too
#endif
    try {
        PageTable::add(memory, pages);
        return new Slab{.memory = memory, .pages = pages, .live = pages};
    } catch (...) {
        PageTable::remove(memory, pages);
        std::free(memory);
        throw;
    }
}

void Slab::give_back(Slab* slab) noexcept {
    if (--slab->live != 0) return;
    PageTable::remove(slab->memory, slab->pages);
    std::free(slab->memory);
    delete slab;
}

Place place_of(const void* member) noexcept {
    auto& page = Page::of(member);
    auto* row = page.row(page.index_of(member));
    const auto offset = static_cast<std::size_t>(static_cast<const std::byte*>(member) - static_cast<std::byte*>(row));
    return {page, page.segment_of(member), row, page.model().state_at(offset)};
}

} // namespace kith::rows
