#pragma once

#include "query/refine.hpp"
#include "unit/model/names.hpp"

#include <kith/database.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::test {

using detail::Expr;
using detail::FieldLookup;
using detail::Operand;
using detail::Query;
using detail::Value;

/// A database for queries that never run.
inline const Database& memory() {
    static const auto db = connect("sqlite::memory:");
    return db;
}

template <class M>
Query all() {
    return {.model = &model<M>(), .db = memory()};
}

inline Value number(std::int64_t n) { return n; }
inline Value text(std::string t) { return t; }

/// The condition `path = operand`.
inline Expr is(std::string path, Operand operand) { return {.path = std::move(path), .operand = std::move(operand)}; }

template <class M>
query::QueryPtr filtered(const std::vector<Expr>& conditions) {
    return query::filtered(all<M>(), conditions, false);
}

inline query::QueryPtr ordered(const Query& query, const std::vector<std::string_view>& by) {
    return query::ordered(query, by);
}

} // namespace kith::test
