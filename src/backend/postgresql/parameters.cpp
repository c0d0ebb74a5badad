#include "backend/postgresql/parameters.hpp"

#include "backend/postgresql/dialect.hpp"
#include "backend/postgresql/encoder.hpp"
#include "backend/postgresql/wire.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>

namespace kith::backend::postgresql {

using detail::Value;

namespace {

constexpr std::size_t elsewhere = std::string::npos;

struct TypeOf {
    type::Number operator()(std::monostate) const { return type::unknown; }
    type::Number operator()(bool) const { return type::boolean; }
    type::Number operator()(std::int64_t) const { return type::int8; }
    type::Number operator()(std::uint64_t) const { return type::numeric; }
    type::Number operator()(double) const { return type::float8; }
    type::Number operator()(const std::string&) const { return type::unknown; }
    type::Number operator()(const std::vector<std::byte>&) const { return type::bytea; }
    type::Number operator()(Date) const { return type::date; }
    type::Number operator()(Timestamp) const { return type::timestamptz; }
    type::Number operator()(LocalTimestamp) const { return type::timestamp; }
    type::Number operator()(const Uuid&) const { return type::uuid; }
    type::Number operator()(const Decimal&) const { return type::numeric; }
    type::Number operator()(const Json&) const { return type::unknown; }
};

/// The binary form of a key. A key may be NaN, although no column is given one.
void append_key(std::string& out, const Value& key) {
    if (const auto* number = std::get_if<double>(&key)) {
        wire::append(out, std::bit_cast<std::int64_t>(*number));
    } else {
        std::visit(Encoder{out}, key);
    }
}

struct ArrayType {
    type::Number array;
    type::Number element;
};

bool is_beyond_bigint(const sql::KeySet::Column& keys) {
    return keys.type == detail::ColumnType::uint64 && std::ranges::any_of(keys.integers, [](auto n) { return n < 0; });
}

ArrayType array_type(const sql::KeySet::Column& keys) {
    using detail::ColumnType;
    switch (keys.type) {
    case ColumnType::boolean: return {type::array_of_boolean, type::boolean};
    case ColumnType::float32:
    case ColumnType::float64: return {type::array_of_float8, type::float8};
    case ColumnType::bytes: return {type::array_of_bytea, type::bytea};
    case ColumnType::date: return {type::array_of_date, type::date};
    case ColumnType::timestamp: return {type::array_of_timestamptz, type::timestamptz};
    case ColumnType::local_timestamp: return {type::array_of_timestamp, type::timestamp};
    case ColumnType::uuid: return {type::array_of_uuid, type::uuid};
    case ColumnType::decimal: return {type::array_of_numeric, type::numeric};
    // As bigint if they fit, because the index of a bigint column can be used then.
    case ColumnType::uint64:
        if (is_beyond_bigint(keys)) return {type::array_of_numeric, type::numeric};
        return {type::array_of_int8, type::int8};
    default: return {type::array_of_int8, type::int8};
    }
}

void append_array_header(std::string& out, type::Number element, std::size_t size, bool has_null) {
    wire::append(out, std::int32_t{size == 0 ? 0 : 1}); // dimensions
    wire::append(out, std::int32_t{has_null ? 1 : 0});
    wire::append(out, static_cast<std::int32_t>(element));
    if (size == 0) return;
    wire::append(out, static_cast<std::int32_t>(size));
    wire::append(out, std::int32_t{1}); // the first index
}

void append_element(std::string& out, const Value& value) {
    const auto length_at = out.size();
    wire::append(out, std::int32_t{0});
    const auto begin = out.size();
    append_key(out, value);
    std::string length;
    wire::append(length, static_cast<std::int32_t>(out.size() - begin));
    out.replace(length_at, length.size(), length);
}

/// `"a\"b"`, as an element of an array that is written as text.
void append_quoted(std::string& out, const std::string& text) {
    require_text(text);
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

const std::string& text_of(const Value& value) {
    if (const auto* json = std::get_if<Json>(&value)) return json->text;
    return std::get<std::string>(value);
}

} // namespace

bool is_written_as_text(detail::ColumnType type) {
    return type == detail::ColumnType::text || type == detail::ColumnType::enumeration ||
           type == detail::ColumnType::json;
}

Parameters::Parameters(const sql::Statement& statement) {
    const auto count = statement.binds.size();
    types_.reserve(count);
    values_.reserve(count);
    lengths_.reserve(count);
    formats_.reserve(count);
    offsets_.reserve(count);
    for (const sql::Bind& bind : statement.binds) {
        if (const auto* keys = std::get_if<std::shared_ptr<const sql::KeySet>>(&bind)) {
            add_keys(**keys);
            continue;
        }
        const auto& value = std::get<Value>(bind);
        if (detail::is_null(value)) {
            add_null();
        } else if (std::holds_alternative<std::string>(value) || std::holds_alternative<Json>(value)) {
            add_text(text_of(value));
        } else {
            const auto begin = buffer_.size();
            std::visit(Encoder{buffer_}, value);
            add_buffered(std::visit(TypeOf{}, value), binary_format, begin);
        }
    }
    if (bytes() > largest_message) {
        throw ValueError(fmt::format("The parameters of the statement have {} bytes, and PostgreSQL takes at most {}: "
                                     "send fewer rows or keys at once, or divide the value",
                                     bytes(), largest_message),
                         {.sql = statement.text});
    }
    for (std::size_t i = 0; i < values_.size(); ++i) {
        if (offsets_[i] != elsewhere) values_[i] = buffer_.data() + offsets_[i];
    }
}

void Parameters::add_keys(const sql::KeySet& keys) {
    const auto& column = keys.columns().front();
    most_keys_ = std::max(most_keys_, keys.size());
    const auto begin = buffer_.size();
    const bool fills_with_null = keys.filling() == sql::KeySet::Filling::null;
    if (is_written_as_text(column.type)) {
        buffer_ += '{';
        for (std::size_t i = 0; i < column.values.size(); ++i) {
            if (i > 0) buffer_ += ',';
            append_quoted(buffer_, text_of(column.values[i]));
        }
        for (std::size_t i = 0; i < keys.fillings(); ++i) {
            buffer_ += ',';
            if (fills_with_null) {
                buffer_ += "NULL";
            } else {
                append_quoted(buffer_, text_of(column.values.back()));
            }
        }
        buffer_ += '}';
        buffer_ += '\0'; // libpq reads up to a NUL
        return add_buffered(type::unknown, text_format, begin);
    }
    const auto [array, element] = array_type(column);
    constexpr std::size_t header = 20;
    constexpr std::size_t length = sizeof(std::int32_t); // before each element
    buffer_.reserve(begin + header + keys.size() * (length + sizeof(std::int64_t)));
    append_array_header(buffer_, element, keys.size() + keys.fillings(), keys.fillings() > 0 && fills_with_null);
    const bool as_numeric = element == type::numeric;
    auto last = buffer_.size();
    for (const auto number : column.integers) {
        last = buffer_.size();
        if (as_numeric) {
            append_element(buffer_, Value{static_cast<std::uint64_t>(number)});
            continue;
        }
        wire::append(buffer_, std::int32_t{sizeof number});
        wire::append(buffer_, number);
    }
    for (const auto& value : column.values) {
        last = buffer_.size();
        append_element(buffer_, value);
    }
    std::string filling;
    if (fills_with_null) {
        wire::append(filling, std::int32_t{-1}); // the length of NULL
    } else {
        filling = buffer_.substr(last);
    }
    for (std::size_t i = 0; i < keys.fillings(); ++i) buffer_ += filling;
    add_buffered(array, binary_format, begin);
}

void Parameters::add_null() {
    types_.push_back(type::unknown);
    values_.push_back(nullptr);
    lengths_.push_back(0);
    formats_.push_back(text_format);
    offsets_.push_back(elsewhere);
}

void Parameters::add_text(const std::string& text) {
    require_text(text);
    types_.push_back(type::unknown);
    values_.push_back(text.c_str());
    texts_ += text.size();
    lengths_.push_back(0); // libpq measures texts itself
    formats_.push_back(text_format);
    offsets_.push_back(elsewhere);
}

void Parameters::add_buffered(type::Number type, int format, std::size_t begin) {
    const auto length = buffer_.size() - begin;
    if (length > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw ValueError("A parameter of more than 2 GB cannot be sent: use fewer keys at once");
    }
    types_.push_back(type);
    values_.push_back("");
    lengths_.push_back(static_cast<int>(length));
    formats_.push_back(format);
    offsets_.push_back(begin);
}

} // namespace kith::backend::postgresql
