#include "rows/segment.hpp"

#include "query/query.hpp"
#include "rows/graph.hpp"
#include "rows/relation_state.hpp"
#include "rows/value_mark.hpp"

#include <algorithm>

namespace kith::rows {

Segment::Segment(Graph& graph, const ModelInfo& model, FetchMode mode, Segment* owner, const Database* db)
    : graph_(graph), model_(model), mode_(mode), owner_(owner), db_(db) {
    put_below(owner != nullptr ? static_cast<Holdable&>(*owner) : graph);
}

void* Segment::append_to_new_page() {
    parts_.make_room(); // first, so that nothing fails after the page is taken
    page_ = graph_.take_page(*this);
    parts_.add({page_, page_->used(), 1});
    return page_->append();
}

void* Segment::append() {
    auto* row = append_raw();
    model_.construct(row);
    ++size_;
    for (const auto& [offset, link] : model_.initial_links) {
        reinterpret_cast<RelationState*>(static_cast<std::byte*>(row) + offset)
            ->link.store(link, std::memory_order_relaxed);
    }
    for (const auto* field : model_.marked) mark_of(row, *field).make_resident();
    return row;
}

void* Segment::append_copy(const void* from) {
    auto* row = append_raw();
    model_.copy(row, from);
    ++size_;
    for (const auto* field : model_.states) make_resident(state_of(row, *field), *field, *this);
    for (const auto* field : model_.marked) mark_of(row, *field).make_resident();
    return row;
}

const Database& Segment::db() const noexcept { return db_ != nullptr ? *db_ : graph_.db(); }

void Segment::finish() noexcept {
    graph_.open_last_page(*this);
    page_ = nullptr;
}

std::uintptr_t* Segment::new_list(std::size_t words) {
    return lists_.add(std::make_unique_for_overwrite<std::uintptr_t[]>(words)).get();
}

LoadedSet& Segment::new_loaded_set(const detail::RelationInfo& relation,
                                   std::shared_ptr<const detail::Query> queryset) {
    return loaded_sets_.emplace_front(LoadedSet{this, &relation, std::move(queryset)});
}

void Segment::pin() noexcept {
    for (auto* segment = this; segment != nullptr && segment->owner_ != nullptr; segment = segment->owner_) {
        if (segment->pinned_.exchange(true)) return;
        segment->owners_.fetch_add(1, std::memory_order_acq_rel);
    }
}

void Segment::drop_owner() noexcept {
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
}

void Segment::destroy() noexcept {
    while (lazies_ != nullptr) lazies_->destroy();
    for (const auto& part : parts_.all()) {
        // A row whose construction threw is the last of the last part and was never counted.
        const auto count = std::min(part.count, size_);
        for (std::size_t i = 0; i < count; ++i) model_.destroy(part.page->row(part.first + i));
        size_ -= count;
    }
    graph_.forget(*this);
    delete this;
}

} // namespace kith::rows
