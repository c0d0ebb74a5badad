#pragma once

#include <kith/aggregate.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/expression.hpp>

#include <cstdint>
#include <initializer_list>
#include <source_location>
#include <utility>
#include <vector>

/// The calls of a QuerySet with arguments that were checked. Internal; implemented in src/run/arguments.cpp.
namespace kith::detail {

/// An argument of get_or_create(), which was checked: one of these.
struct CreateArgument {
    AnyCondition* condition{nullptr};
    ConditionList* defaults{nullptr};
};

QueryHandle filtered(const QueryHandle& query, std::initializer_list<AnyCondition*> conditions);
QueryHandle excluded(const QueryHandle& query, std::initializer_list<AnyCondition*> conditions);
QueryHandle annotated(const QueryHandle& query, std::initializer_list<AnnotationArgument> annotations);
RowHandle get_row(const QueryHandle& query, std::initializer_list<AnyCondition*> conditions,
                  std::source_location where);
std::int64_t update_rows(const QueryHandle& query, std::initializer_list<AnyCondition*> assignments,
                         std::source_location where);
std::vector<RowHandle> update_returning_rows(const QueryHandle& query, std::initializer_list<AnyCondition*> assignments,
                                             std::source_location where);
std::pair<RowHandle, bool> get_or_create_row(const QueryHandle& query, std::initializer_list<CreateArgument> arguments,
                                             std::source_location where);
std::pair<RowHandle, bool> update_or_create_row(const QueryHandle& query,
                                                std::initializer_list<CreateArgument> arguments,
                                                std::source_location where);
/// kith::Exists.
AnyCondition has_rows(const QueryHandle& rows);

} // namespace kith::detail
