#include "rows/row_value.hpp"

#include "rows/saved.hpp"
#include "rows/value_mark.hpp"

#include <kith/detail/core/row_operand.hpp>
#include <kith/detail/core/to_one.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace kith::rows {

namespace {

using detail::ColumnType;
using detail::FieldInfo;
using detail::Value;

template <class T>
const T& as(const void* at) {
    return *static_cast<const T*>(at);
}

Value read_plain(const void* at, ColumnType type) {
    switch (type) {
    case ColumnType::boolean: return as<bool>(at);
    case ColumnType::int8: return std::int64_t{as<std::int8_t>(at)};
    case ColumnType::int16: return std::int64_t{as<std::int16_t>(at)};
    case ColumnType::int32: return std::int64_t{as<std::int32_t>(at)};
    case ColumnType::int64: return as<std::int64_t>(at);
    case ColumnType::uint8: return std::int64_t{as<std::uint8_t>(at)};
    case ColumnType::uint16: return std::int64_t{as<std::uint16_t>(at)};
    case ColumnType::uint32: return std::int64_t{as<std::uint32_t>(at)};
    case ColumnType::uint64: {
        const auto number = as<std::uint64_t>(at);
        if (number > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return number;
        return static_cast<std::int64_t>(number);
    }
    case ColumnType::float32: return double{as<float>(at)};
    case ColumnType::float64: return as<double>(at);
    case ColumnType::text: return as<std::string>(at);
    case ColumnType::bytes: return as<std::vector<std::byte>>(at);
    case ColumnType::date: return as<Date>(at);
    case ColumnType::timestamp: return as<Timestamp>(at);
    case ColumnType::uuid: return as<Uuid>(at);
    case ColumnType::decimal: return as<Decimal>(at);
    case ColumnType::json: return as<Json>(at);
    case ColumnType::local_timestamp: return as<LocalTimestamp>(at);
    case ColumnType::enumeration: break; // see read_enum
    case ColumnType::any: return as<Value>(at);
    }
    return {};
}

Value read_enum(const void* at, const FieldInfo& field) {
    const auto name = field.names->name_of(at);
    if (!name.empty()) return std::string(name);
    throw ValueError(fmt::format("{} has a value without a name in kith::EnumNames, which has {}", field.label(),
                                 field.names->list()),
                     {.model = field.model->name, .lookup = field.name});
}

Value read_member(const void* at, const FieldInfo& field) {
    return field.names != nullptr ? read_enum(at, field) : read_plain(at, field.member_type());
}

void write_enum(void* at, const FieldInfo& field, const Value& value) {
    const auto* name = std::get_if<std::string>(&value);
    if (name != nullptr && field.names->store(at, *name)) return;
    throw ValueError(
        fmt::format("{} cannot hold {}: it knows {}", field.label(), detail::to_string(value), field.names->list()),
        {.model = field.model->name, .lookup = field.name});
}

template <class T>
void write_number(void* at, const FieldInfo& field, const Value& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr || !std::in_range<T>(*number)) {
        throw ValueError(fmt::format("{} does not fit into {}", detail::to_string(value), field.label()),
                         {.model = field.model->name});
    }
    *static_cast<T*>(at) = static_cast<T>(*number);
}

template <class T>
void write_as(void* at, const FieldInfo& field, const Value& value) {
    const auto* typed = std::get_if<T>(&value);
    if (typed == nullptr) {
        throw ValueError(fmt::format("{} cannot hold {}", field.label(), detail::to_string(value)),
                         {.model = field.model->name});
    }
    *static_cast<T*>(at) = *typed;
}

void write_unsigned(void* at, const FieldInfo& field, const Value& value) {
    if (const auto* large = std::get_if<std::uint64_t>(&value)) {
        *static_cast<std::uint64_t*>(at) = *large;
    } else {
        write_number<std::uint64_t>(at, field, value);
    }
}

void write_real(void* at, const FieldInfo& field, const Value& value) {
    double number = 0;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        number = static_cast<double>(*whole);
    } else {
        write_as<double>(&number, field, value);
    }
    if (field.type == ColumnType::float32) {
        *static_cast<float*>(at) = static_cast<float>(number);
    } else {
        *static_cast<double*>(at) = number;
    }
}

