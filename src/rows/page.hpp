#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/relation_state.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace kith::rows {

using detail::FieldInfo;
using detail::ModelInfo;

class Graph;
class Segment;
struct Slab;

/// 4 KiB of rows of one model and one graph, aligned to its size, so that the address of anything inside a row leads to
/// its page. Rows fill it from the front; its end lists which segment the rows belong to, one entry per run of rows, so
/// that small segments can share a page.
class alignas(16) Page {
public:
    static constexpr std::size_t bytes = 4096;

    static Page& of(const void* address) noexcept {
        return *reinterpret_cast<Page*>(reinterpret_cast<std::uintptr_t>(address) & ~(std::uintptr_t{bytes} - 1));
    }

    Page(Graph& graph, Slab& slab) noexcept : graph_(&graph), slab_(&slab) {}

    Graph& graph() const noexcept { return *graph_; }
    const ModelInfo& model() const noexcept { return *model_; }
    Slab& slab() const noexcept { return *slab_; }

    /// Starts the rows of another segment. False if there is no room for one more row.
    bool begin_run(Segment& segment) noexcept;
    /// Raw memory for the next row of the last run, or null if the page is full.
    void* append() noexcept { return used_ < capacity_ ? row(used_++) : nullptr; }

    std::size_t used() const noexcept { return used_; }
    void* row(std::size_t index) noexcept { return base() + index * stride_; }
    std::size_t index_of(const void* address) const noexcept;
    Segment& segment_of(const void* address) const noexcept;

    /// Segments that have rows here. Changed under the graph's memory lock, like `open`.
    std::uint32_t live{0};
    /// Whether the page waits in its graph for another segment.
    bool open{false};
    /// The next page in the list that this one is in, while it is open or spare.
    Page* next{nullptr};

    /// Forgets all rows, which must be destroyed: rows of `model` can fill the page anew.
    void begin(const ModelInfo& model) noexcept;

    /// The maximum size of a row in bytes.
    static constexpr std::size_t largest_row() noexcept { return bytes - sizeof(Page) - sizeof(Run); }

private:
    struct Run {
        Segment* segment;
        std::size_t first;
    };

    std::byte* base() noexcept { return reinterpret_cast<std::byte*>(this) + sizeof(Page); }
    const std::byte* base() const noexcept { return reinterpret_cast<const std::byte*>(this) + sizeof(Page); }
    Run* run(std::size_t i) const noexcept {
        return reinterpret_cast<Run*>(reinterpret_cast<std::uintptr_t>(this) + bytes) - (i + 1);
    }
    Graph* graph_;
    const ModelInfo* model_{nullptr};
    Slab* slab_;
    std::uint32_t stride_{0};
    std::uint32_t used_{0};
    std::uint32_t capacity_{0};          // rows that fit beside the present runs
    std::atomic<std::uint32_t> runs_{0}; // readers of other segments look at it while a run is added
};

/// Several pages in one allocation, taken one after the other: memory that no page needs is never accessed.
struct Slab {
    /// The number of pages that fill a huge page of the processor, 2 MiB. A slab of this size is aligned to it, and the
    /// system is asked for a huge page: otherwise the first access to each of our pages costs a page fault.
    static constexpr std::size_t huge = 512;

    void* memory{nullptr};
    std::size_t pages{0};
    std::size_t taken{0}; ///< pages that were taken
    std::size_t live{1};  ///< pages in use, and one for who takes pages; the slab is freed with the last

    static Slab* make(std::size_t pages);
    bool is_used_up() const noexcept { return taken == pages; }
    /// The next page.
    Page* take(Graph& graph) noexcept;
    static void give_back(Slab* slab) noexcept;
};

/// A list of pages, through Page::next.
class PageList {
public:
    Page* first() const noexcept { return first_; }
    void push(Page& page) noexcept {
        page.next = first_;
        first_ = &page;
    }
    Page* pop() noexcept {
        auto* page = first_;
        if (page != nullptr) first_ = page->next;
        return page;
    }
    Page* find(const ModelInfo& model) const noexcept {
        auto* page = first_;
        while (page != nullptr && &page->model() != &model) page = page->next;
        return page;
    }
    /// Removes and returns the page of `model`; null if there is none.
    Page* take(const ModelInfo& model) noexcept {
        for (auto** at = &first_; *at != nullptr; at = &(*at)->next) {
            if (&(*at)->model() != &model) continue;
            auto* page = *at;
            *at = page->next;
            return page;
        }
        return nullptr;
    }

private:
    Page* first_{nullptr};
};

/// The place of a resident relation member.
struct Place {
    Page& page;
    Segment& segment;
    void* row;
    const FieldInfo& field;
};

Place place_of(const void* member) noexcept;

inline detail::RelationState& state_of(void* row, const FieldInfo& field) noexcept {
    return *reinterpret_cast<detail::RelationState*>(static_cast<std::byte*>(row) + field.offset);
}

} // namespace kith::rows
