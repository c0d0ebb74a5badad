#include "connection/session.hpp"
#include "query/query.hpp"
#include "rows/graph.hpp"
#include "rows/key_index.hpp"
#include "rows/key_reader.hpp"
#include "rows/row_value.hpp"
#include "rows/value_mark.hpp"
#include "run/lazy.hpp"
#include "sql/select.hpp"

#include <kith/detail/core/value_mark.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <utility>

/// Columns that only() or defer() left out, loaded when they are read.
namespace kith::run {

namespace {

using detail::FieldInfo;
using detail::Value;
using detail::ValueMark;

[[noreturn]] void gone(const FieldInfo& field) {
    throw DoesNotExist(fmt::format("{} cannot be loaded: the row is no longer in the database", field.label()),
                       {.model = field.model->name, .lookup = field.name});
}

void store(void* row, const FieldInfo& field, Value value) {
    if (detail::is_null(value) && !field.nullable) {
        throw DatabaseError(
            fmt::format("{} is NULL in the database, but the member is not a std::optional: declare it as one",
                        field.label()),
            {.model = field.model->name, .lookup = field.name});
    }
    rows::write_value(row, field, value);
}

/// The value for one row, whatever type its key has.
void load_one(connection::Session& session, const Database& db, void* row, const FieldInfo& field) {
    detail::Query query{.model = field.model, .db = db, .ordered = true};
    query::FilterCall by_key;
    for (const auto* key : field.model->primary_key) {
        by_key.conditions.push_back({.path = {.column = key}, .right = rows::read_value(row, *key)});
    }
    query.filters.push_back(std::move(by_key));
    const query::ColumnPath path{.column = &field};
    const auto cursor = session.query(sql::select_values(query, std::span(&path, 1), session.dialect()), field.name);
    if (!cursor->next()) gone(field);
    auto value = cursor->value(0, field.type, &field);
    while (cursor->next()) {}
    store(row, field, std::move(value));
}

/// The values for all rows that lack them; select_related may have read a row several times. Rows that are no longer in
/// the database remain without.
void load_all(connection::Session& session, std::span<void* const> rows, const FieldInfo& field) {
    const auto& key = field.model->key();
    sql::KeySet keys(std::span(&key.type, 1));
    rows::KeyIndex index;
    std::vector<std::vector<void*>> lacking; // per key
    for (auto* row : rows) {
        if (!rows::is_left_out(row, field)) continue;
        auto value = rows::read_value(row, key);
        const auto number = index.insert(value);
        if (number == lacking.size()) {
            lacking.emplace_back();
            keys.add(std::move(value));
        }
        lacking[number].push_back(row);
    }
    const auto shared_keys = std::make_shared<const sql::KeySet>(std::move(keys));
    const auto cursor = session.query(sql::select_column_of_keys(field, shared_keys, session.dialect()), field.name);
    rows::KeyReader key_reader(*shared_keys, session.dialect());
    while (cursor->next()) {
        const auto value = cursor->value(1, field.type, &field);
        for (auto* row : lacking.at(key_reader.read(*cursor))) store(row, field, value);
    }
}

/// Loads the value behind a resident mark. Safe from many threads: the second one finds it loaded.
void load_resident(const ValueMark& mark, const FieldInfo& field) {
    const auto& page = rows::Page::of(&mark);
    auto& segment = page.segment_of(&mark);
    auto* row = reinterpret_cast<std::byte*>(const_cast<ValueMark*>(&mark)) - field.offset;
    const auto mode = segment.mode();
    if (mode == FetchMode::raise) {
        throw FetchBlocked(
            fmt::format(
                "Fetching of {0} blocked by FetchMode::raise: name \"{1}\" in only(), or remove it from defer()",
                field.label(), field.name),
            {.model = field.model->name, .lookup = field.name});
    }
    auto& graph = segment.graph();
    connection::Session session(segment.db(), loading_of(field));
    std::unique_lock lock(graph.loading());
    if (mark.is_there()) return;
    const bool together = mode == FetchMode::peers && field.model->primary_key.size() == 1;
    if (!together) {
        load_one(session, segment.db(), row, field);
        note_read_alone(session, lock, segment, field, 1, fmt::format(".only(\"{}\")", field.name));
        return;
    }
    load_all(session, peers_of(segment, row), field);
    if (!mark.is_there()) gone(field);
}

} // namespace

} // namespace kith::run

namespace kith::detail {

void load_value(const ValueMark& mark) {
    const auto* resident = mark.is_resident() ? &mark : mark.origin();
    if (resident == nullptr) {
        throw NotLoaded(
            "this object was copied without the value of a kith::Lazy column, and has no database to load it from");
    }
    const auto& field = rows::marked_field(*resident);
    if (!resident->is_there()) run::load_resident(*resident, field);
    if (resident == &mark) return;
    // A copy takes the value from the row it was copied from.
    const auto row_of = [&](const ValueMark& m) {
        return reinterpret_cast<std::byte*>(const_cast<ValueMark*>(&m)) - field.offset;
    };
    rows::write_value(row_of(mark), field, rows::read_value(row_of(*resident), field));
}

} // namespace kith::detail
