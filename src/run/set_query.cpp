#include "run/set_query.hpp"

#include "query/default_query.hpp"
#include "query/refine.hpp"
#include "rows/graph.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"

#include <kith/error.hpp>

namespace kith::run {

const detail::RelationState& resident_set(const detail::RelationState& set) {
    if (set.is_resident()) return set; // NOLINT(bugprone-return-const-ref-from-parameter): a member of a row
    const auto member = rows::read_detached(set);
    if (member.origin == nullptr) {
        throw ValueError("this object needs to be saved before its sets can be used: db.save(object)");
    }
    return *member.origin;
}

std::shared_ptr<const detail::Query> query_of_set(const detail::RelationState& set) {
    const auto place = rows::place_of(&set);
    rows::require_saved(place.row, place.page.model(), "using its sets");
    const auto& relation = *place.field.relation;
    const auto& db = place.segment.db();
    const auto loaded = set.is_loaded_resident() ? rows::loaded_set(set).queryset : nullptr;
    const auto from = loaded != nullptr ? loaded : query::default_query(*relation.target, db);
    auto query = from != nullptr ? std::make_shared<detail::Query>(*from)
                                 : std::make_shared<detail::Query>(detail::Query{.model = relation.target, .db = db});
    if (loaded != nullptr) query->lookups.clear();
    // A Prefetch with the set of another instance as queryset: its rows must be in that set as well.
    if (query->owner) query->filters.push_back({.conditions = {query::in_set(*query)}});
    query->owner = {&relation, rows::read_values(place.row, relation.source_columns), detail::RowHandle(place.row)};
    if (!query->mode) query->mode = place.segment.mode();
    return query;
}

void forget_set(const detail::RelationState& set) noexcept {
    const auto place = rows::place_of(&set);
    for (const auto* field : place.page.model().states) {
        auto& state = rows::state_of(place.row, *field);
        const bool same_slot = field->kind == detail::MemberKind::prefetched_set && state.is_loaded_resident() &&
                               rows::loaded_set(state).relation == place.field.relation;
        if (field == &place.field || same_slot) rows::forget_loaded(state, rows::place_of(&state));
    }
}

} // namespace kith::run
