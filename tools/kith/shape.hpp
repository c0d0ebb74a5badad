#pragma once

#include "query/query.hpp"

#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/model_info.hpp>

#include <string>
#include <vector>

namespace kith::cli {

/// What is shown of rows, and of the rows behind them: what the query loads, and nothing else. Rows lead back to those
/// they were loaded for, so that without this there would be no end.
struct Shape {
    struct Column {
        std::string label{};
        const detail::FieldInfo* field{nullptr};
    };

    const detail::FieldInfo* slot{nullptr}; ///< the relation or slot that leads here; null for the rows asked for
    const detail::ModelInfo* model{nullptr};
    std::vector<Column> columns{};
    std::vector<Shape> children{};
};

/// The shape of the rows of `query`, with `columns` of them.
Shape shape_of(const detail::Query& query, const std::vector<const detail::FieldInfo*>& columns);

/// The rows that a loaded member of `row` leads to; one at most where it is no set.
detail::RowSpan rows_behind(const void* row, const detail::FieldInfo& slot, void*& one);

} // namespace kith::cli
