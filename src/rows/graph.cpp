#include "rows/graph.hpp"

#include <algorithm>
#include <bit>
#include <new>

namespace kith::rows {

namespace {

/// The number of pages to take at once for a segment that has `pages`: single ones for few rows, and huge slabs only if
/// the unused part of one is small beside the rows.
std::size_t next_slab(std::size_t pages) noexcept {
    constexpr std::size_t few = 4;
    constexpr std::size_t large = 16;
    if (pages < few) return 1;
    if (pages >= 2 * Slab::huge) return Slab::huge;
    return std::min(std::bit_ceil(pages + 1), large);
}

} // namespace

Graph* Graph::make(Database db) {
    auto* graph = new Graph(std::move(db));
    graph->hold();
    return graph;
}

/// The graph's own copy of a handle; null for its own database.
const Database* Graph::kept(const Database* db) {
    if (db == nullptr || *db == db_) return nullptr;
    const auto known = std::ranges::find(others_, *db);
    return known != others_.end() ? &*known : &others_.emplace_front(*db);
}

Segment& Graph::new_segment(const ModelInfo& model, FetchMode mode, Segment* owner, const Database* db) {
    const std::lock_guard lock(memory_);
    auto* segment = new Segment(*this, model, mode, owner, kept(db));
    auto*& first = owner != nullptr ? owner->lazies_ : segments_;
    segment->next_ = first;
    if (first != nullptr) first->previous_ = segment;
    first = segment;
    return *segment;
}

Page* Graph::open_page(Segment& segment) noexcept {
    auto* page = open_.take(segment.model());
    if (page == nullptr) return nullptr;
    page->open = false;
    if (page->live == 0) page->reset();
    if (page->begin_run(segment)) return page;
    if (page->live == 0) free_page(*page);
    return nullptr;
}

Page* Graph::take_page(Segment& segment) {
    const std::lock_guard lock(memory_);
    auto* page = segment.page_ == nullptr ? open_page(segment) : nullptr;
    if (page == nullptr) {
        auto& spare = segment.spare_;
        if (spare.first() == nullptr) {
            auto* slab = Slab::make(next_slab(segment.parts_.size()));
            for (auto i = slab->pages; i > 0; --i) {
                spare.push(*new (slab->page(i - 1)) Page(*this, segment.model(), *slab));
            }
        }
        page = spare.pop();
        page->begin_run(segment);
    }
    ++page->live;
    return page;
}

void Graph::return_pages(Segment& segment) noexcept {
    const std::lock_guard lock(memory_);
    free_pages(segment.spare_);
    auto* page = segment.page_;
    if (page == nullptr || open_.find(segment.model()) != nullptr) return;
    open_.push(*page);
    page->open = true;
}

void Graph::forget(Segment& segment) noexcept {
    const std::lock_guard lock(memory_);
    free_pages(segment.spare_);
    for (const auto& part : segment.parts_) {
        if (--part.page->live == 0 && !part.page->open) free_page(*part.page);
    }
    auto*& first = segment.owner_ != nullptr ? segment.owner_->lazies_ : segments_;
    if (segment.next_ != nullptr) segment.next_->previous_ = segment.previous_;
    (segment.previous_ != nullptr ? segment.previous_->next_ : first) = segment.next_;
}

void Graph::free_pages(PageList& pages) noexcept {
    while (auto* page = pages.pop()) free_page(*page);
}

void Graph::free_page(Page& page) noexcept {
    auto* slab = &page.slab();
    page.~Page();
    Slab::give_back(slab);
}

void Graph::destroy() noexcept {
    while (segments_ != nullptr) segments_->destroy();
    free_pages(open_);
    release_edges();
    delete this;
}

} // namespace kith::rows
