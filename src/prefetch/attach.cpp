#include "prefetch/attach.hpp"

#include "rows/to_one.hpp"

namespace kith::prefetch {

namespace {

using detail::FieldInfo;
using detail::RelationInfo;
using rows::LoadedSet;
using rows::state_of;

/// Lets `member` lead to `row`, holding its graph where that is another one.
void lead_to(detail::RelationState& member, void* row) {
    if (row != nullptr && &rows::Page::of(row).graph() != &rows::Page::of(&member).graph()) {
        rows::point_at(member, rows::place_of(&member), row);
    } else {
        rows::publish_row(member, row);
    }
}

void fill_set(detail::RelationState& member, std::uintptr_t* list, const LoadedSet& set) {
    rows::Graph::link(rows::Page::of(&member).graph(), set.segment->graph());
    rows::publish_set(member, list, set);
}

/// The lists of all sets in one allocation: per key the number of its rows, then the rows.
std::vector<std::uintptr_t*> build_lists(std::size_t keys, const Fetched& fetched) {
    std::vector<std::size_t> counts(keys, 0);
    for (const auto ordinal : fetched.link_ordinals) ++counts[ordinal];
    auto* words = fetched.segment->new_list(fetched.link_rows.size() + keys);
    std::vector<std::uintptr_t*> lists(keys);
    std::vector<std::uintptr_t*> next(keys);
    for (std::size_t i = 0; i < keys; ++i) {
        if (counts[i] == 0) continue;
        lists[i] = words;
        *words = counts[i];
        next[i] = words + 1;
        words += counts[i] + 1;
    }
    for (std::size_t i = 0; i < fetched.link_rows.size(); ++i) {
        *next[fetched.link_ordinals[i]]++ = reinterpret_cast<std::uintptr_t>(fetched.link_rows[i]);
    }
    return lists;
}

/// Children of a reverse relation lead back to their parent, unless something is loaded there already.
void attach_parents(const FieldInfo& back, const ParentKeys& keys, const Fetched& fetched) {
    std::vector<void*> first(keys.size(), nullptr);
    for (std::size_t i = keys.parents.size(); i > 0; --i) first[keys.ordinals[i - 1]] = keys.parents[i - 1];
    for (std::size_t i = 0; i < fetched.link_rows.size(); ++i) {
        auto& member = state_of(fetched.link_rows[i], back);
        if (!rows::is_loaded(member)) lead_to(member, first[fetched.link_ordinals[i]]);
    }
}

void attach_rows(const FieldInfo& slot, const ParentKeys& keys, const Fetched& fetched) {
    std::vector<void*> row_of(keys.size(), nullptr);
    for (std::size_t i = fetched.link_rows.size(); i > 0; --i) {
        row_of[fetched.link_ordinals[i - 1]] = fetched.link_rows[i - 1];
    }
    for (std::size_t i = 0; i < keys.parents.size(); ++i) {
        lead_to(state_of(keys.parents[i], slot), row_of[keys.ordinals[i]]);
    }
}

}  // namespace

void attach(const RelationInfo& relation, const FieldInfo& slot, const ParentKeys& keys, const Fetched& fetched,
            const std::shared_ptr<const detail::Query>& queryset) {
    if (relation.many) {
        const auto& set = fetched.segment->new_loaded_set(relation, queryset);
        const auto lists = build_lists(keys.size(), fetched);
        for (std::size_t i = 0; i < keys.parents.size(); ++i) {
            fill_set(state_of(keys.parents[i], slot), lists[keys.ordinals[i]], set);
        }
    } else {
        attach_rows(slot, keys, fetched);
    }
    const auto* back = relation.inverse;
    if (back != nullptr && detail::is_to_one(back->kind)) attach_parents(*back, keys, fetched);
}

void attach_nothing(const RelationInfo& relation, const FieldInfo& slot, std::span<void* const> parents, rows::Segment& segment,
                    const std::shared_ptr<const detail::Query>& queryset) {
    if (parents.empty()) return;
    if (detail::is_to_one(slot.kind)) {
        for (auto* parent : parents) rows::publish_row(state_of(parent, slot), nullptr);
        return;
    }
    const auto& set = segment.new_loaded_set(relation, queryset);
    for (auto* parent : parents) fill_set(state_of(parent, slot), nullptr, set);
}

}  // namespace kith::prefetch
