#include "write/conflict.hpp"

#include "rows/generic_key.hpp"
#include "rows/row_value.hpp"
#include "rows/saved.hpp"
#include "write/row_values.hpp"
#include "write/stamps.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

namespace kith::write {

namespace {

using detail::Value;
using UniqueFields = std::vector<const FieldInfo*>;

/// Rows whose keys are looked up in one statement, where the database cannot be told of conflicts.
constexpr std::size_t most_looked_up = 500;
/// How often another connection may insert a row between looking for it and inserting it.
constexpr int most_tries = 3;

UniqueFields fields_of(const ModelInfo& model, std::span<const std::string_view> names) {
    UniqueFields fields;
    for (const auto name : names) fields.push_back(model.find(name));
    return fields;
}

std::vector<std::string> column_names(std::span<const FieldInfo* const> fields) {
    std::vector<std::string> names;
    for (const auto* field : fields) names.push_back(field->column);
    return names;
}

template <class T>
bool are_the_same(std::vector<T> a, std::vector<T> b) {
    std::ranges::sort(a);
    std::ranges::sort(b);
    return a == b;
}

std::vector<UniqueFields> unique_keys_of(const ModelInfo& model) {
    auto keys = model.unique;
    keys.push_back(model.primary_key);
    for (const auto* field : model.columns) {
        if (field->unique) keys.push_back({field});
    }
    return keys;
}

/// The values of `wanted` in a record of `fields`.
std::vector<Value> values_in(std::span<const FieldInfo* const> fields, const std::vector<Value>& record,
                             std::span<const FieldInfo* const> wanted) {
    std::vector<Value> values;
    values.reserve(wanted.size());
    for (const auto* field : wanted) {
        values.push_back(record.at(static_cast<std::size_t>(std::ranges::find(fields, field) - fields.begin())));
    }
    return values;
}

/// Whether a row with another primary key cannot have that of `row`, which gets a new one.
bool gets_new_key(const ModelInfo& model, const NewRow& row) {
    if (row.knows_key || model.primary_key.size() != 1) return false;
    const auto& key = *model.primary_key.front();
    return rows::is_unset(rows::read_value(row.row, key), key);
}

[[noreturn]] void refuse_ambiguity(const ModelInfo& model, std::span<const FieldInfo* const> key,
                                   const std::string& other) {
    throw ValueError(fmt::format("on_conflict({}) of {} is ambiguous: this database cannot be told for which unique "
                                 "key a new row is to be compared, and there is {} too. Use get_or_create or "
                                 "update_or_create, or drop that key",
                                 fmt::join(column_names(key), ", "), model.name, other),
                     {.model = model.name});
}

/// Stores what `record` has of all GenericForeignKeys.
void store_generic_keys(std::span<const FieldInfo* const> fields, const std::vector<Value>& record, void* row) {
    for (const auto& generic : fields.front()->model->generic_keys) {
        for (const auto* key : generic->keys) rows::write_value(row, *key, Value{});
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i]->generic != nullptr) rows::write_value(row, *fields[i], record[i]);
    }
    rows::settle_generic_keys(row, *fields.front()->model);
}

} // namespace

Conflict::Conflict(const ModelInfo& model, const detail::ConflictSpec& spec)
    : model_(model), key_(fields_of(model, spec.key)), updated_(fields_of(model, spec.updated)) {
    for (const auto* field : model.timed) {
        const bool is_named = std::ranges::find(updated_, field) != updated_.end();
        if (field->auto_now && !updated_.empty() && !is_named) updated_.push_back(field);
    }
}

bool Conflict::has_whole_key(const NewRow& row) const {
    return std::ranges::all_of(key_, [&](const FieldInfo* field) {
        const bool is_new = gets_new_key(model_, row) && field == model_.primary_key.front();
        return !is_new && !detail::is_null(rows::stored_value(row.row, *field));
    });
}

Conflict::Key Conflict::key_of(const void* row) const {
    Key key;
    key.reserve(key_.size());
    for (const auto* field : key_) key.push_back(rows::stored_value(row, *field));
    return key;
}

Conflict::Parts Conflict::parts_of(std::span<const NewRow> rows) {
    Parts parts;
    std::map<Key, std::size_t> seen;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!has_whole_key(rows[i])) {
            parts.others.push_back(rows[i]);
            continue;
        }
        const auto [first, is_new] = seen.emplace(key_of(rows[i].row), i);
        if (is_new) {
            parts.contenders.push_back(rows[i]);
        } else if (ignores()) {
            ignored_.insert(rows[i].row);
        } else {
            throw ValueError(fmt::format("Rows {} and {} of {}, counted from 0, have the same {}: a row can be updated "
                                         "once in a call",
                                         first->second, i, model_.name, fmt::join(column_names(key_), ", ")),
                             {.model = model_.name, .row = i});
        }
    }
    return parts;
}

