#pragma once

#include "query/query.hpp"
#include "sql/select.hpp"

#include <kith/load_strategy.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace kith::prefetch {

/// A lookup whose statement is sent with the one of the first rows, before any row has arrived.
struct AheadLookup {
    const query::LookupNode* node{nullptr};
    sql::KeyOrigin from{nullptr}; ///< the keys, where the conditions of the query name them; else the rows above
    sql::RowsAbove rows{};        ///< the rows that it leads to, for the lookups behind it
};

/// The strategy that was chosen, and why.
struct Choice {
    enum class Reason : std::uint8_t {
        set,            ///< it was asked for
        one_at_a_time,  ///< the database takes no statements together
        not_repeatable, ///< a subselect could find other first rows
        may_change,     ///< the transaction may see changes between two statements
        not_bounded,    ///< the number of first rows is not known
        estimated,      ///< by what the subselects and the round trips cost
    };
    LoadStrategy strategy{LoadStrategy::levels};
    Reason reason{Reason::set};
    std::size_t most_rows{0}; // what the estimate is made of
    std::chrono::nanoseconds subselects{0};
    std::chrono::nanoseconds round_trips{0};
};

/// The lookups that go ahead, each before those behind it.
struct AheadPlan {
    std::unique_ptr<sql::RowsAbove> first{}; ///< the rows of the query
    std::vector<AheadLookup> lookups{};      ///< they refer to those and to each other, so they must not move
    bool are_all{false};                     ///< every lookup goes ahead, so that nothing is read after them
    Choice choice{};
};

/// What the choice depends on.
struct Circumstances {
    bool sends_together{false}; ///< the database takes several statements in one round trip
    bool one_state{false};      ///< all statements see the same state of the database
    std::chrono::nanoseconds round_trip{0};
};

/// Chooses the lookups of `query` that go ahead.
///
/// A lookup goes ahead if its keys are known, because the conditions of `query` fix the column that they come from; or
/// if a subselect can find the rows above again and costs less than waiting for them. It cannot where rows above would
/// be chosen anew (a slice without a total order, a state that may have changed), where a row may arrive with the
/// member loaded already, or where keys that are equal in SQL may differ in bytes.
AheadPlan plan_ahead(const detail::Query& query, LoadStrategy strategy, const sql::Dialect& dialect,
                     const Circumstances& circumstances);

} // namespace kith::prefetch
