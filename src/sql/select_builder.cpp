#include "sql/select_builder.hpp"

#include "query/refine.hpp"
#include "query/resolve.hpp"
#include "sql/aggregate.hpp"
#include "sql/text.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <optional>

namespace kith::sql {

namespace {

/// Whether select_related joins what `path` leads to.
bool joins(const Query& query, std::span<const RelationInfo* const> path) {
    return std::ranges::any_of(query.selected, [&](const auto& selected) {
        return selected.size() >= path.size() && std::equal(path.begin(), path.end(), selected.begin());
    });
}

/// select_for_update can name only what is joined.
void require_joined(const Query& query, std::span<const RelationInfo* const> path) {
    if (joins(query, path)) return;
    const auto& relation = path.back()->field->name;
    throw ValueError(fmt::format("select_for_update names {}, which select_related does not join: add it there, or "
                                 "lock \"self\"",
                                 relation),
                     {.model = query.model->name, .lookup = relation});
}

/// only() and defer() can name a column of a related row only if select_related joins the row.
void require_selected(const Query& query) {
    const auto is_joined = [&](const query::ColumnPath& path) {
        return path.relations.empty() || joins(query, path.relations);
    };
    const auto check = [&](const std::vector<query::ColumnPath>& paths) {
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

} // namespace

LinkTable::LinkTable(const Dialect& dialect, const RelationInfo& relation)
    : LinkTable(dialect, relation, dialect.quote(relation.join_table->name)) {}

LinkTable::LinkTable(const Dialect& dialect, const RelationInfo& relation, std::string called)
    : alias(std::move(called)) {
    const auto& link = *relation.join_table;
    name = qualified(dialect, link.schema, link.name);
    source = concat(alias, ".", dialect.quote(link.source_columns.front()));
    target = concat(alias, ".", dialect.quote(link.target_columns.front()));
}

KeyColumn source_key_of_links(const RelationInfo& relation) {
    const auto& link = *relation.join_table;
    return KeyColumn::of(link, link.source_columns.front(), relation.source_columns.front()->type);
}

constexpr std::string_view keys_alias = "kith_key";

namespace {

/// The column of the ordinal of each row's key.
std::string ordinal(const Dialect& dialect) { return concat(dialect.quote(keys_alias), ".", dialect.quote("ordinal")); }

/// The keys as a table.
std::string key_table(std::shared_ptr<const KeySet> keys, std::span<const KeyColumn> columns, Writer& writer) {
    const auto fewest = writer.dialect().fewest_keys();
    if (keys->size() < fewest) {
        keys = std::make_shared<const KeySet>(keys->filled_to(fewest, KeySet::Filling::null));
    }
    return writer.dialect().key_source(writer.bind_keys(std::move(keys)), keys_alias, columns);
}

/// The only key of the set, if it can be bound as a plain number.
std::optional<std::int64_t> only_number(const KeySet& keys, const KeyColumn& column) {
    const auto& set = keys.columns().front();
    if (keys.size() != 1 || !is_signed_integer(set.type) || !is_signed_integer(column.type)) return std::nullopt;
    return set.integers.front();
}

/// The condition that `column` is in one of the runs. There are only a few texts: the last run is repeated until their
/// number is a power of two.
std::string in_runs(const std::string& column, std::span<const KeyRun> runs, Writer& writer) {
    writer.plan_for_values();
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < std::bit_ceil(runs.size()); ++i) {
        const auto& run = runs[std::min(i, runs.size() - 1)];
        auto first = writer.bind(Value{run.first});
        parts.push_back(concat(column, " BETWEEN ", first, " AND ", writer.bind(Value{run.last})));
    }
    return parts.size() == 1 ? std::move(parts.front()) : concat("(", joined(parts, " OR "), ")");
}

} // namespace

KeyMatch::KeyMatch(std::shared_ptr<const KeySet> keys, std::span<const std::string> columns,
                   std::span<const KeyColumn> key, Writer& writer) {
    if (columns.size() == 1) {
        *this = KeyMatch(std::move(keys), columns.front(), key.front(), writer);
        return;
    }
    const auto& dialect = writer.dialect();
    source = key_table(std::move(keys), key, writer);
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        parts.push_back(concat(columns[i], " = ", dialect.key(keys_alias, i)));
    }
    condition = joined(parts, " AND ");
    matched = ordinal(dialect);
}

KeyMatch::KeyMatch(std::shared_ptr<const KeySet> keys, const std::string& column, const KeyColumn& key,
                   Writer& writer) {
    const auto& dialect = writer.dialect();
    if (!keys->runs().empty()) {
        condition = in_runs(column, keys->runs(), writer);
        matched = column;
        return;
    }
    const bool by_key = dialect.matches_by_key(key.type);
    if (const auto number = only_number(*keys, key)) {
        condition = concat(column, " = ", writer.bind(Value{*number}));
        matched = by_key ? column : "1"; // its ordinal
        return;
    }
    if (!dialect.joins_keys(key.type)) {
        condition = writer.is_one_of(column, std::move(keys), key);
    } else {
        source = key_table(std::move(keys), std::span(&key, 1), writer);
        // The column is on the left: databases use the collation of that side.
        condition = concat(column, " = ", dialect.key(keys_alias, 0));
    }
    matched = by_key ? column : ordinal(dialect);
}

std::string limit_clause(const Query& query, const Dialect& dialect) {
    if (!query.is_sliced()) return {};
    return dialect.limit(query.offset, query.limit.value_or(std::string::npos));
}

SelectBuilder::SelectBuilder(Writer& writer, const ModelInfo& base)
    : writer_(writer), joins_(writer, base), where_(writer_, joins_), base_(base) {}

SelectBuilder::SelectBuilder(Writer& writer, const ModelInfo& base, Where& outer)
    : writer_(writer), joins_(Joins::within(outer.joins(), base)), where_(writer_, joins_, &outer), base_(base) {}

void SelectBuilder::filter(std::string text) {
    if (!text.empty()) conditions_.push_back(std::move(text));
}

void SelectBuilder::group(std::string having) {
    std::vector<std::string> places;
    for (std::size_t i = 0; i < columns_.size(); ++i) places.push_back(std::to_string(i + 1));
    group_ = concat(" GROUP BY ", joined(places, ", "));
    if (!having.empty()) group_ += concat(" HAVING ", having);
}

int SelectBuilder::place_of(const std::string& text) {
    const auto place = columns_.find(text);
    if (!place) column(text);
    return static_cast<int>(place.value_or(columns_.size() - 1));
}

RowPart SelectBuilder::new_part(const ModelInfo& model, std::vector<const FieldInfo*> left_out) const {
    RowPart part{.model = &model, .first_column = static_cast<int>(columns_.size()), .left_out = std::move(left_out)};
    part.key_columns.resize(std::max<std::size_t>(model.primary_key.size(), 1));
    return part;
}

void SelectBuilder::add(const FieldInfo& field, std::size_t at, RowPart& part) {
    part.holds(field, static_cast<int>(columns_.size()));
    part.slots.push_back(slot_of(field));
    columns_.begin();
    if (field.as_text) {
        columns_.text() += writer_.dialect().as_text(joins_.column(at, field.column));
    } else {
        joins_.append_column(columns_.text(), at, field.column);
    }
    columns_.end();
}

RowPart SelectBuilder::row(const ModelInfo& model, std::size_t at, std::vector<const FieldInfo*> left_out) {
    auto part = new_part(model, std::move(left_out));
    part.slots.reserve(model.columns.size() + 1); // often with one annotation
    columns_.reserve(model.columns.size() + 1);
    for (const auto* field : model.columns) {
        if (part.has(*field)) add(*field, at, part);
    }
    return part;
}

RowPart SelectBuilder::joined_row(const RelationInfo& relation, const RowPart& parent, std::size_t at,
                                  std::vector<const FieldInfo*> left_out) {
    auto part = new_part(*relation.target, std::move(left_out));
    part.relation = &relation;
    part.slots.reserve(relation.target->columns.size());
    const auto& primary_key = relation.target->primary_key;
    // Only the key of a row that may be missing tells whether it is there.
    const auto* tells = joins_.is_optional(at) && !primary_key.empty() ? primary_key.front() : nullptr;
    for (const auto* field : relation.target->columns) {
        if (!part.has(*field)) continue;
        const auto* source = field != tells ? same_in_source(relation, *field, writer_.dialect()) : nullptr;
        const auto column = source != nullptr ? parent.column_of(*source) : std::nullopt;
        if (column) {
            part.holds(*field, *column);
            part.shared.push_back({slot_of(*field), *column});
        } else {
            add(*field, at, part);
        }
    }
    return part;
}

void SelectBuilder::annotations(const Query& query, RowPart& part) {
    for (const auto& annotation : query.annotations) {
        part.slots.push_back(slot_of(*annotation.slot));
        part.computed.push_back(annotation.slot);
        column(where_.value(*annotation.value, Joins::shared, false));
    }
}

void SelectBuilder::selected(const Query& query, RowPlan& plan) {
    std::vector<std::size_t> tables{0}; // parallel to the parts
    for (const auto& path : query.selected) {
        std::size_t part = 0;
        for (std::size_t step = 0; step < path.size(); ++step) {
            const auto* relation = path[step];
            if (plan.parts[part].leads_back(*relation)) {
                part = plan.parts[part].parent;
                continue;
            }
            const auto known = std::ranges::find_if(
                plan.parts, [&](const RowPart& p) { return p.relation == relation && p.parent == part; });
            if (known != plan.parts.end()) {
                part = static_cast<std::size_t>(known - plan.parts.begin());
                continue;
            }
            const bool inner = relation->forward && !relation->field->nullable;
            tables.push_back(joins_.follow(tables[part], *relation, Joins::shared, inner));
            auto left_out = query::left_out(query, std::span(path).first(step + 1), *relation->target);
            auto joined = joined_row(*relation, plan.parts[part], tables.back(), std::move(left_out));
            joined.parent = part;
            plan.parts.push_back(std::move(joined));
            part = plan.parts.size() - 1;
        }
    }
    require_selected(query);
}

std::string SelectBuilder::lock_clause(const Query& query) {
    if (!query.locking) return {};
    const auto& locking = *query.locking;
    if (query.distinct) {
        throw ValueError("select_for_update locks rows of tables: it does not go with distinct()",
                         {.model = query.model->name});
    }
    std::vector<std::string> tables;
    if (locking.self) tables.push_back(joins_.alias(0));
    for (const auto& path : locking.of) {
        require_joined(query, path);
        std::size_t at = 0;
        for (const auto* relation : path) at = joins_.follow(at, *relation, Joins::shared, false);
        tables.push_back(joins_.alias(at));
    }
    return writer_.dialect().lock({.nowait = locking.nowait,
                                   .skip_locked = locking.skip_locked,
                                   .key_share = locking.key_share,
                                   .names_tables = locking.names_tables,
                                   .tables = tables});
}

void SelectBuilder::restrict_to(const Query& query) {
    if (query.owner) {
        const auto& relation = *query.owner->relation;
        if (relation.join_table) {
            const auto column = joins_.column(0, relation.target_columns.front()->column);
            const LinkTable link(writer_.dialect(), relation, joins_.given_link(relation, Joins::first_call));
            link_ = concat(" INNER JOIN ", link.declared(), " ON (", column, " = ", link.target, ")");
            filter(concat(link.source, " = ", writer_.bind(query.owner->key.front())));
        } else {
            for (std::size_t i = 0; i < relation.target_columns.size(); ++i) {
                filter(concat(joins_.column(0, relation.target_columns[i]->column), " = ",
                              writer_.bind(query.owner->key[i])));
            }
            filter(joins_.type_condition(relation, 0));
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
    for (const auto& [relations, column, joined, descending] : base_.ordering) {
        order_by({.path = {.relations = relations, .column = column, .joined = joined}, .descending = descending},
                 reversed);
    }
}

void SelectBuilder::order_by(const query::Order& term, bool reversed) {
    add_order({term.path.column->type, term.descending != reversed, query::may_be_null(term.path)},
              where_.column(term.path, Joins::shared, false));
}

void SelectBuilder::order_by_place(std::size_t place, const query::Order& term, bool reversed) {
    // The column has the form that sorts by value.
    add_order({ColumnType::int64, term.descending != reversed, query::may_be_null(term.path)},
              std::to_string(place + 1));
}

void SelectBuilder::add_order(OrderForm form, std::string column) {
    order_forms_.push_back(form);
    order_.push_back(order_term(order_.size(), column));
    order_columns_.push_back(std::move(column));
}

std::string SelectBuilder::order_term(std::size_t i, std::string name) const {
    const auto& form = order_forms_[i];
    return writer_.dialect().order_term(std::move(name), form.type, form.descending, form.may_be_null);
}

void SelectBuilder::drive(const KeyOrigin& from, const RelationInfo& relation) {
    const auto& column = *relation.target_columns.front();
    const auto& source = *relation.source_columns.front();
    if (!relation.join_table) {
        if (from.above != nullptr) {
            match(*from.above, source, joins_.column(0, column.column));
        } else {
            drive(from.keys, relation.target_columns);
        }
        if (!relation.forward) filter(joins_.type_condition(relation, 0));
        return;
    }
    const LinkTable link(writer_.dialect(), relation, joins_.given_link(relation, Joins::every_call));
    if (from.above != nullptr) {
        match(*from.above, source, link.source);
    } else {
        const auto key = source_key_of_links(relation);
        match(from.keys, std::span(&link.source, 1), std::span(&key, 1));
    }
    driver_ += link.declared() + writer_.dialect().key_join();
    filter(concat(joins_.column(0, column.column), " = ", link.target));
}

void SelectBuilder::drive(std::shared_ptr<const KeySet> keys, std::span<const FieldInfo* const> columns) {
    std::vector<std::string> called;
    std::vector<KeyColumn> key;
    for (const auto* column : columns) {
        called.push_back(joins_.column(0, column->column));
        key.push_back(KeyColumn::of(*column));
    }
    match(std::move(keys), called, key);
}

void SelectBuilder::match(std::shared_ptr<const KeySet> keys, std::span<const std::string> columns,
                          std::span<const KeyColumn> key) {
    has_one_key_ = keys->size() == 1;
    const KeyMatch match(std::move(keys), columns, key, writer_);
    if (!match.source.empty()) driver_ = match.source + writer_.dialect().key_join();
    filter(match.condition);
    matched_ = match.matched;
}

void SelectBuilder::break_ties(bool reversed) {
    for (const auto* key : base_.primary_key) {
        add_order({key->type, reversed, false}, joins_.column(0, key->column));
    }
}

void SelectBuilder::match(const RowsAbove& rows, const FieldInfo& source, const std::string& column) {
    filter(concat(column, " IN (", select_column(rows, source, writer_), ")"));
    matched_ = column;
}

std::string SelectBuilder::from() const { return concat(" FROM ", driver_, joins_.base_table(), link_, joins_.text()); }

std::string SelectBuilder::where_clause() const {
    return conditions_.empty() ? std::string{} : concat(" WHERE ", joined(conditions_, " AND "));
}

std::string SelectBuilder::order_clause() const {
    return order_.empty() ? std::string{} : concat(" ORDER BY ", joined(order_, ", "));
}

std::string SelectBuilder::text() const {
    std::string order_columns;
    // Distinct rows can only be ordered by their own columns, which need unique names for that.
    for (std::size_t i = 0; distinct_ && i < order_columns_.size(); ++i) {
        if (columns_.find(order_columns_[i])) continue;
        order_columns += concat(", ", order_columns_[i], " AS ", writer_.quote(fmt::format("kith_order{}", i)));
    }
    return concat("SELECT ", distinct_ ? "DISTINCT " : "", columns_.text(), order_columns, from(), where_clause(),
                  group_, order_clause());
}

} // namespace kith::sql
