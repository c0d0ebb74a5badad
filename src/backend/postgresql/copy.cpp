#include "backend/postgresql/copy.hpp"

#include "backend/postgresql/encoder.hpp"

#include <kith/detail/core/model_info.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <variant>

namespace kith::backend::postgresql {
namespace {

using detail::ColumnType;
using detail::Value;

/// Encodes for a column of type `type`, which is_copied() accepts.
struct CopyEncoder {
    std::string& out;
    type::Number type;
    const detail::FieldInfo& field;

    /// A foreign key may hold what its column cannot.
    template <class T>
    void whole(std::int64_t v) const {
        if (!std::in_range<T>(v)) {
            throw ValueError(fmt::format("{} is {}, which its column cannot hold: that has {} bits", field.label(), v,
                                         8 * sizeof(T)),
                             {.model = field.model->name, .lookup = field.name});
        }
        wire::append(out, static_cast<T>(v));
    }
    void operator()(std::int64_t v) const {
        switch (type) {
        case type::int2: return whole<std::int16_t>(v);
        case type::int4: return whole<std::int32_t>(v);
        case type::numeric: return append_numeric(out, fmt::format("{}", v));
        default: return Encoder{out}(v);
        }
    }
    void operator()(double v) const {
        if (type != type::float4 || std::isnan(v)) return Encoder{out}(v);
        wire::append(out, std::bit_cast<std::int32_t>(static_cast<float>(v)));
    }
    void operator()(const std::string& v) const {
        require_text(v);
        out += v;
    }
    void operator()(const Json& v) const {
        if (type == type::jsonb) out += '\x01'; // the version of the form
        (*this)(v.text);
    }
    template <class T>
    void operator()(const T& v) const {
        Encoder{out}(v);
    }
};

bool is_text_column(type::Number column) {
    return column == type::text || column == type::varchar || column == type::bpchar;
}

void set_length(std::string& out, std::size_t at, std::int32_t length) {
    std::string bytes;
    wire::append(bytes, length);
    out.replace(at, bytes.size(), bytes);
}

} // namespace

const char* const copied_columns_sql = R"(SELECT a.attname::text, b.oid::bigint, (b.typtype = 'e')::int::bigint
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_type AS b ON b.oid = COALESCE(NULLIF(t.typbasetype, 0), t.oid)
    WHERE a.attrelid = pg_catalog.to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attidentity <> 'a' AND COALESCE(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') = '' AND c.relkind IN ('r', 'p') AND NOT c.relhasrules
        AND NOT pg_catalog.row_security_active(c.oid))";

bool is_copied(ColumnType member, type::Number column, bool is_enum) {
    switch (member) {
    case ColumnType::boolean: return column == type::boolean;
    case ColumnType::int8:
    case ColumnType::int16:
    case ColumnType::uint8: return column == type::int2 || column == type::int4 || column == type::int8;
    case ColumnType::int32:
    case ColumnType::uint16: return column == type::int4 || column == type::int8;
    case ColumnType::int64:
    case ColumnType::uint32: return column == type::int8;
    case ColumnType::uint64: return column == type::numeric;
    case ColumnType::float32: return column == type::float4 || column == type::float8;
    case ColumnType::float64: return column == type::float8;
    case ColumnType::text: return is_text_column(column);
    case ColumnType::enumeration: return is_enum || is_text_column(column);
    case ColumnType::bytes: return column == type::bytea;
    case ColumnType::date: return column == type::date;
    case ColumnType::timestamp: return column == type::timestamptz;
    case ColumnType::local_timestamp: return column == type::timestamp;
    case ColumnType::uuid: return column == type::uuid;
    case ColumnType::decimal: return column == type::numeric;
    case ColumnType::json: return column == type::json || column == type::jsonb;
    case ColumnType::any: break; // of a type that only the value knows
    }
    return false;
}

std::string copied_rows(const sql::Statement& statement, std::span<const type::Number> types) {
    constexpr std::string_view signature("PGCOPY\n\377\r\n\0", 11);
    std::string out(signature);
    wire::append(out, std::int32_t{0}); // flags
    wire::append(out, std::int32_t{0}); // the length of an extension
    std::size_t column = 0;
    for (std::size_t i = 0; i < statement.binds.size(); ++i) {
        if (column == 0) wire::append(out, static_cast<std::int16_t>(types.size()));
        const auto length_at = out.size();
        wire::append(out, std::int32_t{-1}); // NULL
        const auto begin = out.size();
        if (const auto& value = std::get<Value>(statement.binds[i]); !detail::is_null(value)) {
            std::visit(CopyEncoder{out, types[column], *statement.stored[i]}, value);
            const auto length = out.size() - begin;
            if (length > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
                throw ValueError("A value of more than 2 GB cannot be sent");
            }
            set_length(out, length_at, static_cast<std::int32_t>(length));
        }
        if (++column == types.size()) column = 0;
    }
    wire::append(out, std::int16_t{-1}); // the end
    return out;
}

} // namespace kith::backend::postgresql
