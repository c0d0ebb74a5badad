#include "backend/postgresql/decode.hpp"
#include "backend/postgresql/numeric.hpp"
#include "fuzz/fuzz.hpp"

#include <kith/types.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

/// Cells in PostgreSQL's binary form, well formed or not, of each type, read as each type of member.

using namespace fuzz;
using namespace kith::backend;
using kith::detail::ColumnType;

namespace {

constexpr std::array types{
    postgresql::type::boolean,    postgresql::type::bytea,         postgresql::type::single_char,
    postgresql::type::name,       postgresql::type::int8,          postgresql::type::int2,
    postgresql::type::int4,       postgresql::type::text,          postgresql::type::oid,
    postgresql::type::json,       postgresql::type::xml,           postgresql::type::float4,
    postgresql::type::float8,     postgresql::type::money,         postgresql::type::bpchar,
    postgresql::type::varchar,    postgresql::type::date,          postgresql::type::time,
    postgresql::type::timestamp,  postgresql::type::timestamptz,   postgresql::type::interval,
    postgresql::type::timetz,     postgresql::type::numeric,       postgresql::type::uuid,
    postgresql::type::jsonb,      postgresql::type::array_of_int8, postgresql::type::array_of_numeric,
    postgresql::type::Number{600}}; // point

postgresql::Rows rows_of(postgresql::type::Number type, std::string& cell) {
    postgresql::Result result(PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK));
    std::string name = "value";
    PGresAttDesc column{
        .name = name.data(), .tableid = 0, .columnid = 0, .format = 1, .typid = type, .typlen = -1, .atttypmod = -1};
    require(PQsetResultAttrs(result.get(), 1, &column) == 1, "a result has a column");
    require(PQsetvalue(result.get(), 0, 0, cell.data(), static_cast<int>(cell.size())) == 1, "and a cell");
    return {std::move(result), "SELECT value"};
}

void read_numeric(const std::string& cell) {
    const auto digits = postgresql::numeric_digits(cell);
    if (!digits) return;
    std::string again;
    if (!answered([&] { postgresql::append_numeric(again, *digits); })) return;
    const auto back = postgresql::numeric_digits(again);
    require(back && kith::Decimal(*back) == kith::Decimal(*digits), "a number is written as it was read");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    const auto type = types[input.take_byte() % types.size()];
    const auto wanted = static_cast<ColumnType>(input.take_byte() % (static_cast<unsigned>(ColumnType::any) + 1));
    auto cell = input.take_rest();
    const auto rows = rows_of(type, cell);
    const postgresql::CurrentRow row{.rows = rows, .index = 0, .number = 1};
    (void)answered([&] { (void)postgresql::decode_value(row, 0, wanted, nullptr); });
    (void)answered([&] { (void)postgresql::decode_integer(row, 0); });
    read_numeric(cell);
    return 0;
}
