#pragma once

#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/model_info.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

/// Arguments of QuerySets without their types.
namespace kith::detail {

struct Query;

/// One argument of prefetch_related, erased: a path, with or without a queryset and a slot.
struct LookupSpec {
    std::string path{};
    std::shared_ptr<const Query> queryset{};
    std::string to_attr{};
};

/// One argument of annotate, erased: the aggregate and the Annotation that it fills.
struct AnnotationSpec {
    std::string slot{};
    AggregateExpr aggregate{};
};

/// A row or a key, as the writing methods of sets and `contains` take them.
struct RowOrKey {
    const void* row{nullptr};
    void* writable{nullptr}; ///< `row` again where the caller may see its foreign key change
    Value key{};             ///< when there is no row
};

/// Where one column of values_list goes: an offset into the tuple, with the way to reach an optional.
struct ValueTarget {
    std::string_view path{};
    ColumnType type{};
    const ColumnAccess* access{nullptr};
    const EnumTable* names{nullptr};
    std::size_t offset{0};
};

} // namespace kith::detail
