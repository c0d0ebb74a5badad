#pragma once

#include "query/query.hpp"
#include "sql/joins.hpp"

#include <string>
#include <vector>

namespace kith::sql {

/// Writes conditions as SQL: one walk produces the text, the binds and the joins they need.
class Where {
public:
    /// `outer` writes the statement around, if that is a part of one.
    Where(Writer& writer, Joins& joins, Where* outer = nullptr) : writer_(writer), joins_(joins), outer_(outer) {}
    const Joins& joins() const noexcept { return joins_; }

    /// All filter calls, joined by AND; empty when there are none.
    std::string filters(const std::vector<query::FilterCall>& calls);
    /// The conditions of one aggregate; they see the rows that `call_number` has joined.
    std::string conditions(const std::vector<query::ResolvedCondition>& conditions, Joins::CallNumber call_number,
                           bool optional) {
        return all_of(conditions, {.call_number = call_number, .optional = optional, .row_wise = true});
    }
    /// The column that a path leads to. `inner`: a row without a partner cannot be in the result.
    std::string column(const query::ColumnPath& path, Joins::CallNumber call_number, bool inner);
    /// A computed value, with the joins of its paths as above.
    std::string value(const query::ResolvedValue& value, Joins::CallNumber call_number, bool inner);

private:
    /// The position of a condition: in a plain conjunction a join may drop rows, below OR and NOT it may not.
    struct Position {
        Joins::CallNumber call_number{Joins::shared};
        bool optional{false};
        bool negated{false};
        bool row_wise{false}; ///< NOT is about the joined row, not about all rows of the set
    };

    std::string condition(const query::ResolvedCondition& condition, Position position);
    /// Whether the query has a row.
    std::string exists(const detail::Query& query);
    std::string outer_column(const query::ResolvedValue& value);
    std::string all_of(const std::vector<query::ResolvedCondition>& conditions, Position position);
    std::string negation(const std::string& inner);
    std::string compare(const query::ResolvedCondition& condition, Position position);
    /// `text`, which is a column or a computed value, as one side of a comparison in type `type`.
    std::string side(std::string text, ColumnType from, ColumnType type) const;
    std::string compare_in_subquery(const ModelInfo& model, const query::ResolvedCondition& condition);
    std::string compare_column(const query::ResolvedCondition& condition, const std::string& column);
    std::string compare_values(const std::string& column, const query::ResolvedCondition& condition);
    std::string cases(const query::ResolvedValue& value, Joins::CallNumber call_number);
    /// A part of a value whose operands have type `type`.
    std::string operand(const query::ResolvedValue& value, ColumnType type, Joins::CallNumber call_number, bool inner);
    std::string in_list(const std::string& column, const KeyColumn& key, const std::vector<detail::Value>& values);

    Writer& writer_;
    Joins& joins_;
    Where* outer_;
    bool may_be_null_{false}; // the condition just written may be NULL
};

} // namespace kith::sql
