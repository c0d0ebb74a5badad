#include "prefetch/attach.hpp"

#include "rows/relation_state.hpp"

#include <algorithm>

namespace kith::prefetch {

namespace {

using detail::FieldInfo;
using detail::RelationInfo;
using rows::LoadedSet;
using rows::state_of;

/// Makes `member` lead to `row`, and holds the row's graph if it is another one.
void lead_to(detail::RelationState& member, void* row) {
    if (row != nullptr && &rows::Page::of(row).graph() != &rows::Page::of(&member).graph()) {
        rows::point_at(member, rows::place_of(&member), row);
    } else {
        rows::publish_row(member, row);
    }
}

void fill_set(detail::RelationState& member, detail::RowSpan rows, const LoadedSet& set) {
    auto& graph = rows::Page::of(&member).graph();
    if (&graph != &set.segment->graph()) rows::Graph::link(graph, set.segment->graph());
    rows::publish_set(member, rows, set);
}

/// Whether each key has one row at most, in the order of the keys. False for a few rows in room for many, which would
/// be kept.
bool are_single(const Fetched& fetched) {
    const auto& rows = *fetched.rows;
    if (fetched.by_target || !fetched.result_rows.empty() || 2 * rows.size() < rows.capacity()) return false;
    return std::ranges::adjacent_find(fetched.ordinals, std::ranges::greater_equal{}) == fetched.ordinals.end();
}

/// Sets of one row at most: the fetched rows are all their lists.
class SingleRows {
public:
    SingleRows(std::size_t keys, const Fetched& fetched) : rows_(fetched.segment->keep_list(fetched.rows)) {
        if (fetched.ordinals.empty()) return;
        places_.resize(keys, none);
        for (std::size_t i = 0; i < rows_.size(); ++i) places_[fetched.ordinals[i]] = static_cast<std::uint32_t>(i);
    }

    detail::RowSpan rows_of(std::size_t key) const {
        const auto place = places_.empty() ? key : places_[key];
        if (place >= rows_.size()) return {};
        return {rows_.data() + place, 1};
    }

private:
    static constexpr std::uint32_t none = 0xffffffff;

    std::span<void* const> rows_;
    std::vector<std::uint32_t> places_; // by key, unless row `i` is that of key `i`
};

/// The rows of all sets in one allocation: those of each key together, and before several of them their number.
class Lists {
public:
    Lists(std::size_t keys, const Fetched& fetched) : ends_(keys, 0) {
        fetched.each_link([&](std::uint32_t ordinal, void*) { ++ends_[ordinal]; });
        std::size_t words = 0;
        for (const auto count : ends_) words += words_for(count);
        words_ = fetched.segment->new_list(words);
        std::size_t at = 0;
        for (auto& end : ends_) { // from their number to where they begin
            const auto count = end;
            if (count > 1) words_[at] = count;
            end = at + words_for(count) - count;
            at += words_for(count);
        }
        fetched.each_link([&](std::uint32_t ordinal, void* row) {
            words_[ends_[ordinal]++] = reinterpret_cast<std::uintptr_t>(row);
        });
    }

    detail::RowSpan rows_of(std::size_t key) const {
        const auto begin = key == 0 ? 0 : ends_[key - 1];
        const auto words = ends_[key] - begin;
        if (words == 0) return {};
        const auto count = words == 1 ? 1 : words - 1;
        return {reinterpret_cast<void* const*>(words_ + ends_[key] - count), count};
    }

private:
    static std::size_t words_for(std::size_t count) { return count > 1 ? count + 1 : count; }

