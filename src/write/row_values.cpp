#include "write/row_values.hpp"

#include "base/utf8.hpp"
#include "rows/generic_key.hpp"
#include "rows/row_value.hpp"
#include "rows/value_mark.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace kith::write {

namespace {

using detail::Value;

struct Bytes {
    std::size_t operator()(const std::string& v) const { return v.size(); }
    std::size_t operator()(const std::vector<std::byte>& v) const { return v.size(); }
    std::size_t operator()(const Json& v) const { return v.text.size(); }
    template <class T>
    std::size_t operator()(const T&) const {
        return sizeof(T);
    }
};

ErrorContext context_of(const FieldInfo& field) { return {.model = field.model->name, .lookup = field.name}; }

} // namespace

std::size_t bytes_of(const Value& value) { return std::visit(Bytes{}, value); }

bool is_key(const FieldInfo& field) {
    return std::ranges::find(field.model->primary_key, &field) != field.model->primary_key.end();
}

bool takes_server_default(const void* row, const FieldInfo& field) {
    return field.server_default && detail::is_null(rows::read_value(row, field));
}

void require_value_for_update(const void* row, const FieldInfo& field) {
    if (!takes_server_default(row, field)) return;
    throw ValueError(
        fmt::format("{} was given no value, and an UPDATE leaves no column to the default of the database: "
                    "assign it",
                    field.label()),
        context_of(field));
}

Value checked_value(const void* row, const FieldInfo& field, const sql::Dialect& dialect) {
    if (rows::is_left_out(row, field)) {
        throw ValueError(
            fmt::format("{} was left out when this row was loaded, so it cannot be written: read or assign it first",
                        field.label()),
            context_of(field));
    }
    auto value = rows::stored_value(row, field);
    if (field.relation != nullptr && !field.nullable && detail::is_null(value)) {
        auto context = context_of(field);
        context.violation = Violation::not_null;
        context.table = field.model->table;
        context.columns = {field.column};
        throw IntegrityError(fmt::format("{} is null: assign a {}, or declare it with kith::null", field.label(),
                                         field.relation->target->name),
                             std::move(context));
    }
    require_length(field, value);
    require_size(field, value, dialect);
    return value;
}

void require_length(const FieldInfo& field, const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr || field.max_length == 0) return;
    const auto length = utf8::length(*text);
    if (length <= field.max_length) return;
    throw ValueError(
        fmt::format("{} takes at most {} characters, but was given {}", field.label(), field.max_length, length),
        {.model = field.model->name});
}

void require_size(const FieldInfo& field, const Value& value, const sql::Dialect& dialect) {
    const auto bytes = bytes_of(value);
    if (bytes <= dialect.largest_value()) return;
    throw ValueError(
        fmt::format("{} has {} bytes, and the database takes at most {} in a value: that is set by {}. Divide "
                    "the value, store it elsewhere, or raise the limit",
                    field.label(), bytes, dialect.largest_value(), dialect.largest_value_is_set_by()),
        context_of(field));
}

} // namespace kith::write
