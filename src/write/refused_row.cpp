#include "write/refused_row.hpp"

#include "rows/row_value.hpp"
#include "rows/saved.hpp"
#include "rows/value_mark.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <typeinfo>
#include <utility>
#include <vector>

namespace kith::write {

namespace {

bool are_alike(const Error& a, const Error& b) {
    return typeid(a) == typeid(b) && a.context().violation == b.context().violation;
}

/// Looks for the row that is refused with an error like the first one.
class Search {
public:
    Search(connection::Session& session, const Error& first, const InsertPart& insert)
        : session_(session), first_(first), insert_(insert) {}

    std::optional<std::size_t> halve(std::size_t count) const {
        const connection::WriteTransaction never_kept(session_);
        std::size_t good = 0;
        std::size_t bad = count;
        bool is_certain = false;
        while (bad - good > 1) {
            const auto middle = good + (bad - good) / 2;
            if (is_refused(good, middle - good)) {
                bad = middle;
                is_certain = true;
            } else {
                good = middle;
            }
        }
        if (!is_certain && !is_refused(good, bad - good)) return std::nullopt;
        return good;
    }

private:
    /// Whether inserting these rows is refused. They are kept for those behind them, else.
    bool is_refused(std::size_t first, std::size_t count) const {
        try {
            connection::WriteTransaction part(session_);
            insert_(first, count);
            part.commit();
            return false;
        } catch (const Error& error) {
            if (!are_alike(error, first_)) throw;
            return true;
        }
    }

    connection::Session& session_;
    const Error& first_;
    const InsertPart& insert_;
};

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
        if (rows::is_left_out(row, *field)) continue;
        const auto value = rows::read_value(row, *field);
        if (detail::is_null(value) || (field->primary_key && rows::is_unset(value, *field))) continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", field->name, detail::to_string(value));
    }
    return text.empty() ? text : fmt::format(" ({})", text);
}

} // namespace

std::optional<std::size_t> find_refused(connection::Session& session, std::size_t count, const Error& error,
                                        const InsertPart& insert) {
    if (count == 1) return 0;
    return Search(session, error, insert).halve(count);
}

void throw_naming(const Error& error, const ModelInfo& model, const RefusedRow& refused) {
    try {
        const auto message =
            fmt::format("{}. Refused: row {} of {}, counted from 0{}", error.what(), refused.place, refused.all,
                        refused.shows_values ? shown_values(model, error, refused.row) : "");
        auto context = error.context();
        context.row = refused.place;
        const auto& type = typeid(error);
        if (type == typeid(IntegrityError)) throw IntegrityError(message, std::move(context));
        if (type == typeid(DatabaseError)) throw DatabaseError(message, std::move(context));
        if (type == typeid(ValueError)) throw ValueError(message, std::move(context));
    } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch): the caller throws `error`
    }
}

} // namespace kith::write
