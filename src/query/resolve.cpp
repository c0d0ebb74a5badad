#include "query/resolve.hpp"

#include "base/nearest.hpp"
#include "query/coerce.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace kith::query {

namespace {

constexpr std::array<std::string_view, 20> lookup_names{
    "exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "gt",    "gte",
    "lt",    "lte",    "in",       "range",     "isnull",     "regex",       "iregex",   "year",      "month", "day"};

std::vector<std::string_view> names_of(const ModelInfo& model) {
    std::vector<std::string_view> names;
    for (const auto& field : model.fields) names.push_back(field.name);
    return names;
}

[[noreturn]] void no_such_member(const ModelInfo& model, std::string_view part, std::string_view text) {
    throw FieldError(
        fmt::format("{} has no member '{}' (in \"{}\"){}", model.name, part, text, members_instead(model, part)),
        {.model = model.name, .lookup = std::string(text)});
}

/// A member by its name, `pk`, or the raw column of a foreign key.
const FieldInfo* find_member(const ModelInfo& model, std::string_view name) {
    if (const auto* field = model.find(name)) return field;
    if (name == "pk") return &model.key();
    for (const auto* column : model.columns) {
        if (detail::is_relation(column->kind) && column->column == name) return column;
    }
    return nullptr;
}

Step step_without_member(std::string_view path) {
    const auto [part, behind] = split_path(path);
    return {.part = part, .behind = behind};
}

/// Leaves off the last relation where the key on this side of it is the value that was asked for.
void trim(Path& path) {
    while (!path.relations.empty()) {
        const auto& last = *path.relations.back();
        if (last.join_table) {
            path.joined = last.target_columns.size() == 1 && last.target_columns.front() == path.column;
            return;
        }
        if (!last.forward || last.target_columns.size() != 1 || last.target_columns.front() != path.column) return;
        path.column = last.source_columns.front();
        path.relations.pop_back();
    }
}

struct Walk {
    Path path;
    std::optional<Lookup> lookup;
    std::vector<const FieldInfo*>
        key{}; ///< the columns at the end of the path where there are several, then `path` has none
};

/// What the annotation `slot` of a path stands for where the path is written.
std::shared_ptr<const Aggregate> computed(const Scope& scope, const FieldInfo& slot, std::string_view text) {
    const auto found = std::ranges::find(scope.annotations, &slot, &Annotation::slot);
    if (found != scope.annotations.end()) return found->aggregate;
    throw FieldError(fmt::format("{} is an annotation that this QuerySet of {} does not have (in \"{}\"): call "
                                 "annotate(\"{}\"_f = …) first",
                                 slot.label(), scope.model.name, text, slot.name),
                     {.model = slot.model->name, .lookup = std::string(text)});
}

Walk walk(const Scope& scope, std::string_view text, bool lookup_allowed) {
    Walk result;
    const auto& model = scope.model;
    const auto* here = &model;
    const FieldInfo* member = nullptr;
    if (text.ends_with("__")) no_such_member(model, {}, text);
    for (auto rest = text; !rest.empty() || member == nullptr;) {
        const bool has_members = member == nullptr || member->relation != nullptr;
        const auto [next, part, behind] = has_members ? first_step(*here, rest) : step_without_member(rest);
        if (next == nullptr) {
            const auto lookup = lookup_named(part);
            if (member != nullptr && lookup && behind.empty() && lookup_allowed) {
                result.lookup = lookup;
                break;
            }
            if (member != nullptr && member->relation == nullptr) {
                const auto near = nearest(rest, lookup_names);
                throw FieldError(fmt::format("unknown lookup '{}' on {} (in \"{}\"){} lookups are {}", rest,
                                             member->label(), text,
                                             near.empty() ? ";" : fmt::format(": did you mean '{}'?", near),
                                             fmt::join(lookup_names, " ")),
                                 {.model = here->name, .lookup = std::string(text)});
            }
            no_such_member(*here, part, text);
        }
        if (member != nullptr) result.path.relations.push_back(member->relation);
        if (detail::is_slot(next->kind)) {
            throw FieldError(fmt::format("{} is a slot that a Prefetch fills, not a column or relation (in \"{}\")",
                                         next->label(), text),
                             {.model = here->name, .lookup = std::string(text)});
        }
        member = next;
        if (member->relation != nullptr) here = member->relation->target;
        rest = behind;
    }
    if (member->kind == detail::MemberKind::annotation) {
        result.path.column = member;
        result.path.computed = computed(result.path.relations.empty() ? scope : Scope(*member->model), *member, text);
        return result;
    }
    if (member->kind == detail::MemberKind::composite_key) {
        result.key = member->relation->source_columns;
        return result;
    }
    if (member->column.empty() && member->relation->target->primary_key.size() > 1) {
        result.path.relations.push_back(member->relation);
        result.key = member->relation->target->primary_key;
        return result;
    }
    if (member->column.empty()) {
        // A set or a reverse end stands for the keys of its rows.
        result.path.relations.push_back(member->relation);
        result.path.column = &member->relation->target->key();
    } else {
        result.path.column = member;
    }
    trim(result.path);
    return result;
}

/// The values that `column` would hold for `rows`: of the key that it refers to, or of that name.
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

Right resolve_right(const Scope& scope, const Condition& condition, const Expr& expr) {
    if (const auto* rows = std::get_if<detail::RowKeys>(&expr.operand)) {
        return coerce(condition.lookup, *condition.path.column,
                      {.path = expr.path, .operand = keys_for(*condition.path.column, *rows)});
    }
    if (const auto* name = std::get_if<detail::FieldName>(&expr.operand)) return resolve_column(scope, name->path);
    return coerce(condition.lookup, *condition.path.column, expr);
}

[[noreturn]] void refuse_composite(const Expr& expr) {
    throw ValueError(
        fmt::format("\"{}\" stands for a key of several columns: compare it with a row, a range of rows or "
                    "nullptr, or use isnull",
                    expr.path),
        {.lookup = expr.path});
}

/// That each column of the key is `values[i]`.
Condition key_is(const Walk& found, const std::vector<Value>& values) {
    Condition all{.kind = Expr::Kind::all};
    for (std::size_t i = 0; i < found.key.size(); ++i) {
        Condition one{.path = found.path, .right = values[i]};
        one.path.column = found.key[i];
        all.children.push_back(std::move(one));
    }
    return all;
}

/// That one of the columns of the key is NULL, so that it leads nowhere; or that none is.
Condition key_is_null(const Walk& found, bool null) {
    Condition any{.kind = null ? Expr::Kind::any : Expr::Kind::all};
    for (const auto* column : found.key) {
        Condition one{.path = found.path, .lookup = Lookup::isnull, .right = Value{null}};
        one.path.column = column;
        any.children.push_back(std::move(one));
    }
    return any;
}

/// A relation to a model whose key has several columns, compared with rows or with nothing.
Condition resolve_composite(const Walk& found, const Expr& expr) {
    const auto lookup = found.lookup.value_or(Lookup::exact);
    if (const auto* value = std::get_if<Value>(&expr.operand)) {
        if (lookup == Lookup::isnull && std::holds_alternative<bool>(*value))
            return key_is_null(found, std::get<bool>(*value));
        if (lookup == Lookup::exact && detail::is_null(*value)) return key_is_null(found, true);
        refuse_composite(expr);
    }
    const auto* rows = std::get_if<detail::RowKeys>(&expr.operand);
    if (rows == nullptr || lookup != (rows->is_list ? Lookup::in : Lookup::exact)) refuse_composite(expr);
    // The primary key comes first among what is known of the rows.
    Condition any{.kind = Expr::Kind::any};
    for (const auto& row : rows->rows) any.children.push_back(key_is(found, row));
    if (any.children.empty()) { // a range without rows: nothing is in it
        any.children.push_back({.path = found.path, .lookup = Lookup::in, .right = std::vector<Value>{}});
        any.children.front().path.column = found.key.front();
    }
    return any.children.size() == 1 ? std::move(any.children.front()) : any;
}

} // namespace

