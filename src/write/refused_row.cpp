#include "write/refused_row.hpp"

#include "rows/row_value.hpp"
#include "rows/saved.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <typeinfo>
#include <utility>
#include <vector>

namespace kith::write {

namespace {

/// Whether inserting `rows` is refused. They are kept for those behind them, else.
bool is_refused(connection::Session& session, std::span<const NewRow> rows, const InsertPart& insert) {
    try {
        connection::WriteTransaction part(session);
        insert(rows);
        part.commit();
        return false;
    } catch (const OperationalError&) {
        throw;
    } catch (const LimitExceeded&) {
        throw;
    } catch (const Error&) {
        return true;
    }
}

std::optional<std::size_t> halve(connection::Session& session, std::span<const NewRow> rows, const InsertPart& insert) {
    const connection::WriteTransaction never_kept(session);
    std::size_t good = 0;
    std::size_t bad = rows.size();
    bool is_certain = false;
    while (bad - good > 1) {
        const auto middle = good + (bad - good) / 2;
        if (is_refused(session, rows.subspan(good, middle - good), insert)) {
            bad = middle;
            is_certain = true;
        } else {
            good = middle;
        }
    }
    if (!is_certain && !is_refused(session, rows.subspan(good), insert)) return std::nullopt;
    return good;
}

/// The violated columns, or else those of which no two rows have the same values.
std::vector<const FieldInfo*> distinguishing(const ModelInfo& model, const Error& error) {
    const auto& violated = error.context();
    std::vector<const FieldInfo*> fields;
    for (const auto* field : model.columns) {
        const bool is_named = violated.violation == Violation::unique && violated.table == model.table &&
                              std::ranges::find(violated.columns, field->column) != violated.columns.end();
        if (is_named) fields.push_back(field);
    }
    if (!fields.empty()) return fields;
    std::ranges::copy_if(model.columns, std::back_inserter(fields), &FieldInfo::unique);
    if (fields.empty() && !model.unique.empty()) fields = model.unique.front();
    return fields.empty() ? model.primary_key : fields;
}

std::string shown_values(const ModelInfo& model, const Error& error, const void* row) {
    std::string text;
    for (const auto* field : distinguishing(model, error)) {
        const auto value = rows::read_value(row, *field);
        if (detail::is_null(value) || (field->primary_key && rows::is_unset(value, *field))) continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", field->name, detail::to_string(value));
    }
    return text.empty() ? text : fmt::format(" ({})", text);
}

} // namespace

std::optional<std::size_t> find_refused(connection::Session& session, std::span<const NewRow> rows,
                                        const InsertPart& insert) {
    if (rows.size() == 1) return 0;
    try {
        return halve(session, rows, insert);
    } catch (const std::exception&) {
        return std::nullopt; // the first error is thrown
    }
}

void throw_naming(const Error& error, const ModelInfo& model, const RefusedRow& refused) {
    auto message = fmt::format("{}. Refused: row {} of {}, counted from 0{}", error.what(), refused.place, refused.all,
                               refused.shows_values ? shown_values(model, error, refused.row) : "");
    auto context = error.context();
    context.row = refused.place;
    const auto& type = typeid(error);
    if (type == typeid(IntegrityError)) throw IntegrityError(message, std::move(context));
    if (type == typeid(DatabaseError)) throw DatabaseError(message, std::move(context));
    if (type == typeid(ValueError)) throw ValueError(message, std::move(context));
}

} // namespace kith::write