    std::uintptr_t* words_;
    std::vector<std::size_t> ends_; // by key: where its rows end
};

/// Children of a reverse relation lead back to their parent, unless something is loaded there already.
void attach_parents(const FieldInfo& back, const ParentKeys& keys, const Fetched& fetched) {
    const auto parents = keys.parents();
    std::vector<void*> first;
    if (!keys.one_to_one()) {
        first.resize(keys.size());
        for (std::size_t i = parents.size(); i > 0; --i) first[keys.ordinal(i - 1)] = parents[i - 1];
    }
    fetched.each_link([&](std::uint32_t ordinal, void* row) {
        auto& member = state_of(row, back);
        if (!rows::is_loaded(member)) lead_to(member, first.empty() ? parents[ordinal] : first[ordinal]);
    });
}

/// Makes `member` lead to `row` so that reading it is noted. False for a row of another graph, which cannot note it.
bool lead_watched(detail::RelationState& member, void* row) {
    const bool can = row == nullptr || &rows::Page::of(row).graph() == &rows::Page::of(&member).graph();
    if (!can || row == nullptr) {
        lead_to(member, row);
    } else {
        rows::publish_watched_row(member, row);
    }
    return can;
}

void attach_rows(const FieldInfo& slot, const ParentKeys& keys, const Fetched& fetched,
                 const std::shared_ptr<std::atomic<bool>>& was_read) {
    std::vector<void*> row_of(keys.size(), nullptr);
    fetched.each_link([&](std::uint32_t ordinal, void* row) {
        if (row_of[ordinal] == nullptr) row_of[ordinal] = row;
    });
    const auto parents = keys.parents();
    if (was_read == nullptr) {
        for (std::size_t i = 0; i < parents.size(); ++i) lead_to(state_of(parents[i], slot), row_of[keys.ordinal(i)]);
        return;
    }
    bool all_watched = !fetched.rows->empty();
    for (std::size_t i = 0; i < parents.size(); ++i) {
        all_watched = lead_watched(state_of(parents[i], slot), row_of[keys.ordinal(i)]) && all_watched;
    }
    fetched.segment->was_read = was_read;
    if (!all_watched) fetched.segment->note_read(); // reads cannot be noted, or there is nothing to read
}

} // namespace

bool leads_back(const query::LookupNode& node) {
    const auto* back = node.relation->inverse;
    if (back == nullptr || !detail::is_to_one(back->kind)) return false;
    const auto brings = [&](const query::LookupNode& n) { return n.slot == back && n.queryset != nullptr; };
    return std::ranges::none_of(node.children, brings);
}

void attach(const query::LookupNode& node, const ParentKeys& keys, const Fetched& fetched,
            std::shared_ptr<std::atomic<bool>> was_read) {
    const auto& relation = *node.relation;
    if (relation.many) {
        auto& set = fetched.segment->new_loaded_set(relation, node.queryset);
        set.was_read = std::move(was_read);
        const auto fill_sets = [&](const auto& lists) {
            const auto parents = keys.parents();
            for (std::size_t i = 0; i < parents.size(); ++i) {
                fill_set(state_of(parents[i], *node.slot), lists.rows_of(keys.ordinal(i)), set);
            }
        };
        if (are_single(fetched)) {
            fill_sets(SingleRows(keys.size(), fetched));
        } else {
            fill_sets(Lists(keys.size(), fetched));
        }
    } else {
        attach_rows(*node.slot, keys, fetched, was_read);
    }
    if (leads_back(node)) attach_parents(*relation.inverse, keys, fetched);
}

void attach_owner(const query::SetOwner& owner, std::span<void* const> rows) {
    const auto* back = owner.relation->inverse;
    if (owner.row.get() == nullptr || back == nullptr || !detail::is_to_one(back->kind)) return;
    for (auto* row : rows) {
        auto& member = state_of(row, *back);
        if (!rows::is_loaded(member)) lead_to(member, owner.row.get());
    }
}

void attach_nothing(const RelationInfo& relation, const FieldInfo& slot, std::span<void* const> parents,
                    rows::Segment& segment, const std::shared_ptr<const detail::Query>& queryset) {
    if (parents.empty()) return;
    if (detail::is_to_one(slot.kind)) {
        for (auto* parent : parents) rows::publish_row(state_of(parent, slot), nullptr);
        return;
    }
    const auto& set = segment.new_loaded_set(relation, queryset);
    for (auto* parent : parents) fill_set(state_of(parent, slot), {}, set);
}

} // namespace kith::prefetch
