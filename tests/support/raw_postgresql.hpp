#pragma once

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <memory>
#include <string>

namespace travel {

/// A connection through libpq itself.
class RawPostgresql {
public:
    /// `url` as Kith takes it, without Kith's own options.
    explicit RawPostgresql(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
        EXPECT_EQ(PQstatus(connection_), CONNECTION_OK) << PQerrorMessage(connection_);
        PQsetNoticeReceiver(connection_, [](void*, const PGresult*) {}, nullptr);
    }
    RawPostgresql(const RawPostgresql&) = delete;
    RawPostgresql& operator=(const RawPostgresql&) = delete;
    ~RawPostgresql() { PQfinish(connection_); }

    void run(const std::string& sql) const { (void)ask(sql); }
    std::string value(const std::string& sql) const {
        const auto result = ask(sql);
        if (PQntuples(result.get()) == 0 || PQgetisnull(result.get(), 0, 0) != 0) return "NULL";
        return PQgetvalue(result.get(), 0, 0);
    }

private:
    using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

    Result ask(const std::string& sql) const {
        Result result(PQexec(connection_, sql.c_str()), &PQclear);
        const auto status = PQresultStatus(result.get());
        EXPECT_TRUE(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
            << PQerrorMessage(connection_) << " in: " << sql;
        return result;
    }

    PGconn* connection_;
};

} // namespace travel
