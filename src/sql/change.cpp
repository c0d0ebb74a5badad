#include "sql/change.hpp"

#include "query/refine.hpp"
#include "sql/select.hpp"
#include "sql/select_builder.hpp"
#include "sql/text.hpp"
#include "sql/writer.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace kith::sql {

namespace {

std::vector<std::string> quoted_columns(std::span<const FieldInfo* const> fields, const Dialect& dialect) {
    std::vector<std::string> columns;
    for (const auto* field : fields) columns.push_back(dialect.quote(field->column));
    return columns;
}

std::vector<std::string> equalities(std::span<const FieldInfo* const> fields, std::vector<Value> values,
                                    Writer& writer) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        parts.push_back(fmt::format("{} = {}", writer.quote(fields[i]->column), writer.bind(std::move(values[i]))));
    }
    return parts;
}

std::vector<std::string> assignments(std::span<const FieldInfo* const> fields, std::vector<Value> values,
                                     Writer& writer) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        parts.push_back(
            fmt::format("{} = {}", writer.quote(fields[i]->column), writer.bind(std::move(values[i]), fields[i])));
    }
    return parts;
}

/// What update_row() and delete_row() find a row by.
std::vector<const FieldInfo*> found_by(const ModelInfo& model) {
    auto fields = model.primary_key;
    if (model.version != nullptr) fields.push_back(model.version);
    return fields;
}

std::string table_of(const ModelInfo& model, const Dialect& dialect) {
    return qualified(dialect, model.schema, model.table);
}

/// The column of the join table that holds the target's key.
KeyColumn target_key(const RelationInfo& relation) {
    const auto& link = *relation.join_table;
    return KeyColumn::of(link, link.target_columns.front(), relation.target_columns.front()->type);
}

/// `"content_type" = ?`, as a condition or an assignment.
std::string of_type(const detail::TypeCondition& only, Writer& writer) {
    return fmt::format("{} = {}", writer.quote(only.column->column), writer.bind(Value{only.type}));
}

/// The join table of a relation, with the names of its columns.
struct Link {
    std::string table;
    std::string source;
    std::string target;

    Link(const RelationInfo& relation, const Dialect& dialect)
        : table(qualified(dialect, relation.join_table->schema, relation.join_table->name)),
          source(dialect.quote(relation.join_table->source_columns.front())),
          target(dialect.quote(relation.join_table->target_columns.front())) {}
};

/// Whether a part of a primary key is given as 0.
bool has_zero_key(std::span<const FieldInfo* const> fields, std::span<const Value> values) {
    for (std::size_t column = 0; column < fields.size(); ++column) {
        if (!fields[column]->primary_key || !detail::is_integer(fields[column]->type)) continue;
        for (auto i = column; i < values.size(); i += fields.size()) {
            if (values[i] == Value{std::int64_t{0}}) return true;
        }
    }
    return false;
}

/// The prefix that an INSERT of these values needs.
std::string_view prefix_of(std::span<const FieldInfo* const> fields, std::span<const Value> values,
                           const Dialect& dialect) {
    const auto prefix = dialect.zero_key_prefix();
    return !prefix.empty() && has_zero_key(fields, values) ? prefix : std::string_view{};
}

/// `(?, ?), (?, ?)`: values row by row; `behind` them, each row has this text.
void append_rows(std::string& text, std::span<const FieldInfo* const> fields, std::vector<Value> values,
                 std::string_view behind, Writer& writer) {
    writer.reserve(values.size());
    text.reserve(text.size() + values.size() * 8);
    std::size_t column = 0;
    for (auto& value : values) {
        text += column == 0 ? "(" : ", ";
        text += writer.bind(std::move(value), fields[column]);
        if (++column < fields.size()) continue;
        text += behind;
        text += "), ";
        column = 0;
    }
    text.resize(text.size() - 2);
}

