#include "write/stamps.hpp"

#include "rows/row_value.hpp"
#include "sql/writer.hpp"

#include <cstdint>
#include <string>

namespace kith::write {

namespace {

using detail::Value;

constexpr std::int64_t first_version = 1;

/// The default of a key, as the column that it refers to holds it.
Value default_key(const FieldInfo& field) {
    using Kind = detail::DefaultValue::Kind;
    const auto& constant = field.default_value;
    const auto* column = &field;
    while (column->relation != nullptr) column = column->relation->target_columns.front();
    if (column->names != nullptr) return std::string(column->names->name_of_value(constant.integer));
    if (column->type == detail::ColumnType::decimal) {
        return constant.kind == Kind::text ? Decimal(constant.text) : Decimal(constant.integer);
    }
    switch (constant.kind) {
    case Kind::boolean: return constant.integer != 0;
    case Kind::real: return constant.real;
    case Kind::text: return std::string(constant.text);
    default: break;
    }
    if (detail::is_real(column->type)) return static_cast<double>(constant.integer);
    return constant.integer;
}

/// Whether a key cannot be null and has a default.
bool begins_with_default(const FieldInfo& field) { return field.default_value && !field.nullable; }

} // namespace

std::vector<const FieldInfo*> Stamps::of_new(const ModelInfo& model) {
    auto fields = model.timed;
    if (model.version != nullptr) fields.push_back(model.version);
    for (const auto* field : model.states) {
        if (begins_with_default(*field)) fields.push_back(field);
    }
    return fields;
}

void Stamps::stamp_new(const ModelInfo& model, void* row) {
    for (const auto* field : model.timed) rows::write_value(row, *field, now(*field));
    if (model.version != nullptr) rows::write_value(row, *model.version, Value{first_version});
    for (const auto* field : model.states) {
        if (!begins_with_default(*field) || !detail::is_null(rows::read_value(row, *field))) continue;
        rows::write_value(row, *field, default_key(*field));
    }
}

std::optional<Value> Stamps::of_update(const void* row, const FieldInfo& field) {
    if (field.auto_now) return now(field);
    return field.row_version ? std::optional(next_version(row, field)) : std::nullopt;
}

Value Stamps::now(const FieldInfo& field) {
    if (!now_) now_ = sql::clock(dialect_);
    return sql::time_for(field, *now_);
}

Value next_version(const void* row, const FieldInfo& version) {
    const auto bits = static_cast<std::uint64_t>(detail::integer_bits(rows::read_value(row, version)));
    return detail::integer_value(version.type, static_cast<std::int64_t>(bits + 1));
}

} // namespace kith::write
