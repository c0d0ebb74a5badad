#include "imdb/hand/pipeline.hpp"

#include <stdexcept>

namespace bench::imdb {

Connection::Connection(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) fail();
}

void Connection::fail() const { throw std::runtime_error(PQerrorMessage(connection_)); }

std::string Connection::prepare(const char* sql) {
    auto name = "s" + std::to_string(++prepared_);
    const Rows answer(PQprepare(connection_, name.c_str(), sql, 0, nullptr));
    if (!answer.is_good()) fail();
    return name;
}

void Connection::send(const std::string& statement, std::initializer_list<Parameter> parameters) {
    constexpr std::size_t most = 8;
    if (PQpipelineStatus(connection_) == PQ_PIPELINE_OFF) PQenterPipelineMode(connection_);
    std::array<std::uint32_t, most> integers;
    std::array<const char*, most> values;
    std::array<int, most> lengths;
    std::array<int, most> formats;
    std::size_t count = 0;
    for (const auto& parameter : parameters) {
        if (const auto* integer = std::get_if<std::int32_t>(&parameter)) {
            integers[count] = __builtin_bswap32(static_cast<std::uint32_t>(*integer));
            values[count] = reinterpret_cast<const char*>(&integers[count]);
            lengths[count] = sizeof integers[count];
        } else {
            const auto text = std::get<std::string_view>(parameter);
            values[count] = text.data();
            lengths[count] = static_cast<int>(text.size());
        }
        formats[count++] = 1;
    }
    if (PQsendQueryPrepared(connection_, statement.c_str(), static_cast<int>(count), values.data(), lengths.data(),
                            formats.data(), 1) != 1)
        fail();
}

void Connection::flush() {
    if (PQpipelineSync(connection_) != 1) fail();
}

Rows Connection::take() {
    Rows rows(PQgetResult(connection_));
    if (!rows.is_good()) fail();
    (void)PQgetResult(connection_); // null: the end of the statement
    return rows;
}

void Connection::done() {
    PGresult* result = PQgetResult(connection_);
    const bool good = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    PQclear(result);
    if (!good) fail();
}

} // namespace bench::imdb
