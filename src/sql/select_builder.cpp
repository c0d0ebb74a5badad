#include "sql/select_builder.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <kith/error.hpp>

#include "query/refine.hpp"
#include "query/resolve.hpp"
#include "sql/annotation.hpp"

namespace kith::sql {

namespace {

constexpr std::string_view key_alias = "kith_key";

/// only() and defer() can speak about a related row where select_related brings one.
void require_selected(const Query& query) {
    const auto is_joined = [&](const query::Path& path) {
        return path.relations.empty() || std::ranges::any_of(query.selected, [&](const auto& selected) {
                   return selected.size() >= path.relations.size() &&
                          std::equal(path.relations.begin(), path.relations.end(), selected.begin());
               });
    };
    const auto check = [&](const std::vector<query::Path>& paths) {
        for (const auto& path : paths) {
            if (is_joined(path)) continue;
            throw ValueError(fmt::format("only() or defer() names {}, a column of a related row: add its relation to "
                                         "select_related, or defer the column in a Prefetch",
                                         path.column->label()),
                             {.model = query.model->name, .lookup = path.column->name});
        }
    };
    if (query.only) check(*query.only);
    check(query.deferred);
}

}  // namespace

LinkTable::LinkTable(const Dialect& dialect, const RelationInfo& relation)
    : LinkTable(dialect, relation, dialect.quote(relation.join_table->name)) {}

LinkTable::LinkTable(const Dialect& dialect, const RelationInfo& relation, std::string called) : alias(std::move(called)) {
    const auto& link = *relation.join_table;
    name = qualified(dialect, link.schema, link.name);
    source = fmt::format("{}.{}", alias, dialect.quote(link.source_columns.front()));
    target = fmt::format("{}.{}", alias, dialect.quote(link.target_columns.front()));
}

std::string limit_clause(const Query& query, const Dialect& dialect) {
    if (!query.is_sliced()) return {};
    return dialect.limit(query.offset, query.limit.value_or(std::string::npos));
}

backend::ColumnSlot slot_of(const FieldInfo& field) {
    return {.type = field.type,
            .offset = field.offset,
            .to_one = field.relation != nullptr,
            .access = field.access,
            .field = &field};
}

SelectBuilder::SelectBuilder(Writer& writer, const ModelInfo& base)
    : writer_(writer), joins_(writer.dialect(), base), where_(writer_, joins_), base_(base) {}

void SelectBuilder::filter(std::string text) {
    if (!text.empty()) conditions_.push_back(std::move(text));
}

RowPart SelectBuilder::row(const ModelInfo& model, std::size_t at, std::vector<const FieldInfo*> left_out) {
    RowPart part{.model = &model, .first_column = static_cast<int>(columns_.size()), .left_out = std::move(left_out)};
    part.slots.reserve(model.columns.size());
    for (const auto* field : model.columns) {
        if (field->lazy && std::ranges::find(part.left_out, field) != part.left_out.end()) continue;
        if (!model.primary_key.empty() && field == model.primary_key.front()) {
            part.key_column = static_cast<int>(columns_.size());
        }
        part.slots.push_back(slot_of(*field));
        column(joins_.column(at, field->column));
    }
    return part;
}

void SelectBuilder::annotations(const Query& query, RowPart& part) {
    for (const auto& annotation : query.annotations) {
        part.slots.push_back(slot_of(*annotation.slot));
        part.computed.push_back(annotation.slot);
        column(sql::annotation(*annotation.aggregate, joins_, writer_));
    }
}

void SelectBuilder::selected(const Query& query, RowPlan& plan) {
    std::vector<std::size_t> tables{0};  // of the parts, in step with them
    for (const auto& path : query.selected) {
        std::size_t part = 0;
        for (std::size_t step = 0; step < path.size(); ++step) {
            const auto* relation = path[step];
            const auto known = std::ranges::find_if(
                plan.parts, [&](const RowPart& p) { return p.relation == relation && p.parent == part; });
            if (known != plan.parts.end()) {
                part = static_cast<std::size_t>(known - plan.parts.begin());
                continue;
            }
            const bool inner = relation->forward && !relation->field->nullable;
            tables.push_back(joins_.follow(tables[part], *relation, Joins::shared, inner));
            const auto& target = *relation->target;
            auto joined = row(target, tables.back(), query::left_out(query, std::span(path).first(step + 1), target));
            joined.relation = relation;
            joined.parent = part;
            plan.parts.push_back(std::move(joined));
            part = plan.parts.size() - 1;
        }
    }
    require_selected(query);
}

void SelectBuilder::restrict_to(const Query& query) {
    if (query.owner) {
        const auto& relation = *query.owner->relation;
        const auto column = joins_.column(0, relation.target_columns.front()->column);
        if (relation.join_table) {
            const LinkTable link(writer_.dialect(), relation, joins_.given_link(relation, Joins::first_call));
            link_ = fmt::format(" INNER JOIN {} ON ({} = {})", link.declared(), column, link.target);
            filter(fmt::format("{} = {}", link.source, writer_.bind(query.owner->key)));
        } else {
            filter(fmt::format("{} = {}", column, writer_.bind(query.owner->key)));
        }
    }
    filter(where_.filters(query.filters));
    distinct_ = distinct_ || query.distinct;
}

void SelectBuilder::order(const Query& query) {
    if (!query.ordered) return default_order(query.reversed);
    for (const auto& term : query.order) order_by(term, query.reversed);
}

void SelectBuilder::default_order(bool reversed) {
    for (const auto& name : base_.ordering) order_by(query::resolve_order(base_, name), reversed);
}

void SelectBuilder::order_by(const query::Order& term, bool reversed) {
    const auto column = where_.column(term.path, Joins::shared, false);
    order_.push_back(writer_.dialect().comparable(column, term.path.column->type) +
                     (term.descending != reversed ? " DESC" : " ASC"));
}

std::string SelectBuilder::key_source(std::shared_ptr<const KeySet> keys) {
    std::vector<ColumnType> types;
    for (const auto& part : keys->columns()) types.push_back(part.type);
    const auto placeholder = writer_.bind(std::move(keys));
    return writer_.dialect().key_source(placeholder, key_alias, types) + writer_.dialect().key_join();
}

std::string SelectBuilder::key_column() const {
    return fmt::format("{}.{}", writer_.quote(key_alias), writer_.quote("key0"));
}

std::string SelectBuilder::ordinal() const {
    return fmt::format("{}.{}", writer_.quote(key_alias), writer_.quote("ordinal"));
}

void SelectBuilder::drive(std::shared_ptr<const KeySet> keys, const RelationInfo& relation) {
    const auto& column = *relation.target_columns.front();
    if (!relation.join_table) return drive(std::move(keys), column);
    const LinkTable link(writer_.dialect(), relation, joins_.given_link(relation, Joins::every_call));
    driver_ = key_source(std::move(keys)) + link.declared() + writer_.dialect().key_join();
    // The column stands on the left: databases take the collation of that side.
    filter(fmt::format("{} = {}", link.source, key_column()));
    filter(fmt::format("{} = {}", joins_.column(0, column.column), link.target));
}

void SelectBuilder::drive(std::shared_ptr<const KeySet> keys, const FieldInfo& column) {
    driver_ = key_source(std::move(keys));
    filter(fmt::format("{} = {}", joins_.column(0, column.column), key_column()));
}

std::string SelectBuilder::from() const {
    return fmt::format(" FROM {}{}{}{}", driver_, joins_.base_table(), link_, joins_.text());
}

std::string SelectBuilder::where_clause() const {
    return conditions_.empty() ? std::string{} : fmt::format(" WHERE {}", fmt::join(conditions_, " AND "));
}

std::string SelectBuilder::order_clause() const {
    return order_.empty() ? std::string{} : fmt::format(" ORDER BY {}", fmt::join(order_, ", "));
}

std::string SelectBuilder::text() const {
    return fmt::format("SELECT {}{}{}{}{}", distinct_ ? "DISTINCT " : "", fmt::join(columns_, ", "), from(),
                       where_clause(), order_clause());
}

}  // namespace kith::sql
