#include "rows/row_value.hpp"
#include "rows/value_mark.hpp"
#include "sql/change.hpp"
#include "write/changes.hpp"
#include "write/insert.hpp"
#include "write/row_values.hpp"
#include "write/stamps.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace kith::write {

using detail::Value;

namespace {

std::vector<const FieldInfo*> generated_columns(const ModelInfo& model) {
    std::vector<const FieldInfo*> columns;
    std::ranges::copy_if(model.columns, std::back_inserter(columns), &FieldInfo::generated);
    return columns;
}

/// Runs `statement`, which returns `columns` of one row at most, and stores them in `row`. False if it returned none.
bool read_into(connection::Session& session, const sql::Statement& statement, std::span<const FieldInfo* const> columns,
               void* row) {
    std::vector<Value> values;
    bool found = false;
    const auto cursor = session.query(statement);
    while (cursor->next()) {
        values.clear();
        for (const auto* column : columns) {
            values.push_back(cursor->value(static_cast<int>(values.size()), column->type, column));
        }
        found = true;
    }
    for (std::size_t i = 0; i < values.size(); ++i) rows::write_value(row, *columns[i], values[i]);
    return found;
}

/// Runs the UPDATE of `row`, and reads what the database has computed for it.
bool update_and_read_back(connection::Session& session, const ModelInfo& model, sql::Statement statement,
                          std::span<const FieldInfo* const> columns, void* row) {
    const auto& dialect = session.dialect();
    connection::WriteTransaction writing(session);
    bool found = false;
    if (dialect.returns_updated()) {
        sql::append_returning(statement, columns, dialect);
        found = read_into(session, statement, columns, row);
    } else {
        found =
            session.execute(statement) != 0 &&
            read_into(session, sql::select_row(model, columns, rows::primary_key(row, model), dialect), columns, row);
    }
    writing.commit();
    return found;
}

/// A value that the database must not take, because the row does not know its own.
[[noreturn]] void refuse_unknown(const FieldInfo& field) {
    throw ValueError(fmt::format("{} was given no value, so it cannot be saved by itself", field.label()),
                     {.model = field.model->name, .lookup = field.name});
}

/// What an UPDATE of a row writes.
struct Change {
    std::vector<const FieldInfo*> fields{};
    std::vector<Value> values{};
    std::vector<std::pair<const FieldInfo*, Value>> stamped{}; ///< those of them that the row is given after it
};

Change change_of(const ModelInfo& model, const void* row, Fields only, const sql::Dialect& dialect) {
    Stamps stamps(dialect);
    Change change;
    change.fields.reserve(model.columns.size());
    change.values.reserve(model.columns.size());
    for (const auto* field : model.columns) {
        if (field->generated || is_key(*field)) continue;
        if (auto stamp = stamps.of_update(row, *field)) {
            change.stamped.emplace_back(field, *stamp);
            change.fields.push_back(field);
            change.values.push_back(std::move(*stamp));
            continue;
        }
        const bool is_named = contains(only, field);
        if (!is_named && (!only.empty() || field->auto_now_add)) continue;
        const bool unknown = takes_server_default(row, *field);
        if (is_named && unknown && !field->nullable) refuse_unknown(*field);
        if (!is_named && (unknown || rows::is_left_out(row, *field))) continue;
        change.fields.push_back(field);
        change.values.push_back(checked_value(row, *field, dialect));
    }
    return change;
}

/// A row without a version was never written to this database: save() may insert it.
bool has_version(const ModelInfo& model, const void* row) {
    return model.version != nullptr && detail::integer_bits(rows::read_value(row, *model.version)) != 0;
}

} // namespace

void throw_gone(const ModelInfo& model) {
    throw DoesNotExist(fmt::format("{} with this key is no longer in the database", model.name), {.model = model.name});
}

bool updates_in_one_statement(const ModelInfo& model) {
    return model.version == nullptr && std::ranges::none_of(model.columns, &FieldInfo::generated);
}

std::vector<Value> found_by(const ModelInfo& model, const void* row) {
    auto values = rows::primary_key(row, model);
    if (model.version != nullptr) values.push_back(rows::read_value(row, *model.version));
    return values;
}

void require_no_other_version(connection::Session& session, const ModelInfo& model, const void* row) {
    if (model.version == nullptr) return;
    const auto key = rows::primary_key(row, model);
    auto statement = sql::select_row(model, std::span(&model.version, 1), key, session.dialect());
    statement.text = statement.text.str() +
                     std::string(session.dialect().latest()); // an older snapshot may still have a row that is gone
    statement.belongs_to_write = true;
    bool found = false;
    const auto cursor = session.query(statement);
    while (cursor->next()) found = true;
    if (!found) return;
    std::vector<std::string> texts;
    for (const auto& value : key) texts.push_back(detail::to_string(value));
    auto shown = fmt::format("{}", fmt::join(texts, ", "));
    throw StaleRow(fmt::format("{} {} was written by another since it was read: refresh() it", model.name, shown),
                   {.model = model.name,
                    .reason = fmt::format("{}: another has changed it meanwhile", model.name),
                    .key = std::move(shown)});
}

bool update(connection::Session& session, const ModelInfo& model, void* row, Fields only) {
    require_writable(model);
    auto change = change_of(model, row, only, session.dialect());
    auto key = found_by(model, row);
    if (change.fields.empty()) { // nothing but a key: writing it to itself shows whether the row exists
        change.fields = model.primary_key;
        change.values = key;
    }
    auto statement = session.update_row(model, change.fields, std::move(change.values), std::move(key));
    const auto computed = generated_columns(model);
    const bool found = computed.empty() ? session.execute(statement) != 0
                                        : update_and_read_back(session, model, std::move(statement), computed, row);
    if (!found) {
        require_no_other_version(session, model, row);
        if (has_version(model, row)) throw_gone(model);
        return false;
    }
    for (const auto& [field, value] : change.stamped) rows::write_value(row, *field, value);
    note_change(session, ChangeKind::updated, model, row);
    return true;
}

} // namespace kith::write
