#include "sql/where.hpp"

#include "query/resolve.hpp"
#include "sql/aggregate.hpp"
#include "sql/select.hpp"
#include "sql/text.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace kith::sql {

namespace {

using detail::Expr;
using detail::Value;
using query::ResolvedCondition;

constexpr std::string_view never = "0 = 1";

std::string in_brackets(const std::vector<std::string>& parts, std::string_view separator) {
    return parts.size() == 1 ? parts.front() : concat("(", joined(parts, separator), ")");
}

/// The column at the end of `path`, in the table where it is looked up.
KeyColumn key_of(const query::ColumnPath& path) {
    if (path.computed != nullptr) return {.type = path.column->type}; // in no table
    if (!path.joined) return KeyColumn::of(*path.column);
    const auto& link = *path.relations.back()->join_table;
    return KeyColumn::of(link, link.target_columns.front(), path.column->type);
}

bool looks_for_null(const ResolvedCondition& condition) {
    const auto* value = std::get_if<Value>(&condition.right);
    if (value == nullptr) return false;
    if (condition.lookup == FieldLookup::isnull) return std::get<bool>(*value);
    return detail::is_null(*value);
}

/// The model from which one of the sides goes through a set; null if neither does.
const ModelInfo* model_with_set(const ResolvedCondition& condition) {
    if (query::leads_to_many(condition.path)) return condition.path.relations.front()->source;
    const auto* other = query::path_to_many(condition.right);
    return other != nullptr ? other->relations.front()->source : nullptr;
}

/// The type of the right side, if it is not bound.
std::optional<ColumnType> type_of(const query::Right& right) {
    if (const auto* path = std::get_if<query::ColumnPath>(&right)) return path->column->type;
    if (const auto* value = std::get_if<query::ResolvedValuePtr>(&right)) return (*value)->is.type;
    return std::nullopt;
}

/// A subselect runs on the database of the statement around it, so it cannot read another one.
void require_same_database(const FieldInfo* field, const detail::Query& sub, const Writer& writer) {
    if (sub.moves || writer.asks(sub.db)) return;
    throw ValueError(fmt::format("{} a QuerySet of {} in another database, which this statement cannot query: "
                                 "evaluate it first and pass its rows to `in`, or move one of the two with on()",
                                 field != nullptr ? field->label() + " is compared with" : "Exists was given",
                                 sub.model->name),
                     {.model = field != nullptr ? field->model->name : sub.model->name,
                      .lookup = field != nullptr ? field->name : std::string{}});
}

} // namespace

std::string Where::filters(const std::vector<query::FilterCall>& calls) {
    std::vector<std::string> parts;
    Joins::CallNumber call_number = Joins::shared;
    for (const auto& call : calls) {
        ++call_number;
        if (call.conditions.empty()) continue;
        may_be_null_ = false;
        auto text =
            all_of(call.conditions, {.call_number = call_number, .optional = call.negated, .negated = call.negated});
        parts.push_back(call.negated ? negation(text) : std::move(text));
    }
    return joined(parts, " AND ");
}

std::string Where::column(const query::ColumnPath& path, Joins::CallNumber call_number, bool inner) {
    if (path.computed != nullptr) {
        may_be_null_ = true;
        return value(*path.computed, Joins::shared, false);
    }
    std::size_t at = 0;
    for (const auto* relation : path.relations) {
        if (path.joined && relation == path.relations.back()) {
            at = joins_.follow_to_link(at, *relation, call_number, inner);
            joins_.need(at);
            return joins_.column(at, relation->join_table->target_columns.front());
        }
        at = joins_.follow(at, *relation, call_number, inner);
    }
    joins_.need(at);
    if (path.column->nullable || joins_.is_optional(at)) may_be_null_ = true;
    return joins_.column(at, path.column->column);
}

std::string Where::all_of(const std::vector<ResolvedCondition>& conditions, Position position) {
    std::vector<std::string> parts;
    for (const auto& part : conditions) parts.push_back(condition(part, position));
    return in_brackets(parts, " AND ");
}

std::string Where::negation(const std::string& inner) {
    // NOT of NULL is NULL, but an exclusion keeps rows that are not known to match.
    return may_be_null_ ? concat("(", inner, ") IS NOT TRUE") : concat("NOT (", inner, ")");
}

std::string Where::condition(const ResolvedCondition& condition, Position position) {
    switch (condition.kind) {
    case Expr::Kind::compare: return compare(condition, position);
    case Expr::Kind::all: return all_of(condition.children, position);
    case Expr::Kind::exists: return exists(*std::get<std::shared_ptr<const detail::Query>>(condition.right));
    case Expr::Kind::any: {
        position.optional = true;
        std::vector<std::string> parts;
        for (const auto& part : condition.children) parts.push_back(this->condition(part, position));
        return in_brackets(parts, " OR ");
    }
    case Expr::Kind::negate: {
        const bool outside = std::exchange(may_be_null_, false);
        position.optional = true;
        position.negated = !position.negated;
        auto text = negation(all_of(condition.children, position));
        may_be_null_ = outside;
        return text;
    }
    }
    return {};
}

