#pragma once

#include "query/query.hpp"

#include <kith/detail/core/relation_state.hpp>

#include <memory>

namespace kith::run {

/// The resident member behind a set, whether `set` is it or a copy. Throws ValueError if its row was never saved.
const detail::RelationState& resident_set(const detail::RelationState& set);

/// The query of the resident `set` when it is refined: the rows of its owner, with the filters and order of the
/// Prefetch that filled it.
std::shared_ptr<const detail::Query> query_of_set(const detail::RelationState& set);

/// After a write through the resident `set`: forgets what its owner had loaded of the relation, in the set and in the
/// slots that a Prefetch filled.
void forget_set(const detail::RelationState& set) noexcept;

} // namespace kith::run
