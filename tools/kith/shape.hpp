#pragma once

#include "query/query.hpp"

#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/model_info.hpp>

#include <string>
#include <vector>

namespace kith::cli {

/// The columns and related rows to show: only what the query loads. Rows lead back to those they were loaded for, so
/// that following every member would never end.
struct Shape {
    struct Column {
        std::string label{};
        const detail::FieldInfo* field{nullptr};
    };

    const detail::FieldInfo* slot{nullptr}; ///< the relation or slot that leads here; null for the requested rows
    const detail::ModelInfo* model{nullptr};
    std::vector<Column> columns{};
    std::vector<Shape> children{};
};

/// The shape of the rows of `query`, with `columns` of them.
Shape shape_of(const detail::Query& query, const std::vector<const detail::FieldInfo*>& columns);

/// The rows that a loaded member of `row` leads to; at most one if it is not a set.
detail::RowSpan rows_behind(const void* row, const detail::FieldInfo& slot, void*& one);

} // namespace kith::cli
