#include "support/rows.hpp"
#include "support/travel.hpp"

#include <kith/kith.hpp>

#include <gtest/gtest.h>

#include <string>

/// What a server says when it cannot serve now, and what Kith makes of it. The servers are made to say it.

namespace server_errors_test {

using namespace travel;

namespace {

class ServerErrors : public FileTest {
protected:
    /// The message of an OperationalError that the server is made to raise.
    std::string raised(const std::string& sqlstate, int number, const std::string& text) const {
        const auto message = message_of<kith::OperationalError>([&] { raise(sqlstate, number, text); });
        EXPECT_NE(message.find(". "), std::string::npos) << "no remedy in: " << message;
        return message;
    }
    void raise(const std::string& sqlstate, int number, const std::string& text) const {
        if (backend() == Backend::postgresql) {
            db_.raw("DO $$ BEGIN RAISE EXCEPTION '" + text + "' USING ERRCODE = '" + sqlstate + "'; END $$");
        } else {
            db_.raw("SIGNAL SQLSTATE '" + sqlstate + "' SET MYSQL_ERRNO = " + std::to_string(number) +
                    ", MESSAGE_TEXT = '" + text + "'");
        }
    }
};

} // namespace

TEST_F(ServerErrors, OfTheConnectionClassTellThatTheServerCannotServeNow) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB tells by numbers";
    for (const auto* state : {"08000", "08003", "08006", "08P01"}) {
        expect_parts(raised(state, 0, "a worker is gone"), {"a worker is gone", "try again later"});
    }
    EXPECT_EQ(db_.raw<int>("SELECT 1").size(), 1u) << "the connection is good";
}

TEST_F(ServerErrors, OfRestrictHaveTheAdviceOfForeignKeys) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "PostgreSQL 18 gives RESTRICT a state of its own";
    const auto message = message_of<kith::IntegrityError>([&] { raise("23001", 0, "violates RESTRICT"); });
    expect_parts(message, {"violates RESTRICT", "kith::on_delete"});
}

TEST_F(ServerErrors, OfAClusterTellThatItCannotServeNow) {
    if (backend() != Backend::mariadb) GTEST_SKIP() << "numbers are MariaDB's";
    expect_parts(raised("08S01", 1047, "WSREP has not yet prepared node for application use"), {"another node"});
    expect_parts(raised("HY000", 1180, "Got error 6 during COMMIT"), {"check whether the changes exist"});
    expect_parts(raised("42000", 1178, "The storage engine for the table does not support SAVEPOINT"), {"SAVEPOINT"});
}

TEST_F(ServerErrors, OfGaleraAreNoDeadlocks) {
    if (backend() != Backend::mariadb) GTEST_SKIP() << "Galera is MariaDB's";
    const auto message = raised("40001", 1213, "Deadlock: wsrep aborted transaction");
    expect_parts(message, {"another node", "run the whole atomic block again"});
    EXPECT_EQ(message.find("eadlock"), std::string::npos) << message;
    expect_parts(raised("40001", 1213, "WSREP detected deadlock/conflict and aborted the transaction"),
                 {"another node", "run the whole atomic block again"});
    expect_parts(raised("40001", 1213, "Deadlock found when trying to get lock"), {"Deadlock", "in the same order"});
}

TEST_F(ServerErrors, ShowAllHostsOfTheUrl) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "MariaDB takes one host";
    const auto message = message_of<kith::OperationalError>(
        [] { (void)kith::connect("postgresql://app:secret@127.0.0.1:1,[::1]:2/travel?connect_timeout=2"); });
    expect_parts(message, {"postgresql://app@127.0.0.1:1,[::1]:2/travel cannot be reached"});
    EXPECT_EQ(message.find("secret"), std::string::npos);
}

} // namespace server_errors_test