void append_insert(std::string& text, const ModelInfo& model, std::span<const FieldInfo* const> fields,
                   std::vector<Value> values, Writer& writer) {
    const auto& dialect = writer.dialect();
    text += fmt::format("INSERT INTO {} ", table_of(model, dialect));
    if (fields.empty()) {
        text += dialect.no_values();
        return;
    }
    text += fmt::format("({}) VALUES ", fmt::join(quoted_columns(fields, dialect), ", "));
    append_rows(text, fields, std::move(values), {}, writer);
}

/// The name of a row that the statement inserts, for the rest of it.
constexpr std::string_view new_row = "kith_new";

std::string value_of_new_row(const FieldInfo& column, const Dialect& dialect) {
    return fmt::format("(SELECT {} FROM {})", dialect.quote(column.column), dialect.quote(new_row));
}

/// The INSERT of the links of the new row; `back` is that of the links in the other direction.
std::string insert_links_of_new_row(const NewMembers& members, bool back, Writer& writer) {
    const auto& dialect = writer.dialect();
    const auto& relation = *members.relation;
    Link link(relation, dialect);
    if (back) std::swap(link.source, link.target);
    const auto column = target_key(relation);
    const auto keys = dialect.key_source(writer.bind_keys(members.linked), "kith_key", std::span(&column, 1));
    return fmt::format("INSERT INTO {} ({}, {}) SELECT {}, {}.{} FROM {}{}", link.table, link.source, link.target,
                       value_of_new_row(*relation.source_columns.front(), dialect), dialect.quote("kith_key"),
                       dialect.quote("key0"), keys, dialect.insert_ignore_suffix(link.table, link.source));
}

std::string insert_children_of_new_row(NewMembers& members, Writer& writer) {
    const auto& dialect = writer.dialect();
    const auto& relation = *members.relation;
    auto columns = quoted_columns(members.fields, dialect);
    std::string keys;
    for (std::size_t i = 0; i < relation.target_columns.size(); ++i) {
        columns.push_back(dialect.quote(relation.target_columns[i]->column));
        keys += keys.empty() && members.fields.empty() ? "" : ", ";
        keys += value_of_new_row(*relation.source_columns[i], dialect);
    }
    auto text =
        fmt::format("INSERT INTO {} ({}) VALUES ", table_of(*relation.target, dialect), fmt::join(columns, ", "));
    if (!members.fields.empty()) {
        append_rows(text, members.fields, std::move(members.values), keys, writer);
        return text;
    }
    for (std::size_t row = 0; row < members.rows; ++row) text += fmt::format("{}({})", row == 0 ? "" : ", ", keys);
    return text;
}

/// The INSERTs of `members`: one, or two for a symmetrical relation.
std::vector<std::string> member_inserts(NewMembers& members, Writer& writer) {
    if (members.linked == nullptr) return {insert_children_of_new_row(members, writer)};
    std::vector<std::string> inserts{insert_links_of_new_row(members, false, writer)};
    if (members.relation->symmetrical) inserts.push_back(insert_links_of_new_row(members, true, writer));
    return inserts;
}

/// A condition that picks out the rows of `query` for an UPDATE or DELETE of its table.
std::string chosen_rows(const Query& query, Writer& writer) {
    SelectBuilder select(writer, *query.model);
    const bool is_plain = !query.owner || !query.owner->relation->join_table;
    if (is_plain) {
        // Tried without a subselect first; binds are only kept when no join was needed.
        Writer trial(writer);
        SelectBuilder plain(trial, *query.model);
        plain.restrict_to(query);
        if (plain.joins().text().empty()) {
            writer = std::move(trial);
            return plain.where_clause();
        }
    }
    const auto& key = query.model->key();
    return fmt::format(" WHERE {} IN ({})", select.joins().column(0, key.column), select_keys(query, key, writer));
}

} // namespace

