#include "query/resolve.hpp"

#include "model/path.hpp"
#include "query/coerce.hpp"
#include "query/outer.hpp"
#include "query/text_value.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kith::query {

namespace {

/// A path with its lookup: `path` is empty if it ends at a key of several columns.
struct Target {
    ColumnPath path;
    std::optional<FieldLookup> lookup;
    std::vector<const FieldInfo*> key{}; ///< then its columns
};

/// What the annotation `slot` stands for in the QuerySet that the path belongs to.
ResolvedValuePtr computed(const PathRoot& root, const FieldInfo& slot, std::string_view text) {
    const auto found = std::ranges::find(root.annotations, &slot, &ResolvedAnnotation::slot);
    if (found != root.annotations.end()) return found->value;
    throw FieldError(fmt::format("{} is an annotation that this QuerySet of {} does not have (in \"{}\"): call "
                                 "annotate(\"{}\"_f = …) first",
                                 slot.label(), root.model.name, text, slot.name),
                     {.model = slot.model->name, .lookup = std::string(text)});
}

Target find_target(const PathRoot& root, std::string_view text, bool lookup_allowed) {
    auto walked = model::walk(root.model, text, lookup_allowed, root.most_relations);
    const auto& member = *walked.member;
    Target target{.path = {}, .lookup = walked.lookup};
    if (member.kind == detail::MemberKind::annotation) {
        target.path.computed = computed(walked.relations.empty() ? root : PathRoot(*member.model), member, text);
        target.path.column = &member;
        target.path.relations = std::move(walked.relations);
    } else if (member.kind == detail::MemberKind::composite_key) {
        target.key = member.relation->source_columns;
        target.path.relations = std::move(walked.relations);
    } else if (member.column.empty() && member.relation->target->primary_key.size() > 1) {
        target.key = member.relation->target->primary_key;
        target.path.relations = std::move(walked.relations);
        target.path.relations.push_back(member.relation);
    } else {
        auto way = model::column_of(std::move(walked));
        target.path = {.relations = std::move(way.relations), .column = way.column, .joined = way.joined};
    }
    return target;
}

/// The values that `column` would hold for `rows`: those of the key that it refers to, or of the column itself.
detail::Operand keys_for(const FieldInfo& column, const detail::RowKeys& rows) {
    const auto* relation = column.relation;
    const auto& key = relation != nullptr && relation->forward ? *relation->target_columns.front() : column;
    const auto at = std::ranges::find(rows.fields, key.name) - rows.fields.begin();
    if (at == std::ssize(rows.fields)) {
        throw ValueError(fmt::format("{} is compared by {}, which is not unique: compare it with that value instead",
                                     column.label(), key.label()),
                         {.model = column.model->name});
    }
    std::vector<Value> values;
    for (const auto& row : rows.rows) values.push_back(row.at(static_cast<std::size_t>(at)));
    if (rows.is_list) return values;
    return std::move(values.front());
}

/// The text that a condition was given as its value.
const std::string& text_in(const Expr& expr) { return std::get<std::string>(std::get<Value>(expr.operand)); }

Right resolve_right(const PathRoot& root, const ResolvedCondition& condition, const Expr& expr) {
    if (const auto* rows = std::get_if<detail::RowKeys>(&expr.operand)) {
        return coerce(condition.lookup, *condition.path.column,
                      {.path = expr.path, .operand = keys_for(*condition.path.column, *rows)});
    }
    if (const auto* name = std::get_if<detail::FieldName>(&expr.operand)) return resolve_column(root, name->path);
    if (expr.is_text) {
        return coerce(
            condition.lookup, *condition.path.column,
            {.path = expr.path, .operand = operand_of_text(*condition.path.column, condition.lookup, text_in(expr))});
    }
    if (const auto* value = std::get_if<detail::ValueExprPtr>(&expr.operand)) {
        return resolve_compared(root, condition.path, condition.lookup, **value);
    }
    return coerce(condition.lookup, *condition.path.column, expr);
}

[[noreturn]] void refuse_composite(const Expr& expr) {
    throw ValueError(
        fmt::format("\"{}\" stands for a key of several columns: compare it with a row, a range of rows or "
                    "nullptr, or use isnull",
                    expr.path),
        {.lookup = expr.path});
}

/// The condition that each column of the key equals `values[i]`.
ResolvedCondition key_is(const Target& found, const std::vector<Value>& values) {
    ResolvedCondition all{.kind = Expr::Kind::all};
    for (std::size_t i = 0; i < found.key.size(); ++i) {
        ResolvedCondition one{.path = found.path, .right = values[i]};
        one.path.column = found.key[i];
        all.children.push_back(std::move(one));
    }
    return all;
}

/// The condition that a column of the key is NULL, so that it leads nowhere; or that none is.
ResolvedCondition key_is_null(const Target& found, bool null) {
    ResolvedCondition any{.kind = null ? Expr::Kind::any : Expr::Kind::all};
    for (const auto* column : found.key) {
        ResolvedCondition one{.path = found.path, .lookup = FieldLookup::isnull, .right = Value{null}};
        one.path.column = column;
        any.children.push_back(std::move(one));
    }
    return any;
}

/// A relation to a model whose key has several columns, compared with rows or with NULL.
ResolvedCondition resolve_composite(const Target& found, const Expr& expr) {
    const auto lookup = found.lookup.value_or(FieldLookup::exact);
    if (expr.is_text && lookup == FieldLookup::isnull) {
        auto null = operand_of_text(*found.key.front(), lookup, text_in(expr));
        return resolve_composite(found, {.path = expr.path, .operand = std::move(null)});
    }
    if (const auto* value = std::get_if<Value>(&expr.operand)) {
        if (lookup == FieldLookup::isnull && std::holds_alternative<bool>(*value))
            return key_is_null(found, std::get<bool>(*value));
        if (lookup == FieldLookup::exact && detail::is_null(*value)) return key_is_null(found, true);
        refuse_composite(expr);
    }
    const auto* rows = std::get_if<detail::RowKeys>(&expr.operand);
    if (rows == nullptr || lookup != (rows->is_list ? FieldLookup::in : FieldLookup::exact)) refuse_composite(expr);
    // The primary key comes first among what is known of the rows.
    ResolvedCondition any{.kind = Expr::Kind::any};
    for (const auto& row : rows->rows) any.children.push_back(key_is(found, row));
    if (any.children.empty()) { // an empty range matches nothing
        any.children.push_back({.path = found.path, .lookup = FieldLookup::in, .right = std::vector<Value>{}});
        any.children.front().path.column = found.key.front();
    }
    return any.children.size() == 1 ? std::move(any.children.front()) : any;
}

} // namespace

