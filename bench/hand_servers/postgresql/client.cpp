#include "client.hpp"

#include <stdexcept>
#include <utility>

namespace bench::hand {

namespace {

constexpr int binary = 1;
constexpr Oid bigint = 20;
constexpr Oid text_type = 25;
constexpr Oid array_of_bigint = 1016;
constexpr const char* begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

template <class T>
void append(std::string& out, T value) {
    if constexpr (sizeof value == 8) {
        value = static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
    } else {
        value = static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
    }
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

bool is_good(const PGresult* result) {
    return PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
}

} // namespace

Database::Database(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) fail();
    // The server reads its catalogs once per connection; Kith's variant does this before measuring too.
    control("SELECT 1 FROM person p JOIN city c ON c.id = p.hometown_id WHERE c.province_id = 0 LIMIT 1");
}

void Database::control(const char* sql) const {
    const Answer result(PQexec(connection_, sql));
    if (!is_good(result.get())) fail();
}

void Database::fail() const { throw std::runtime_error(PQerrorMessage(connection_)); }

Statement::Statement(Database& db, std::string sql, Kept kept) : db_(db), sql_(std::move(sql)) {
    if (kept == Kept::no) return;
    static int last_name = 0;
    name_ = "hand_" + std::to_string(++last_name);
    const Answer result(PQprepare(db_.get(), name_.c_str(), sql_.c_str(), 0, nullptr));
    if (!is_good(result.get())) db_.fail();
}

Statement::Parameter& Statement::at(int number) {
    const auto index = static_cast<std::size_t>(number) - 1;
    if (index >= parameters_.size()) parameters_.resize(index + 1);
    parameters_[index].bytes.clear();
    parameters_[index].is_null = false;
    return parameters_[index];
}

void Statement::bind(int parameter, std::int64_t value) {
    auto& to = at(parameter);
    to.type = bigint;
    append(to.bytes, value);
}

void Statement::bind(int parameter, const std::string& value) {
    auto& to = at(parameter);
    to.type = text_type;
    to.bytes = value;
}

void Statement::bind_key(int parameter, std::int64_t key) {
    bind(parameter, key);
    parameters_[static_cast<std::size_t>(parameter) - 1].is_null = key == 0;
}

void Statement::bind(int parameter, const Keys& keys) {
    auto& to = at(parameter);
    to.type = array_of_bigint;
    to.bytes.reserve(20 + keys.size() * 12);
    append(to.bytes, std::int32_t{1}); // dimensions
    append(to.bytes, std::int32_t{0}); // no NULL in it
    append(to.bytes, std::int32_t{bigint});
    append(to.bytes, static_cast<std::int32_t>(keys.size()));
    append(to.bytes, std::int32_t{1}); // the first index
    for (const auto key : keys) {
        append(to.bytes, std::int32_t{sizeof key});
        append(to.bytes, key);
    }
}

void Statement::send() const {
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const auto& parameter : parameters_) {
        types.push_back(parameter.type);
        values.push_back(parameter.is_null ? nullptr : parameter.bytes.data());
        lengths.push_back(static_cast<int>(parameter.bytes.size()));
    }
    const std::vector<int> formats(parameters_.size(), binary);
    const auto count = static_cast<int>(parameters_.size());
    const int sent = name_.empty() ? PQsendQueryParams(db_.get(), sql_.c_str(), count, types.data(), values.data(),
                                                       lengths.data(), formats.data(), binary)
                                   : PQsendQueryPrepared(db_.get(), name_.c_str(), count, values.data(), lengths.data(),
                                                         formats.data(), binary);
    if (sent != 1) db_.fail();
}

void Statement::start(Place place) {
    auto* connection = db_.get();
    const auto send_control = [&](const char* sql) {
        if (PQsendQueryParams(connection, sql, 0, nullptr, nullptr, nullptr, nullptr, binary) != 1) db_.fail();
    };
    const auto take = [&] {
        Answer result(PQgetResult(connection));
        if (!is_good(result.get())) db_.fail();
        (void)PQgetResult(connection); // null: the end of the statement
        return result;
    };
    ++db_.statements;
    result_.reset();
    PQenterPipelineMode(connection);
    if (place == Place::first) send_control(begin);
    send();
    if (place == Place::last) send_control("COMMIT");
    if (PQpipelineSync(connection) != 1) db_.fail();
    if (place == Place::first) (void)take();
    result_ = take();
    if (place == Place::last) (void)take();
    const Answer sync(PQgetResult(connection));
    if (PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(connection) != 1) db_.fail();
    row_ = -1;
    size_ = PQntuples(result_.get());
}

Stream::Stream(Database& db, const std::string& sql, std::size_t batch)
    : db_(db), fetch_(db, "FETCH " + std::to_string(batch) + " FROM stream") {
    db_.control((std::string(begin) + "; DECLARE stream NO SCROLL CURSOR FOR " + sql).c_str());
}

bool Stream::next() {
    if (begun_ && fetch_.next()) return true;
    fetch_.start(Place::amid);
    if (std::exchange(begun_, true)) --db_.statements; // one statement, in pieces
    return fetch_.next();
}

std::string client_version() {
    return "libpq " + std::to_string(PQlibVersion() / 10'000) + "." + std::to_string(PQlibVersion() % 10'000);
}

} // namespace bench::hand
