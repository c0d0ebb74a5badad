#pragma once

#include "sql/select.hpp"
#include "unit/query/queries.hpp"

#include <kith/kith.hpp>

namespace kith::test {

template <class M>
QuerySet<M> objects() {
    return memory().objects<M>();
}

/// Selects the rows of `set`.
template <class M>
auto rows(const QuerySet<M>& set) {
    return [query = set.handle().query()](const sql::Dialect& dialect) {
        sql::RowPlan plan;
        return sql::select_rows(*query, dialect, plan);
    };
}

} // namespace kith::test