void Conflict::require_one_key(connection::Session& session, std::span<const NewRow> rows) const {
    const bool brings_key = !std::ranges::all_of(rows, [&](const auto& row) { return gets_new_key(model_, row); });
    const auto key = column_names(key_);
    const auto primary = column_names(model_.primary_key);
    const auto is_other = [&](const std::vector<std::string>& columns) {
        return !are_the_same(columns, key) && (brings_key || !are_the_same(columns, primary));
    };
    for (const auto& fields : unique_keys_of(model_)) {
        const auto columns = column_names(fields);
        if (is_other(columns)) refuse_ambiguity(model_, key_, fmt::format("({})", fmt::join(columns, ", ")));
    }
    bool exists = false;
    for (const auto& unique : session.unique_keys(model_)) {
        if (is_other(unique.columns)) refuse_ambiguity(model_, key_, fmt::format("\"{}\" in the table", unique.name));
        exists = exists || are_the_same(unique.columns, key);
    }
    if (exists) return;
    throw OperationalError(fmt::format("The table of {} has no unique key ({}), which on_conflict names: add it there",
                                       model_.name, fmt::join(key, ", ")),
                           {.model = model_.name});
}

void Conflict::insert(connection::Session& session, std::span<const NewRow> rows, InsertWatch& watch) {
    require_writable(model_);
    Stamps stamps(session.dialect());
    for (const auto& fresh : rows) stamps.stamp_new(model_, fresh.row); // the key may have a default
    const auto parts = parts_of(rows);
    if (!ignores()) require_values(parts.contenders, watch);
    const bool is_named = session.dialect().names_conflicts();
    if (!is_named && !parts.contenders.empty()) require_one_key(session, parts.contenders);
    watch.add(ignored_.size());
    write::insert(session, model_, parts.others, nullptr, &watch);
    if (is_named || !ignores()) {
        insert_or_take(session, parts.contenders, watch);
        return;
    }
    std::span<const NewRow> left(parts.contenders);
    while (!left.empty()) {
        const auto some = left.first(std::min(left.size(), most_looked_up));
        watch.at_database = true;
        insert_missing(session, some, most_tries);
        watch.at_database = false;
        watch.add(some.size());
        left = left.subspan(some.size());
    }
}

/// The row that exists would take the default of the database for a value that was given.
void Conflict::require_values(std::span<const NewRow> rows, InsertWatch& watch) const {
    for (const auto& fresh : rows) {
        watch.refused = fresh.row;
        for (const auto* field : updated_) require_value_for_update(fresh.row, *field);
    }
    watch.refused = nullptr;
}

void Conflict::insert_or_take(connection::Session& session, std::span<const NewRow> rows, InsertWatch& watch) {
    constexpr std::string_view cardinality_violation = "21000"; // PostgreSQL's, for what others update twice
    try {
        write::insert(session, model_, rows, nullptr, &watch, this);
    } catch (const DatabaseError& e) {
        if (e.sqlstate() != cardinality_violation) throw;
        watch.at_database = false;
        refuse_twice();
    }
}

void Conflict::refuse_twice() const {
    throw ValueError(
        fmt::format("Two of the rows have the same {} to the database, which takes them for one row of {}: "
                    "a row can be updated once in a call",
                    fmt::join(column_names(key_), ", "), model_.name),
        {.model = model_.name});
}

/// Looks for the rows and inserts the others without any rule, so that each error is one. What another connection has
/// inserted in between, and what only the database takes for the same, is found when it is looked for again.
void Conflict::insert_missing(connection::Session& session, std::span<const NewRow> rows, int tries) {
    const auto absent = missing(session, rows);
    if (absent.empty()) return;
    try {
        connection::WriteTransaction part(session);
        write::insert(session, model_, absent);
        part.commit();
        return;
    } catch (const IntegrityError& e) {
        if (e.kind() != Violation::unique || tries == 0) throw;
    }
    const std::span<const NewRow> again(absent);
    if (again.size() == 1) return insert_missing(session, again, tries - 1);
    insert_missing(session, again.first(again.size() / 2), tries);
    insert_missing(session, again.subspan(again.size() / 2), tries);
}