std::vector<std::string> own_assignments(const ModelInfo& model, std::span<const FieldInfo* const> assigned,
                                         Writer& writer) {
    std::vector<std::string> sets;
    if (model.version != nullptr) sets.push_back(fmt::format("{0} = {0} + 1", writer.quote(model.version->column)));
    const auto now = model.timed.empty() ? Timestamp{} : clock(writer.dialect());
    for (const auto* field : model.timed) {
        if (!field->auto_now || std::ranges::find(assigned, field) != assigned.end()) continue;
        sets.push_back(fmt::format("{} = {}", writer.quote(field->column), writer.bind(time_for(*field, now), field)));
    }
    return sets;
}

Statement insert_rows(const ModelInfo& model, std::span<const FieldInfo* const> fields, std::vector<Value> values,
                      std::span<const FieldInfo* const> returning, const Dialect& dialect,
                      const OnConflict& on_conflict) {
    Writer writer(dialect, model.table);
    std::string text(prefix_of(fields, values, dialect));
    append_insert(text, model, fields, std::move(values), writer);
    if (!on_conflict.key.empty()) {
        text +=
            dialect.on_conflict(quoted_columns(on_conflict.key, dialect), quoted_columns(on_conflict.updated, dialect));
        if (!on_conflict.updated.empty() && model.version != nullptr) {
            text +=
                fmt::format(", {0} = {1}.{0} + 1", dialect.quote(model.version->column), dialect.quote(model.table));
        }
    }
    auto statement = std::move(writer).finish(std::move(text));
    if (!returning.empty()) append_returning(statement, returning, dialect);
    return statement;
}

void append_returning(Statement& statement, std::span<const FieldInfo* const> columns, const Dialect& dialect) {
    statement.text =
        fmt::format("{} RETURNING {}", statement.text.str(), fmt::join(quoted_columns(columns, dialect), ", "));
}

Statement insert_with_members(const ModelInfo& model, std::span<const FieldInfo* const> fields,
                              std::vector<Value> values, std::span<const FieldInfo* const> returning,
                              std::vector<NewMembers> members, const Dialect& dialect) {
    Writer writer(dialect, model.table);
    std::vector<const FieldInfo*> known(returning.begin(), returning.end());
    for (const auto& some : members) {
        for (const auto* column : some.relation->source_columns) {
            if (std::ranges::find(known, column) == known.end()) known.push_back(column);
        }
    }
    auto text = fmt::format("WITH {} AS (", dialect.quote(new_row));
    append_insert(text, model, fields, std::move(values), writer);
    text += fmt::format(" RETURNING {})", fmt::join(quoted_columns(known, dialect), ", "));
    std::size_t parts = 0;
    for (auto& some : members) {
        for (auto& part : member_inserts(some, writer)) text += fmt::format(", \"kith_set{}\" AS ({})", parts++, part);
    }
    const auto columns = returning.empty() ? std::vector<std::string>{"1"} : quoted_columns(returning, dialect);
    text += fmt::format(" SELECT {} FROM {}", fmt::join(columns, ", "), dialect.quote(new_row));
    return std::move(writer).finish(std::move(text));
}

bool give_values(Statement& insert, std::span<const FieldInfo* const> fields, std::vector<Value>& values,
                 const Dialect& dialect) {
    if (insert.binds.size() != values.size()) return false;
    const auto prefix = dialect.zero_key_prefix();
    const bool has_prefix = !prefix.empty() && insert.text.starts_with(prefix);
    if (has_prefix == prefix_of(fields, values, dialect).empty()) return false;
    std::ranges::move(values, insert.binds.begin());
    return true;
}

Statement copy_rows(const ModelInfo& model, std::span<const FieldInfo* const> fields, std::vector<Value> values,
                    const Dialect& dialect) {
    Statement statement{.table = model.table};
    statement.text = dialect.copy_from(table_of(model, dialect),
                                       fmt::format("{}", fmt::join(quoted_columns(fields, dialect), ", ")));
    statement.stored.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) statement.stored.push_back(fields[i % fields.size()]);
    statement.binds.assign(std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
    return statement;
}