void write_plain(void* at, const FieldInfo& field, const Value& value) {
    switch (field.member_type()) {
    case ColumnType::boolean: return write_as<bool>(at, field, value);
    case ColumnType::int8: return write_number<std::int8_t>(at, field, value);
    case ColumnType::int16: return write_number<std::int16_t>(at, field, value);
    case ColumnType::int32: return write_number<std::int32_t>(at, field, value);
    case ColumnType::int64: return write_number<std::int64_t>(at, field, value);
    case ColumnType::uint8: return write_number<std::uint8_t>(at, field, value);
    case ColumnType::uint16: return write_number<std::uint16_t>(at, field, value);
    case ColumnType::uint32: return write_number<std::uint32_t>(at, field, value);
    case ColumnType::uint64: return write_unsigned(at, field, value);
    case ColumnType::float32:
    case ColumnType::float64: return write_real(at, field, value);
    case ColumnType::text: return write_as<std::string>(at, field, value);
    case ColumnType::bytes: return write_as<std::vector<std::byte>>(at, field, value);
    case ColumnType::date: return write_as<Date>(at, field, value);
    case ColumnType::timestamp: return write_as<Timestamp>(at, field, value);
    case ColumnType::uuid: return write_as<Uuid>(at, field, value);
    case ColumnType::decimal: return write_as<Decimal>(at, field, value);
    case ColumnType::json: return write_as<Json>(at, field, value);
    case ColumnType::local_timestamp: return write_as<LocalTimestamp>(at, field, value);
    case ColumnType::enumeration: return write_enum(at, field, value);
    case ColumnType::any: *static_cast<Value*>(at) = value; return;
    }
}

} // namespace

Value read_value(const void* row, const FieldInfo& field) {
    const auto* at = static_cast<const std::byte*>(row) + field.offset;
    if (detail::is_relation(field.kind)) {
        return detail::to_one_key(*reinterpret_cast<const detail::RelationState*>(at));
    }
    if (field.access == nullptr) return read_member(at, field);
    const auto* inside = field.access->peek(at);
    return inside == nullptr ? Value{} : read_member(inside, field);
}

std::vector<Value> read_values(const void* row, std::span<const FieldInfo* const> fields) {
    std::vector<Value> values;
    values.reserve(fields.size());
    for (const auto* field : fields) values.push_back(read_value(row, *field));
    return values;
}

void write_value(void* row, const FieldInfo& field, const Value& value) {
    auto* at = static_cast<std::byte*>(row) + field.offset;
    if (detail::is_relation(field.kind)) {
        detail::to_one_set_key(*reinterpret_cast<detail::RelationState*>(at), value);
    } else if (field.access == nullptr) {
        write_plain(at, field, value);
    } else if (detail::is_null(value)) {
        field.access->reset(at);
    } else {
        write_plain(field.access->engage(at), field, value);
    }
    if (field.lazy) mark_of(row, field).set_there(true);
}

std::vector<Value> primary_key(const void* row, const detail::ModelInfo& model) {
    return read_values(row, model.primary_key);
}

void require_saved(const void* row, const detail::ModelInfo& model, const char* action) {
    if (has_key(row, model)) return;
    throw ValueError(fmt::format("{} is not saved: save it before {}", model.name, action), {.model = model.name});
}

namespace {

[[noreturn]] void refuse_null(const void* row, const FieldInfo& key, const char* action) {
    require_saved(row, *key.model, action);
    throw ValueError(fmt::format("{} is NULL: give it a value and save it before {}", key.label(), action),
                     {.model = key.model->name, .lookup = key.name});
}

} // namespace

Value saved_key(const void* row, const FieldInfo& key, const char* action) {
    auto value = read_value(row, key);
    if (detail::is_null(value)) refuse_null(row, key, action);
    if (is_unset(value, key)) require_saved(row, *key.model, action);
    return value;
}

std::vector<Value> saved_keys(const void* row, std::span<const FieldInfo* const> keys, const char* action) {
    std::vector<Value> values;
    bool unset = true;
    for (const auto* key : keys) {
        const auto& value = values.emplace_back(read_value(row, *key));
        if (detail::is_null(value)) refuse_null(row, *key, action);
        unset = unset && is_unset(value, *key);
    }
    if (unset) require_saved(row, *keys.front()->model, action);
    return values;
}

} // namespace kith::rows
