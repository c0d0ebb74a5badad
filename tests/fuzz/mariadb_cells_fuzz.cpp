#include "backend/mariadb/decode.hpp"
#include "fuzz/fuzz.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// Cells in MariaDB's binary form, well formed or not, of each type, read as each type of member.

using namespace fuzz;
using namespace kith::backend;
using kith::detail::ColumnType;

namespace {

constexpr std::array types{MYSQL_TYPE_DECIMAL,  MYSQL_TYPE_TINY,      MYSQL_TYPE_SHORT,      MYSQL_TYPE_LONG,
                           MYSQL_TYPE_FLOAT,    MYSQL_TYPE_DOUBLE,    MYSQL_TYPE_NULL,       MYSQL_TYPE_TIMESTAMP,
                           MYSQL_TYPE_LONGLONG, MYSQL_TYPE_INT24,     MYSQL_TYPE_DATE,       MYSQL_TYPE_TIME,
                           MYSQL_TYPE_DATETIME, MYSQL_TYPE_YEAR,      MYSQL_TYPE_NEWDATE,    MYSQL_TYPE_VARCHAR,
                           MYSQL_TYPE_BIT,      MYSQL_TYPE_JSON,      MYSQL_TYPE_NEWDECIMAL, MYSQL_TYPE_ENUM,
                           MYSQL_TYPE_SET,      MYSQL_TYPE_TINY_BLOB, MYSQL_TYPE_BLOB,       MYSQL_TYPE_VAR_STRING,
                           MYSQL_TYPE_STRING,   MYSQL_TYPE_GEOMETRY};
constexpr unsigned binary = 63;
constexpr unsigned utf8mb4 = 45;

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input input(data, size);
    std::string name = "value";
    MYSQL_FIELD field{};
    field.name = name.data();
    field.type = types[input.take_byte() % types.size()];
    const auto form_bits = input.take_byte();
    field.flags = (form_bits & 1) != 0 ? UNSIGNED_FLAG : 0;
    field.charsetnr = (form_bits & 2) != 0 ? binary : utf8mb4;
    const auto wanted = static_cast<ColumnType>(input.take_byte() % (static_cast<unsigned>(ColumnType::any) + 1));
    auto bytes = input.take_rest();
    const mariadb::ColumnForm form(field);
    if (form.width != 0) bytes.resize(form.width); // the client library takes so many
    // In a block of its own size, so that reading beyond it is seen.
    const std::vector<char> cell(bytes.begin(), bytes.end());
    const std::vector<mariadb::ColumnForm> forms{form};
    const std::vector<mariadb::RawCell> cells{{.data = cell.empty() ? "" : cell.data(), .size = cell.size()}};
    const mariadb::CurrentRow row{.fields = &field, .forms = forms, .cells = cells, .number = 1, .sql = "SELECT value"};
    (void)answered([&] { (void)mariadb::decode_value(row, 0, wanted, nullptr); });
    (void)answered([&] { (void)mariadb::decode_integer(row, 0); });
    return 0;
}