Statement update_row(const ModelInfo& model, std::span<const FieldInfo* const> fields, std::vector<Value> values,
                     std::vector<Value> key, const Dialect& dialect) {
    Writer writer(dialect, model.table);
    const auto sets = assignments(fields, std::move(values), writer);
    const auto where = equalities(found_by(model), std::move(key), writer);
    return std::move(writer).finish(fmt::format("UPDATE {} SET {} WHERE {}", table_of(model, dialect),
                                                fmt::join(sets, ", "), fmt::join(where, " AND ")));
}

Statement select_row(const ModelInfo& model, std::span<const FieldInfo* const> columns, std::vector<Value> key,
                     const Dialect& dialect) {
    Writer writer(dialect, model.table);
    const auto where = equalities(model.primary_key, std::move(key), writer);
    return std::move(writer).finish(fmt::format("SELECT {} FROM {} WHERE {}",
                                                fmt::join(quoted_columns(columns, dialect), ", "),
                                                table_of(model, dialect), fmt::join(where, " AND ")));
}

Statement select_rows_of_keys(const ModelInfo& model, std::span<const FieldInfo* const> by,
                              std::shared_ptr<const KeySet> keys, std::span<const FieldInfo* const> returned,
                              bool locks, const Dialect& dialect) {
    constexpr std::string_view alias = "kith_key";
    const auto table = table_of(model, dialect);
    Writer writer(dialect, model.table);
    std::vector<KeyColumn> key;
    std::vector<std::string> where;
    for (std::size_t i = 0; i < by.size(); ++i) {
        key.push_back(KeyColumn::of(*by[i]));
        where.push_back(fmt::format("{}.{} = {}", table, dialect.quote(by[i]->column), dialect.key(alias, i)));
    }
    auto text = fmt::format("SELECT {}.{}", dialect.quote(alias), dialect.quote("ordinal"));
    for (const auto* column : returned) text += fmt::format(", {}.{}", table, dialect.quote(column->column));
    const auto source = dialect.key_source(writer.bind_keys(std::move(keys)), alias, key);
    text += fmt::format(" FROM {}{}{} WHERE {}{}", source, dialect.key_join(), table, fmt::join(where, " AND "),
                        locks ? dialect.lock({}) : std::string());
    auto statement = std::move(writer).finish(text);
    statement.belongs_to_write = true;
    return statement;
}

Statement delete_row(const ModelInfo& model, std::vector<Value> key, const Dialect& dialect) {
    Writer writer(dialect, model.table);
    const auto where = equalities(found_by(model), std::move(key), writer);
    return std::move(writer).finish(
        fmt::format("DELETE FROM {} WHERE {}", table_of(model, dialect), fmt::join(where, " AND ")));
}

Statement insert_links(const RelationInfo& relation, Value source, std::shared_ptr<const KeySet> targets, Links links,
                       const Dialect& dialect) {
    Writer writer(dialect, relation.join_table->name);
    const Link link(relation, dialect);
    // Bound twice: a database may type a parameter by the first place where it is used.
    const auto from = writer.bind(source);
    const auto column = target_key(relation);
    const auto keys = dialect.key_source(writer.bind_keys(std::move(targets)), "kith_key", std::span(&column, 1));
    const auto key = fmt::format("{}.{}", dialect.quote("kith_key"), dialect.quote("key0"));
    std::string condition = "TRUE"; // SQLite needs one before ON CONFLICT
    if (links == Links::may_exist) {
        condition = fmt::format("NOT EXISTS (SELECT 1 FROM {} WHERE {} = {} AND {} = {})", link.table, link.source,
                                writer.bind(std::move(source)), link.target, key);
    }
    return std::move(writer).finish(fmt::format("INSERT INTO {} ({}, {}) SELECT {}, {} FROM {} WHERE {}{}", link.table,
                                                link.source, link.target, from, key, keys, condition,
                                                dialect.insert_ignore_suffix(link.table, link.source)));
}