ColumnPath resolve_column(const PathRoot& root, std::string_view text) {
    auto found = find_target(root, text, false);
    if (found.key.empty()) return std::move(found.path);
    throw FieldError(fmt::format("\"{}\" leads to a key of several columns: name one of them", text),
                     {.model = root.model.name, .lookup = std::string(text)});
}

ResolvedCondition resolve_condition(const PathRoot& root, const Expr& expr) {
    ResolvedCondition condition{.kind = expr.kind};
    if (expr.kind == Expr::Kind::compare) {
        auto found = find_target(root, expr.path, true);
        if (!found.key.empty()) return resolve_composite(found, expr);
        condition.path = std::move(found.path);
        condition.lookup = found.lookup.value_or(FieldLookup::exact);
        condition.right = resolve_right(root, condition, expr);
    }
    if (expr.kind == Expr::Kind::exists) {
        condition.right = bound_to(std::get<std::shared_ptr<const detail::Query>>(expr.operand), root);
    }
    for (const auto& child : expr.children) condition.children.push_back(resolve_condition(root, child));
    return condition;
}

Order resolve_order(const PathRoot& root, std::string_view text) {
    const bool descending = text.starts_with('-');
    return {.path = resolve_column(root, descending ? text.substr(1) : text), .descending = descending};
}

std::vector<const RelationInfo*> resolve_selected(const PathRoot& root, std::string_view text) {
    const auto& model = root.model;
    std::vector<const RelationInfo*> relations;
    const auto* here = &model;
    if (text.ends_with("__")) model::no_such_member(model, {}, text);
    auto rest = text;
    do {
        const auto [member, part, behind] = model::first_step(*here, rest);
        if (member == nullptr || member->name != part) model::no_such_member(*here, part, text);
        model::require_one_target(*member, text);
        if (!detail::is_to_one(member->kind) || detail::is_slot(member->kind)) {
            throw FieldError(fmt::format("{} is not a to-one relation: select_related takes foreign keys and "
                                         "one-to-ones; use prefetch_related for sets (in \"{}\")",
                                         member->label(), text),
                             {.model = here->name, .lookup = std::string(text)});
        }
        relations.push_back(member->relation);
        model::require_depth(model, relations.size(), root.most_relations, text);
        here = member->relation->target;
        rest = behind;
    } while (!rest.empty());
    return relations;
}

} // namespace kith::query