std::vector<NewRow> Conflict::missing(connection::Session& session, std::span<const NewRow> rows) {
    auto keys =
        std::make_shared<sql::KeySet>(std::views::transform(key_, [](const FieldInfo* field) { return field->type; }));
    for (const auto& row : rows) keys->add(key_of(row.row));
    std::vector<bool> exists(rows.size());
    {
        const auto cursor = session.query(
            sql::select_rows_of_keys(model_, key_, std::move(keys), {}, /*locks=*/true, session.dialect()));
        while (cursor->next()) exists.at(static_cast<std::size_t>(cursor->integer(0) - 1)) = true;
    }
    std::vector<NewRow> absent;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (exists[i]) {
            ignored_.insert(rows[i].row);
        } else {
            absent.push_back(rows[i]);
        }
    }
    return absent;
}

std::vector<const FieldInfo*> Conflict::to_return(std::span<const FieldInfo* const> given) const {
    if (ignores()) return key_;
    std::vector<const FieldInfo*> fields = key_;
    std::ranges::copy_if(given, std::back_inserter(fields), [&](const FieldInfo* field) {
        const auto is = [&](const auto& list) { return std::ranges::find(list, field) != list.end(); };
        const bool is_other = !is(updated_) || is(model_.primary_key) || field->generic != nullptr;
        return !is(key_) && is_other;
    });
    return fields;
}

void Conflict::take(connection::Session& session, std::span<const FieldInfo* const> fields,
                    std::vector<std::vector<Value>> records, std::span<void* const> rows) {
    std::map<Key, void*> left;
    for (auto* row : rows) left.emplace(key_of(row), row);
    std::set<Key> strange; // of rows with keys that none was given: those of the rule, or the primary keys
    for (const auto& record : records) {
        auto key = values_in(fields, record, key_);
        const auto found = left.find(key);
        if (found == left.end()) {
            strange.insert(ignores() ? std::move(key) : values_in(fields, record, model_.primary_key));
            continue;
        }
        store(fields, record, found->second);
        left.erase(found);
    }
    std::vector<void*> others;
    for (auto* row : rows) {
        const auto found = left.find(key_of(row));
        if (found != left.end() && found->second == row) others.push_back(row);
    }
    if (!ignores()) return take_of_keys(session, fields, others, strange);
    if (!strange.empty()) {
        throw DatabaseError(
            fmt::format("Rows of {} were inserted with other values of {} than they were given, so that "
                        "they cannot be told from those that were ignored: does a trigger change them?",
                        model_.name, fmt::join(column_names(key_), ", ")),
            {.model = model_.name});
    }
    ignored_.insert(others.begin(), others.end());
}

/// The database has taken the rows for others that differ, such as in case: it is asked which these are.
void Conflict::take_of_keys(connection::Session& session, std::span<const FieldInfo* const> fields,
                            std::span<void* const> rows, const std::set<Key>& written) {
    if (rows.empty()) return;
    auto keys =
        std::make_shared<sql::KeySet>(std::views::transform(key_, [](const FieldInfo* field) { return field->type; }));
    for (const auto* row : rows) keys->add(key_of(row));
    std::vector<std::vector<Value>> records(rows.size());
    {
        const auto cursor = session.query(
            sql::select_rows_of_keys(model_, key_, std::move(keys), fields, /*locks=*/false, session.dialect()));
        while (cursor->next()) {
            auto& record = records.at(static_cast<std::size_t>(cursor->integer(0) - 1));
            record.clear();
            for (const auto* field : fields) {
                record.push_back(cursor->value(static_cast<int>(record.size()) + 1, field->type, field));
            }
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (records[i].empty()) {
            throw DatabaseError(fmt::format("A row of {} was written, but none with its {} is found: does a trigger "
                                            "change it or leave the row out?",
                                            model_.name, fmt::join(column_names(key_), ", ")),
                                {.model = model_.name});
        }
        if (!written.contains(values_in(fields, records[i], model_.primary_key))) {
            throw DatabaseError(fmt::format("A row of {} was written, but not the one with its {}: does the table have "
                                            "another unique key, or a trigger change it?",
                                            model_.name, fmt::join(column_names(key_), ", ")),
                                {.model = model_.name});
        }
        store(fields, records[i], rows[i]);
    }
}

void Conflict::store(std::span<const FieldInfo* const> fields, const std::vector<Value>& record, void* row) {
    bool leads_elsewhere = false;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (rows::stored_value(row, *fields[i]) == record[i]) continue;
        if (fields[i]->generic != nullptr) {
            leads_elsewhere = true;
        } else {
            rows::write_value(row, *fields[i], record[i]);
        }
    }
    if (leads_elsewhere) store_generic_keys(fields, record, row);
    if (!ignores() && !taken_.insert(rows::primary_key(row, model_)).second) refuse_twice();
}

} // namespace kith::write
