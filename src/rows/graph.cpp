#include "rows/graph.hpp"

#include <algorithm>
#include <bit>
#include <new>

namespace kith::rows {

namespace {

/// The number of pages to take at once for a segment that has `pages`: few for few rows, and huge slabs only if the
/// unused part of one is small beside the rows.
std::size_t next_slab(std::size_t pages) noexcept {
    constexpr std::size_t large = 16;
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
    return known != others_.end() ? &*known : &others_.emplace_back(*db);
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
    const auto at = std::ranges::find(open_, &segment.model(), &OpenPage::model);
    if (at == open_.end()) return nullptr;
    auto* page = at->page;
    *at = open_.back();
    open_.pop_back();
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
        if (spare.empty()) {
            const auto pages = next_slab(segment.parts_.size());
            spare.reserve(pages);
            auto* slab = Slab::make(pages);
            for (auto i = slab->pages; i > 0; --i) {
                spare.push_back(new (slab->page(i - 1)) Page(*this, segment.model(), *slab));
            }
        }
        page = spare.back();
        spare.pop_back();
        page->begin_run(segment);
    }
    ++page->live;
    return page;
}

void Graph::return_pages(Segment& segment) noexcept {
    const std::lock_guard lock(memory_);
    for (auto* page : segment.spare_) free_page(*page);
    segment.spare_.clear();
    auto* page = segment.page_;
    if (page == nullptr || std::ranges::find(open_, &segment.model(), &OpenPage::model) != open_.end()) return;
    try {
        open_.push_back({&segment.model(), page});
        page->open = true;
    } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch): the rest of the page remains unused
    }
}

void Graph::forget(Segment& segment) noexcept {
    const std::lock_guard lock(memory_);
    for (auto* page : segment.spare_) free_page(*page);
    for (const auto& part : segment.parts_) {
        if (--part.page->live == 0 && !part.page->open) free_page(*part.page);
    }
    auto*& first = segment.owner_ != nullptr ? segment.owner_->lazies_ : segments_;
    if (segment.next_ != nullptr) segment.next_->previous_ = segment.previous_;
    (segment.previous_ != nullptr ? segment.previous_->next_ : first) = segment.next_;
}

void Graph::free_page(Page& page) noexcept {
    auto* slab = &page.slab();
    page.~Page();
    Slab::give_back(slab);
}

void Graph::destroy() noexcept {
    while (segments_ != nullptr) segments_->destroy();
    for (const auto& open : open_) free_page(*open.page);
    release_edges();
    delete this;
}

} // namespace kith::rows