Statement delete_links(const RelationInfo& relation, Value source, std::shared_ptr<const KeySet> targets,
                       const Dialect& dialect) {
    Writer writer(dialect, relation.join_table->name);
    const Link link(relation, dialect);
    auto text = fmt::format("DELETE FROM {} WHERE {} = {}", link.table, link.source, writer.bind(std::move(source)));
    if (targets != nullptr) {
        text += " AND " + writer.is_one_of(link.target, std::move(targets), target_key(relation));
    }
    return std::move(writer).finish(std::move(text));
}

Statement select_link_targets(const RelationInfo& relation, Value source, const Dialect& dialect) {
    Writer writer(dialect, relation.join_table->name);
    const Link link(relation, dialect);
    auto text = fmt::format("SELECT {} FROM {} WHERE {} = {}", link.target, link.table, link.source,
                            writer.bind(std::move(source)));
    return std::move(writer).finish(std::move(text));
}

Statement delete_children(const RelationInfo& relation, Value parent, std::shared_ptr<const KeySet> children,
                          const Dialect& dialect) {
    Writer writer(dialect, relation.target->table);
    const auto& child = *relation.target;
    auto text = fmt::format("DELETE FROM {} WHERE {} AND {} = {}", table_of(child, dialect),
                            of_type(*relation.only_type, writer),
                            dialect.quote(relation.target_columns.front()->column), writer.bind(std::move(parent)));
    if (children != nullptr) {
        text += " AND " +
                writer.is_one_of(dialect.quote(child.key().column), std::move(children), KeyColumn::of(child.key()));
    }
    return std::move(writer).finish(std::move(text));
}

Statement update_children(const RelationInfo& relation, std::vector<Value> parent,
                          std::shared_ptr<const KeySet> children, const std::vector<Value>* only_of,
                          const Dialect& dialect) {
    Writer writer(dialect, relation.target->table);
    const auto& child = *relation.target;
    auto columns = relation.target_columns;
    if (parent.empty()) {
        if (columns.size() > 1) std::erase_if(columns, [](const FieldInfo* column) { return !column->nullable; });
        parent.resize(columns.size());
    }
    auto sets = assignments(columns, std::move(parent), writer);
    if (relation.only_type) sets.push_back(of_type(*relation.only_type, writer));
    std::ranges::move(own_assignments(child, columns, writer), std::back_inserter(sets));
    const auto text = fmt::format("UPDATE {} SET {}", table_of(child, dialect), fmt::join(sets, ", "));
    std::vector<std::string> where;
    if (only_of != nullptr) where = equalities(relation.target_columns, *only_of, writer);
    if (children != nullptr) {
        where.push_back(
            writer.is_one_of(dialect.quote(child.key().column), std::move(children), KeyColumn::of(child.key())));
    }
    return std::move(writer).finish(fmt::format("{} WHERE {}", text, fmt::join(where, " AND ")));
}

namespace {

std::string assigned_value(const query::ResolvedCondition& assignment, Where& columns, Writer& writer) {
    const auto& column = *assignment.path.column;
    if (const auto* value = std::get_if<Value>(&assignment.right)) return writer.bind(*value, &column);
    if (const auto* other = std::get_if<query::ColumnPath>(&assignment.right)) {
        return columns.column(*other, Joins::shared, false);
    }
    const auto& computed = *std::get<query::ResolvedValuePtr>(assignment.right);
    return writer.dialect().stored(columns.value(computed, Joins::shared, false), column);
}

} // namespace

Statement update_rows(const Query& query, std::span<const query::ResolvedCondition> assignments,
                      const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    Joins joins(writer, *query.model);
    Where columns(writer, joins);
    std::vector<std::string> sets;
    std::vector<const FieldInfo*> assigned;
    for (const auto& assignment : assignments) {
        assigned.push_back(assignment.path.column);
        sets.push_back(fmt::format("{} = {}", dialect.quote(assignment.path.column->column),
                                   assigned_value(assignment, columns, writer)));
    }
    std::ranges::move(own_assignments(*query.model, assigned, writer), std::back_inserter(sets));
    if (!joins.text().empty()) {
        throw FieldError("update() takes columns of the table itself on the right-hand side, not of related ones",
                         {.model = query.model->name});
    }
    const auto where = chosen_rows(query, writer);
    return std::move(writer).finish(
        fmt::format("UPDATE {} SET {}{}", joins.base_table(), fmt::join(sets, ", "), where));
}