std::string Where::exists(const detail::Query& query) {
    require_same_database(nullptr, query, writer_);
    if (query.nothing) return std::string(never);
    const bool outside = may_be_null_; // a column of this row in there does not make the result NULL
    auto text = select_exists_of(query, *this, writer_);
    may_be_null_ = outside;
    return text;
}

std::string Where::outer_column(const query::ResolvedValue& value) {
    if (outer_ != nullptr && value.path.column != nullptr) {
        return outer_->column(value.path, Joins::shared, false);
    }
    const auto& path = std::get<std::string>(value.value);
    throw ValueError(
        fmt::format("OuterRef(\"{}\") names a row that is not known here: a QuerySet with an OuterRef may only "
                    "be used in kith::Exists, there not behind `in` or combined by | and &",
                    path),
        {.lookup = path});
}

std::string Where::side(std::string text, ColumnType from, ColumnType type) const {
    return type == ColumnType::decimal ? writer_.dialect().operand(std::move(text), from, type) : text;
}

std::string Where::compare(const ResolvedCondition& condition, Position position) {
    if (position.negated && !position.row_wise) {
        if (const auto* model = model_with_set(condition)) return compare_in_subquery(*model, condition);
    }
    const bool inner = !position.optional && !looks_for_null(condition);
    auto text = column(condition.path, position.call_number, inner);
    const auto own_type = condition.path.column->type;
    const auto compare_with = [&](std::string right) {
        const auto right_type = *type_of(condition.right);
        // An integer and a decimal are compared as decimals.
        const auto type = right_type == ColumnType::decimal ? right_type : own_type;
        const auto& dialect = writer_.dialect();
        return dialect.lookup(condition.lookup, dialect.comparable(side(std::move(text), own_type, type), type),
                              side(std::move(right), right_type, type), type);
    };
    if (const auto* other = std::get_if<query::ColumnPath>(&condition.right)) {
        return compare_with(column(*other, position.call_number, inner));
    }
    if (const auto* computed = std::get_if<query::ResolvedValuePtr>(&condition.right)) {
        return compare_with(value(**computed, position.call_number, inner));
    }
    if (condition.path.computed != nullptr) text = side(std::move(text), own_type, own_type);
    return compare_column(condition, text);
}

/// "None of its cities has that name" rather than "one of its cities has another name".
std::string Where::compare_in_subquery(const ModelInfo& model, const ResolvedCondition& condition) {
    auto inner_joins = Joins::within(joins_, model);
    Where inner(writer_, inner_joins, outer_);
    const auto matches = inner.compare(condition, {.call_number = 1});
    std::vector<std::string> parts;
    for (const auto* key : model.primary_key) {
        parts.push_back(concat(inner_joins.column(0, key->column), " = ", joins_.column(0, key->column)));
    }
    return concat("EXISTS (SELECT 1 FROM ", inner_joins.base_table(), inner_joins.text(), " WHERE ",
                  joined(parts, " AND "), " AND ", matches, ")");
}

std::string Where::compare_column(const ResolvedCondition& condition, const std::string& column) {
    const auto& dialect = writer_.dialect();
    const auto type = condition.path.column->type;
    if (const auto* list = std::get_if<std::vector<Value>>(&condition.right))
        return in_list(column, key_of(condition.path), *list);
    if (const auto* sub = std::get_if<std::shared_ptr<const detail::Query>>(&condition.right)) {
        require_same_database(condition.path.column, **sub, writer_);
        return concat(column, " IN (", select_keys(**sub, *condition.path.column, writer_), ")");
    }
    if (const auto* ends = std::get_if<std::pair<Value, Value>>(&condition.right)) {
        const auto low = writer_.bind(ends->first);
        return concat(dialect.comparable(column, type), " BETWEEN ", low, " AND ", writer_.bind(ends->second));
    }
    return compare_values(column, condition);
}

std::string Where::compare_values(const std::string& column, const ResolvedCondition& condition) {
    const auto& dialect = writer_.dialect();
    const auto type = condition.path.column->type;
    const auto& value = std::get<Value>(condition.right);
    if (condition.lookup == FieldLookup::isnull) {
        return concat(column, std::get<bool>(value) ? " IS NULL" : " IS NOT NULL");
    }
    if (detail::is_null(value)) return concat(column, " IS NULL");
    return dialect.lookup(condition.lookup, dialect.comparable(column, type),
                          writer_.bind(dialect.lookup_value(condition.lookup, value)), type);
}

std::string Where::in_list(const std::string& column, const KeyColumn& key, const std::vector<Value>& values) {
    if (values.empty()) return std::string(never);
    auto keys = std::make_shared<KeySet>(std::span(&key.type, 1));
    for (const auto& value : values) keys->add(value);
    return writer_.is_one_of(writer_.dialect().comparable(column, key.type), std::move(keys), key);
}

} // namespace kith::sql
