#pragma once

#include "query/query.hpp"

#include <kith/detail/core/lookup_spec.hpp>

#include <vector>

namespace kith::query {

/// Where lookups are added: to a QuerySet, whose slots are empty before it runs, or to rows whose slots may be filled.
enum class LookupsFor { queryset, rows };

/// Merges one argument of prefetch_related into the tree of lookups of `model`. Lookups that the tree already holds
/// cost nothing. Throws FieldError for a path or a slot that does not exist or does not fit, and ValueError if a lookup
/// in the tree would get a different queryset.
/// A set whose model has a default queryset gets that queryset, made for `db`; without a `db` the lookup is only
/// checked.
void add_lookup(std::vector<LookupNode>& tree, const ModelInfo& model, const detail::LookupSpec& spec, LookupsFor use,
                const Database* db);

/// The lookup of one relation alone, into `slot`, as a lazy load needs it.
LookupNode lookup_of(const RelationInfo& relation, const FieldInfo& slot, const Database& db);

/// Throws ValueError when a relation is both joined by select_related and prefetched with a queryset of its own: one of
/// the two would be ignored.
void check_selected_against_lookups(const detail::Query& query);

} // namespace kith::query