namespace {

/// The primary keys of rows in the text of a statement.
struct KeysInText {
    std::vector<std::string> tests{}; ///< of each row, behind CASE or `CASE "id"`
    std::string subject{};            ///< ` "id"`; empty for a key of several columns
    std::string condition{};          ///< that the row is one of them

    KeysInText(std::span<const FieldInfo* const> key, std::vector<std::vector<Value>> keys, Writer& writer) {
        const bool is_one = key.size() == 1;
        for (auto& values : keys) {
            tests.push_back(is_one ? writer.bind(std::move(values.front()))
                                   : concat("(", joined(equalities(key, std::move(values), writer), " AND "), ")"));
        }
        if (is_one) subject = concat(" ", writer.quote(key.front()->column));
        condition = is_one ? concat(std::string_view(subject).substr(1), " IN (", joined(tests, ", "), ")")
                           : concat("(", joined(tests, " OR "), ")");
    }
};

} // namespace

Statement update_rows_of_keys(const Query& query, std::span<const FieldInfo* const> fields,
                              std::vector<std::vector<Value>> keys, std::vector<Value> values, const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    const Joins joins(writer, *query.model);
    const KeysInText rows(query.model->primary_key, std::move(keys), writer);
    std::string sets;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto column = dialect.quote(fields[i]->column);
        sets += concat(i == 0 ? "" : ", ", column, " = CASE", rows.subject);
        for (std::size_t row = 0; row < rows.tests.size(); ++row) {
            auto& value = values[row * fields.size() + i];
            sets += concat(" WHEN ", rows.tests[row], " THEN ", writer.bind(std::move(value), fields[i]));
        }
        sets += concat(" ELSE ", column, " END"); // which gives the CASE the type of the column
    }
    for (const auto& own : own_assignments(*query.model, fields, writer)) sets += concat(", ", own);
    auto where = chosen_rows(query, writer);
    where = where.empty() ? concat(" WHERE ", rows.condition) : concat(where, " AND ", rows.condition);
    return std::move(writer).finish(concat("UPDATE ", joins.base_table(), " SET ", sets, where));
}

Statement update_returning(const Query& query, std::span<const query::ResolvedCondition> assignments,
                           const Dialect& dialect, RowPlan& plan) {
    auto statement = update_rows(query, assignments, dialect);
    Writer writer(dialect, query.model->table);
    SelectBuilder rows(writer, *query.model);
    plan.parts.push_back(rows.row(*query.model, 0, query::left_out(query, {}, *query.model)));
    statement.text = concat(statement.text.str(), " RETURNING ", rows.columns().text());
    return statement;
}

Statement delete_rows(const Query& query, const Dialect& dialect) {
    Writer writer(dialect, query.model->table, &query.db);
    const Joins joins(writer, *query.model);
    const auto where = chosen_rows(query, writer);
    return std::move(writer).finish(fmt::format("DELETE FROM {}{}", joins.base_table(), where));
}

Statement delete_children_of(const RelationInfo& relation, const Query& query, const Dialect& dialect) {
    Writer writer(dialect, relation.target->table, &query.db);
    const Joins children(writer, *relation.target);
    const auto keys = select_keys(query, *relation.source_columns.front(), writer);
    return std::move(writer).finish(fmt::format("DELETE FROM {} WHERE {} AND {} IN ({})", children.base_table(),
                                                children.type_condition(relation, 0),
                                                children.column(0, relation.target_columns.front()->column), keys));
}

} // namespace kith::sql
