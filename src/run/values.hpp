#pragma once

#include "backend/backend.hpp"
#include "query/query.hpp"
#include "sql/statement.hpp"

#include <kith/detail/core/query_handle.hpp>

#include <cstdint>
#include <span>
#include <vector>

/// Results that are values rather than rows: values_list, aggregate, raw statements.
namespace kith::run {

/// Plain values keep no keys.
struct NoKeys final : backend::KeyStore {
    const detail::Value* keep(detail::Value) override { return nullptr; }
};

std::vector<sql::ColumnSlot> slots_for(std::span<const detail::ValueTarget> targets);

/// Aggregates over the rows of a query, and where their values go.
class Aggregating {
public:
    /// Throws as query::resolve_aggregate.
    Aggregating(const detail::Query& query, std::span<const detail::AnyAggregate* const> aggregates,
                std::span<const detail::ValueTarget> targets);
    sql::Statement statement(const detail::Query& query, const sql::Dialect& dialect) const;
    void read(backend::Cursor& cursor, void* values) const;

private:
    std::vector<query::ResolvedAggregate> resolved_{};
    std::vector<sql::ColumnSlot> slots_{};
};

/// The number that a statement returns.
std::int64_t sole_integer(backend::Cursor& cursor);

} // namespace kith::run
