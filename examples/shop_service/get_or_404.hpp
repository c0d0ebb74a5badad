#pragma once

#include "http.hpp"

#include <kith/query_set.hpp>

#include <source_location>

namespace shop {

/// The one row that the request names, or 404.
template <class M, class Condition>
kith::Ref<M> get_or_404(const kith::QuerySet<M>& rows, Condition condition,
                        std::source_location where = std::source_location::current()) {
    try {
        return rows.get(condition, where);
    } catch (const kith::DoesNotExist& error) {
        throw Refused(404, error.reason());
    }
}

} // namespace shop
