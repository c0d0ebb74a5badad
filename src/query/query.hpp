#pragma once

#include "query/list.hpp"

#include <kith/database.hpp>
#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/relation_state.hpp>
#include <kith/detail/core/value_access.hpp>
#include <kith/detail/core/value_rules.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/load_strategy.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What a QuerySet asks for, with every path resolved. A Query never changes once it is shared: refinements copy it.
namespace kith::base {
struct Bounds;
}

namespace kith::query {

using detail::FieldInfo;
using detail::FieldLookup;
using detail::ModelInfo;
using detail::RelationInfo;
using detail::Value;

struct ResolvedValue;

/// A path from a model through relations to a column. If the last relation's key column already holds the value, the
/// relation is left out: `province__id` is the column `province_id`.
struct ColumnPath {
    std::vector<const RelationInfo*> relations{};
    const FieldInfo* column{nullptr};
    bool joined{false}; ///< the value is the key in the join table of the last relation, which needs no further join
    std::shared_ptr<const ResolvedValue> computed{}; ///< what the column computes, if it is an annotation
};

struct ResolvedCondition;

using Right = std::variant<Value, std::vector<Value>, std::pair<Value, Value>, ColumnPath,
                           std::shared_ptr<const detail::Query>, std::shared_ptr<const ResolvedValue>>;

/// A condition with its paths resolved.
struct ResolvedCondition {
    detail::Expr::Kind kind{detail::Expr::Kind::compare};
    ColumnPath path{};
    FieldLookup lookup{FieldLookup::exact};
    Right right{};
    std::vector<ResolvedCondition> children{};
};

/// An aggregate with its paths resolved.
struct ResolvedAggregate {
    detail::AggregateFunction function{};
    ColumnPath path{};                            ///< without a column: the rows themselves, or
    std::shared_ptr<const ResolvedValue> value{}; ///< what is computed from each of them
    bool distinct{false};
    std::vector<ResolvedCondition> conditions{};
};

/// A computed value with its paths resolved, its type known, and its constants of that type.
struct ResolvedValue {
    detail::ValueKind kind{};
    detail::ValueType is{};
    ColumnPath path{}; ///< column; outer, once the query is part of another
    Value value{};     ///< constant; outer: its path as text
    std::vector<ResolvedValue> operands{};
    std::vector<ResolvedCondition> conditions{};          ///< cases: one for each operand but the last; condition: one
    std::shared_ptr<const ResolvedAggregate> aggregate{}; ///< instead of all that: of an annotation
};
using ResolvedValuePtr = std::shared_ptr<const ResolvedValue>;

/// What annotate() computes into a member.
struct ResolvedAnnotation {
    const FieldInfo* slot{nullptr};
    ResolvedValuePtr value{};
};

/// A comparison of an aggregate with a value, which a group must meet.
struct ResolvedHaving {
    ResolvedAggregate aggregate{};
    FieldLookup lookup{};
    Value value{};
    bool negated{false};
};

/// The groups of group_by().
struct Grouping {
    std::vector<ColumnPath> values{};
    std::vector<ResolvedAggregate> aggregates{};
    std::vector<ResolvedHaving> having{};
};

/// The conditions of one `filter` or `exclude` call: they are about the same related rows.
struct FilterCall {
    std::vector<ResolvedCondition> conditions{};
    bool negated{false};
};

struct Order {
    ColumnPath path{};
    bool descending{false};
};

/// A relation to load, and what to load behind it: a node of the tree that all lookups of a QuerySet are merged into.
struct LookupNode {
    const RelationInfo* relation{nullptr}; ///< null: walk through what a slot already holds
    const FieldInfo* slot{nullptr};        ///< the member that is filled: the relation's own, or a to_attr slot
    std::shared_ptr<const detail::Query> queryset{};
    bool is_default{false}; ///< the queryset is the target model's default, not one that was given
    std::string path{};     ///< from the root, in the names of the slots: `wu_city__province`
    std::vector<LookupNode> children{};
};

/// The rows that select_for_update locks, and how.
struct Locking {
    bool nowait{false};
    bool skip_locked{false};
    bool key_share{false};
    bool names_tables{false}; ///< of `of`: else the rows themselves
    bool self{true};
    std::vector<std::vector<const RelationInfo*>> of{}; ///< and what these lead to
};

/// A statement written by the caller, run instead of Kith's own.
struct RawSql {
    std::string text{};
    std::vector<Value> parameters{};
};

/// The rows of one instance's set: those that `relation` leads to from `key`.
struct SetOwner {
    const RelationInfo* relation{nullptr};
    std::vector<Value> key{}; ///< one value per column of the relation
    detail::RowHandle row{};  ///< the instance that its rows lead back to; empty if nobody reads it
};

} // namespace kith::query

namespace kith::detail {

struct Query {
    const ModelInfo* model{nullptr};
    Database db;
    std::optional<query::SetOwner> owner{};
    std::shared_ptr<const query::RawSql> raw{}; ///< a statement to run as it is: only lookups and fetch_mode still
                                                ///< apply
    query::List<query::FilterCall> filters{};
    query::List<query::Order> order{};
    bool ordered{false}; ///< order_by was called; the model's ordering does not apply
    bool reversed{false};
    bool distinct{false};
    bool nothing{false}; ///< none(): no statement, no rows
    std::size_t offset{0};
    std::optional<std::size_t> limit{};
    query::List<query::ResolvedAnnotation> annotations{};
    std::optional<query::List<query::ColumnPath>> only{};     ///< the Lazy columns to load
    query::List<query::ColumnPath> deferred{};                ///< the Lazy columns to leave out
    query::List<std::vector<const RelationInfo*>> selected{}; ///< select_related
    query::List<query::LookupNode> lookups{};
    std::optional<FetchMode> mode{};
    std::optional<LoadStrategy> strategy{};
    std::shared_ptr<const base::Bounds> bounds{}; ///< of this QuerySet; `db` has them too, and its own
    std::optional<query::Locking> locking{};
    bool moves{false};  ///< a subselect that Kith made: it runs on the database of the statement that contains it
    bool latest{false}; ///< the main statement reads what was committed last, even in a transaction with an older
                        ///< snapshot

    bool is_sliced() const noexcept { return offset != 0 || limit.has_value(); }
};

} // namespace kith::detail