std::pair<std::string_view, std::string_view> split_path(std::string_view path) {
    const auto at = path.find("__");
    if (at == std::string_view::npos) return {path, {}};
    return {path.substr(0, at), path.substr(at + 2)};
}

std::optional<Lookup> lookup_named(std::string_view name) {
    const auto found = std::ranges::find(lookup_names, name);
    if (found == lookup_names.end()) return std::nullopt;
    return static_cast<Lookup>(found - lookup_names.begin());
}

Step first_step(const ModelInfo& model, std::string_view path) {
    auto step = step_without_member(path);
    step.member = find_member(model, step.part);
    while (step.member == nullptr && !step.behind.empty()) {
        const auto [more, behind] = split_path(step.behind);
        const auto longer = path.substr(0, step.part.size() + 2 + more.size());
        if (const auto* member = find_member(model, longer)) return {member, longer, behind};
        step.part = longer;
        step.behind = behind;
    }
    if (step.member == nullptr) return step_without_member(path);
    return step;
}

std::string member_names(const ModelInfo& model) { return fmt::format("{}", fmt::join(names_of(model), ", ")); }

std::string members_instead(const ModelInfo& model, std::string_view part) {
    const auto near = nearest(part, names_of(model));
    if (near.empty()) return fmt::format("; it has {}", member_names(model));
    return fmt::format(": did you mean '{}'? It has {}", near, member_names(model));
}

Path resolve_column(const Scope& scope, std::string_view text) {
    auto found = walk(scope, text, false);
    if (found.key.empty()) return std::move(found.path);
    throw FieldError(fmt::format("\"{}\" leads to a key of several columns: name one of them", text),
                     {.model = scope.model.name, .lookup = std::string(text)});
}

Condition resolve_condition(const Scope& scope, const Expr& expr) {
    Condition condition{.kind = expr.kind};
    if (expr.kind == Expr::Kind::compare) {
        auto found = walk(scope, expr.path, true);
        if (!found.key.empty()) return resolve_composite(found, expr);
        condition.path = std::move(found.path);
        condition.lookup = found.lookup.value_or(Lookup::exact);
        condition.right = resolve_right(scope, condition, expr);
    }
    for (const auto& child : expr.children) condition.children.push_back(resolve_condition(scope, child));
    return condition;
}

Order resolve_order(const Scope& scope, std::string_view text) {
    const bool descending = text.starts_with('-');
    return {.path = resolve_column(scope, descending ? text.substr(1) : text), .descending = descending};
}

std::vector<const RelationInfo*> resolve_selected(const ModelInfo& model, std::string_view text) {
    std::vector<const RelationInfo*> relations;
    const auto* here = &model;
    if (text.ends_with("__")) no_such_member(model, {}, text);
    auto rest = text;
    do {
        const auto [member, part, behind] = first_step(*here, rest);
        if (member == nullptr || member->name != part) no_such_member(*here, part, text);
        if (!detail::is_to_one(member->kind) || detail::is_slot(member->kind)) {
            throw FieldError(fmt::format("{} is no to-one relation: select_related takes foreign keys and one-to-ones; "
                                         "use prefetch_related for sets (in \"{}\")",
                                         member->label(), text),
                             {.model = here->name, .lookup = std::string(text)});
        }
        relations.push_back(member->relation);
        here = member->relation->target;
        rest = behind;
    } while (!rest.empty());
    return relations;
}

} // namespace kith::query
