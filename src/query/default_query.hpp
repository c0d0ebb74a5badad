#pragma once

#include "query/query.hpp"

#include <memory>

namespace kith::query {

/// The default queryset that a model declares, `static auto objects(kith::QuerySet<M>)`, for `db.objects<M>()` and for
/// sets of its rows. Null if it declares none. Throws ValueError naming the circle when default querysets prefetch each
/// other in a circle.
std::shared_ptr<const detail::Query> default_query(const ModelInfo& model, const Database& db);

} // namespace kith::query
