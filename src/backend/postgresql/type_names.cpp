#include "backend/postgresql/type_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace kith::backend::postgresql {
namespace {

/// Types send their binary form through these functions if it is the text: enums, and all types made like text. citext
/// has functions with names of its own that lead to these.
constexpr const char* types_sql = R"(SELECT t.oid::text, pg_catalog.format_type(t.oid, NULL),
        (p.prolang = 12 AND p.prosrc IN ('textsend', 'varcharsend', 'bpcharsend', 'namesend', 'charsend', 'json_send',
            'xml_send', 'enum_send', 'unknownsend', 'cstring_send'))::text
    FROM pg_catalog.pg_type AS t
    JOIN pg_catalog.pg_proc AS p ON p.oid = t.typsend
    WHERE t.oid IN ({}))"; // 12 is the language "internal"

bool is_own(type::Number number) {
    switch (number) {
    case type::boolean:
    case type::bytea:
    case type::single_char:
    case type::name:
    case type::int8:
    case type::int2:
    case type::int4:
    case type::text:
    case type::oid:
    case type::json:
    case type::xml:
    case type::float4:
    case type::float8:
    case type::bpchar:
    case type::varchar:
    case type::date:
    case type::timestamp:
    case type::timestamptz:
    case type::numeric:
    case type::uuid:
    case type::jsonb: return true;
    default: return false;
    }
}

} // namespace

std::vector<type::Number> TypeNames::unknown(const PGresult* result) const {
    std::vector<type::Number> numbers;
    if (PQntuples(result) == 0) return numbers; // nothing will be read
    for (int i = 0; i < PQnfields(result); ++i) {
        const auto number = PQftype(result, i);
        if (!is_own(number) && !types_.contains(number)) numbers.push_back(number);
    }
    return numbers;
}

void TypeNames::ask(Handle& handle, std::span<const type::Number> types) {
    std::string list;
    for (const auto number : types) list += fmt::format("{}{}", list.empty() ? "" : ", ", number);
    const auto answer = handle.run(fmt::format(fmt::runtime(types_sql), list));
    for (int i = 0; i < PQntuples(answer.get()); ++i) {
        const auto cell = [&](int column) { return std::string_view(PQgetvalue(answer.get(), i, column)); };
        const auto digits = cell(0);
        type::Number number = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        types_[number] = {.name = std::string(cell(1)), .is_text = cell(2) == "true"};
    }
    for (const auto number : types) types_.try_emplace(number, Type{.name = fmt::format("number {}", number)});
}

const TypeNames::Type* TypeNames::find(type::Number number) const {
    const auto found = types_.find(number);
    return found != types_.end() ? &found->second : nullptr;
}

} // namespace kith::backend::postgresql
