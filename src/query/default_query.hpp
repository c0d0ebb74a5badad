#pragma once

#include "query/query.hpp"

#include <memory>

namespace kith::query {

/// What a model declares as its default queryset, `static auto objects(kith::QuerySet<M>)`: for `db.objects<M>()` and
/// for sets of its rows. Null where it declares none. Throws ValueError with the way round when default querysets
/// prefetch each other in a circle.
std::shared_ptr<const detail::Query> default_query(const ModelInfo& model, const Database& db);

} // namespace kith::query
