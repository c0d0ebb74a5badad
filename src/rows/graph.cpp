#include "rows/graph.hpp"

#include <algorithm>
#include <bit>

namespace kith::rows {

namespace {

/// The number of pages to allocate at once for a graph that has `pages`: single ones for few rows, and huge slabs only
/// if the unused part of one is small beside the rows.
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
    if (page->live == 0) page->begin(segment.model());
    if (page->begin_run(segment)) return page;
    if (page->live == 0) let_go(*page);
    return nullptr;
}

Page* Graph::new_page() {
    if (auto* page = spare_.pop()) return page;
    if (slab_ == nullptr || slab_->is_used_up()) {
        auto* slab = Slab::make(next_slab(pages_));
        if (slab_ != nullptr) Slab::give_back(slab_);
        slab_ = slab;
    }
    ++pages_;
    return slab_->take(*this);
}

Page* Graph::take_page(Segment& segment) {
    const std::lock_guard lock(memory_);
    auto* page = segment.page_ == nullptr ? open_page(segment) : nullptr;
    if (page == nullptr) {
        page = new_page();
        page->begin(segment.model());
        page->begin_run(segment);
    }
    ++page->live;
    return page;
}

void Graph::open_last_page(Segment& segment) noexcept {
    const std::lock_guard lock(memory_);
    auto* page = segment.page_;
    if (page == nullptr || open_.find(segment.model()) != nullptr) return;
    open_.push(*page);
    page->open = true;
}

void Graph::forget(Segment& segment) noexcept {
    const std::lock_guard lock(memory_);
    for (const auto& part : segment.parts_.all()) {
        if (--part.page->live == 0 && !part.page->open) let_go(*part.page);
    }
    auto*& first = segment.owner_ != nullptr ? segment.owner_->lazies_ : segments_;
    if (segment.next_ != nullptr) segment.next_->previous_ = segment.previous_;
    (segment.previous_ != nullptr ? segment.previous_->next_ : first) = segment.next_;
}

void Graph::free_pages(PageList& pages) noexcept {
    while (auto* page = pages.pop()) free_page(*page);
}

void Graph::let_go(Page& page) noexcept {
    if (keeps_pages_) return spare_.push(page);
    free_page(page);
}

void Graph::free_page(Page& page) noexcept {
    auto* slab = &page.slab();
    page.~Page();
    --pages_;
    Slab::give_back(slab);
}

void Graph::destroy_segments() noexcept {
    while (segments_ != nullptr) segments_->destroy();
}

bool Graph::clear() noexcept {
    if (!is_held_once()) return false;
    keeps_pages_ = true;
    destroy_segments();
    keeps_pages_ = false;
    release_edges();
    return true;
}

void Graph::destroy() noexcept {
    destroy_segments();
    free_pages(open_);
    free_pages(spare_);
    if (slab_ != nullptr) Slab::give_back(slab_);
    release_edges();
    delete this;
}

} // namespace kith::rows
