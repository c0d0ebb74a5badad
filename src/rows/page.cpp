#include "rows/page.hpp"

#include "rows/page_table.hpp"

#include <pthread.h>
#include <sys/mman.h>

#include <array>
#include <cstdlib>
#include <new>
#include <optional>
#include <utility>

namespace kith::rows {

static_assert(detail::most_row_bytes <= Page::largest_row(), "each model that the compiler lets pass fits into a page");

void Page::begin(const ModelInfo& model) noexcept {
    const auto align = model.align < 8 ? std::size_t{8} : model.align;
    model_ = &model;
    stride_ = static_cast<std::uint32_t>((model.size + align - 1) / align * align);
    used_ = 0;
    runs_.store(0, std::memory_order_relaxed);
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

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t most_spare = 0; // it shall see what uses a row that is gone
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr std::size_t most_spare = 0;
#else
constexpr std::size_t most_spare = 16;
#endif
#else
constexpr std::size_t most_spare = 16;
#endif

void free_slab(Slab* slab) noexcept {
    PageTable::remove(slab->memory, slab->pages);
    std::free(slab->memory);
    delete slab;
}

/// Single pages that a thread has freed, for its next graphs: a small load needs little more, and aligned memory is
/// dear. They stay in the PageTable, because no object is in them.
struct SpareSlabs {
    std::array<Slab*, most_spare> slabs{};
    std::size_t count{0};

    Slab* take() noexcept { return count > 0 ? slabs[--count] : nullptr; }
    bool keep(Slab* slab) noexcept {
        if (count == slabs.size()) return false;
        slabs[count++] = slab;
        return true;
    }
};

constinit thread_local SpareSlabs spare_slabs;

/// Has the spare slabs of this thread freed at its end; false if that is not possible. Unlike the destructor of a
/// thread_local object, this needs no memory that it could not do without.
bool free_at_end_of_thread() noexcept {
    static const auto key = [] {
        std::optional<pthread_key_t> made(std::in_place);
        const auto free_all = [](void*) {
            while (auto* slab = spare_slabs.take()) free_slab(slab);
        };
        if (pthread_key_create(&*made, free_all) != 0) made.reset();
        return made;
    }();
    return key && pthread_setspecific(*key, &spare_slabs) == 0;
}

/// Keeps a slab of one page that is not used any more; false if there are enough.
bool keep_spare(Slab* slab) noexcept {
    return (spare_slabs.count > 0 || free_at_end_of_thread()) && spare_slabs.keep(slab);
}

} // namespace

Slab* Slab::make(std::size_t pages) {
    if (auto* spare = pages == 1 ? spare_slabs.take() : nullptr) {
        *spare = {.memory = spare->memory, .pages = 1};
        return spare;
    }
    const auto bytes = pages * Page::bytes;
    auto* memory = std::aligned_alloc(pages == huge ? bytes : Page::bytes, bytes);
    if (memory == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    if (pages == huge) madvise(memory, bytes, MADV_HUGEPAGE); // only a hint: small pages work too
#endif
    try {
        PageTable::add(memory, pages);
        return new Slab{.memory = memory, .pages = pages};
    } catch (...) {
        PageTable::remove(memory, pages);
        std::free(memory);
        throw;
    }
}

Page* Slab::take(Graph& graph) noexcept {
    ++live;
    return new (static_cast<std::byte*>(memory) + taken++ * Page::bytes) Page(graph, *this);
}

void Slab::give_back(Slab* slab) noexcept {
    if (--slab->live == 0 && (slab->pages != 1 || !keep_spare(slab))) free_slab(slab);
}

Place place_of(const void* member) noexcept {
    auto& page = Page::of(member);
    auto* row = page.row(page.index_of(member));
    const auto offset = static_cast<std::size_t>(static_cast<const std::byte*>(member) - static_cast<std::byte*>(row));
    return {page, page.segment_of(member), row, page.model().state_at(offset)};
}

} // namespace kith::rows
