#include "write/bulk_update.hpp"

#include "rows/graph.hpp"
#include "rows/row_value.hpp"
#include "run/execute.hpp"
#include "sql/change.hpp"
#include "write/changes.hpp"
#include "write/insert.hpp"
#include "write/refused_row.hpp"
#include "write/row_values.hpp"
#include "write/validate.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kith::write {

namespace {

using detail::Value;

/// Maximum number of rows in one statement: the database compares each row with half of their keys.
constexpr std::size_t most_updated = 200;

using Key = std::vector<Value>;

[[noreturn]] void refuse_twice(const ModelInfo& model, std::size_t first, std::size_t second,
                               std::string_view for_whom = "") {
    throw ValueError(
        fmt::format("Rows {} and {} of those given to bulk_update, counted from 0, are the same row of {}{}: "
                    "a row can be updated once in a call",
                    first, second, model.name, for_whom),
        {.model = model.name, .row = second});
}

/// The primary keys of the rows.
std::vector<Key> distinct_keys_of(const ModelInfo& model, std::span<const void* const> rows) {
    std::vector<Key> keys;
    std::map<Key, std::size_t> seen;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == nullptr) {
            throw ValueError(fmt::format("Row {} of those given to bulk_update, counted from 0, is an empty Ref", i),
                             {.model = model.name, .row = i});
        }
        const auto& key = keys.emplace_back(rows::saved_keys(rows[i], model.primary_key, "updating it"));
        const auto [first, is_new] = seen.emplace(key, i);
        if (!is_new) refuse_twice(model, first->second, i);
    }
    return keys;
}

/// A text without what a collation may ignore. None if that is not known.
std::optional<std::string> folded(std::string_view text) {
    std::string folded;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) > '\x7f') return std::nullopt;
        if (c >= 'A' && c <= 'Z') {
            folded += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            folded += c;
        }
    }
    return folded;
}

/// Whether a collation may take two of these keys, which differ, for the same.
bool may_be_alike(std::vector<Key> keys) {
    if (keys.size() < 2) return false;
    for (auto& key : keys) {
        for (auto& value : key) {
            auto* text = std::get_if<std::string>(&value);
            if (text == nullptr) continue;
            auto plain = folded(*text);
            if (!plain) return true;
            *text = std::move(*plain);
        }
    }
    std::ranges::sort(keys);
    return std::ranges::adjacent_find(keys) != keys.end();
}

/// Asks the database whether it takes two of the keys for one row, if it could.
void require_distinct_rows(connection::Session& session, const ModelInfo& model, const std::vector<Key>& keys) {
    constexpr std::size_t most_looked_up = 500;
    const auto& dialect = session.dialect();
    const auto by_bytes = [&](const FieldInfo* field) { return dialect.matches_by_key(field->type); };
    if (std::ranges::all_of(model.primary_key, by_bytes) || !may_be_alike(keys)) return;
    std::map<Key, std::size_t> seen;
    for (std::size_t done = 0; done < keys.size(); done += most_looked_up) {
        auto some = std::make_shared<sql::KeySet>(
            std::views::transform(model.primary_key, [](const FieldInfo* field) { return field->type; }));
        const auto end = std::min(keys.size(), done + most_looked_up);
        for (auto i = done; i < end; ++i) some->add(keys[i]);
        const auto cursor = session.query(
            sql::select_rows_of_keys(model, model.primary_key, std::move(some), model.primary_key, false, dialect));
        while (cursor->next()) {
            const auto place = done + static_cast<std::size_t>(cursor->integer(0) - 1);
            Key key;
            for (const auto* field : model.primary_key) {
                key.push_back(cursor->value(static_cast<int>(key.size()) + 1, field->type, field));
            }
            const auto [first, is_new] = seen.emplace(std::move(key), place);
            if (is_new) continue;
            const auto [least, most] = std::minmax(first->second, place);
            refuse_twice(model, least, most, " to the database");
        }
    }
}

/// The rows with composite keys that were assigned to them in their columns: copies, if there can be such keys.
std::vector<const void*> settled(const run::Evaluation& evaluation, const detail::Query& query,
                                 std::span<const void* const> rows) {
    std::vector<const void*> settled(rows.begin(), rows.end());
    const auto is_composite = [](const FieldInfo* field) { return field->kind == detail::MemberKind::composite_key; };
    if (std::ranges::none_of(query.model->states, is_composite)) return settled;
    auto& segment = evaluation.graph().new_segment(*query.model, run::mode_of(query));
    for (const auto*& row : settled) row = segment.append_copy(row);
    segment.finish();
    return settled;
}

/// Throws for what cannot be written.
Value value_for_update(const void* row, const FieldInfo& field, const sql::Dialect& dialect) {
    auto value = checked_value(row, field, dialect);
    require_value_for_update(row, field);
    return value;
}

/// The same; an error names the row.
Value value_of(const ModelInfo& model, const RefusedRow& row, const FieldInfo& field, const sql::Dialect& dialect) {
    try {
        return value_for_update(row.row, field, dialect);
    } catch (const Error& e) {
        throw_naming(e, model, row);
        throw;
    }
}

std::size_t rows_in_statement(const ModelInfo& model, std::size_t fields, const sql::Dialect& dialect) {
    const auto in_row = (fields + 1) * model.primary_key.size() + fields; // parameters, where each is bound anew
    return std::clamp<std::size_t>(dialect.max_parameters() / in_row, 1, most_updated);
}

} // namespace

std::int64_t bulk_update(connection::Session& session, const detail::Query& query,
                         std::span<const FieldInfo* const> fields, std::span<const void* const> rows) {
    const auto& dialect = session.dialect();
    const auto keys = distinct_keys_of(*query.model, rows);
    const run::Evaluation evaluation(query.db);
    const auto given = settled(evaluation, query, rows);
    require_valid(*query.model, given);
    const auto most = rows_in_statement(*query.model, fields.size(), dialect);
    const bool shows_values = query.db.options().parameter_values == ParameterValues::shown;
    connection::WriteTransaction writing(session);
    require_distinct_rows(session, *query.model, keys);
    std::int64_t found = 0;
    for (std::size_t done = 0; done < rows.size();) {
        std::vector<Key> some;
        std::vector<Value> values;
        for (std::size_t bytes = 0; done < rows.size() && some.size() < most && bytes < most_bytes(dialect); ++done) {
            some.push_back(keys[done]);
            const RefusedRow row{.place = done, .all = rows.size(), .row = given[done], .shows_values = shows_values};
            for (const auto* field : fields) {
                bytes += bytes_of(values.emplace_back(value_of(*query.model, row, *field, dialect)));
            }
        }
        auto statement = sql::update_rows_of_keys(query, fields, std::move(some), std::move(values), dialect);
        if (done == rows.size()) writing.expect_last();
        found += session.execute(statement);
    }
    for (const auto& key : keys) note_change(session, ChangeKind::updated, *query.model, key);
    writing.commit();
    return found;
}

} // namespace kith::write
