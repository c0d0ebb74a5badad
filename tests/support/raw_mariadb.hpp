#pragma once

#include <gtest/gtest.h>
#include <mysql.h>

#include <string>

namespace travel {

/// A connection through libmariadb itself.
class RawMariadb {
public:
    /// `url` in the form of tests/servers.sh, `mariadb://root@/name?socket=path`; options after the socket are ignored.
    explicit RawMariadb(const std::string& url) : connection_(mysql_init(nullptr)) {
        const auto slash = url.find("@/") + 1;
        const auto question = url.find('?');
        const auto name = url.substr(slash + 1, question - slash - 1);
        auto socket = url.substr(url.find("socket=") + 7);
        socket = socket.substr(0, socket.find('&'));
        EXPECT_NE(mysql_real_connect(connection_, nullptr, "root", nullptr, name.empty() ? nullptr : name.c_str(), 0,
                                     socket.c_str(), CLIENT_MULTI_STATEMENTS),
                  nullptr)
            << mysql_error(connection_);
        mysql_set_character_set(connection_, "utf8mb4");
        run("SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_TRANS_TABLES', max_recursive_iterations = 10000000");
    }
    RawMariadb(const RawMariadb&) = delete;
    RawMariadb& operator=(const RawMariadb&) = delete;
    ~RawMariadb() { mysql_close(connection_); }

    void run(const std::string& sql) const { (void)value(sql); }
    std::string value(const std::string& sql) const {
        std::string result = "NULL";
        EXPECT_EQ(mysql_real_query(connection_, sql.data(), sql.size()), 0)
            << mysql_error(connection_) << " in: " << sql;
        int more = 0;
        while (more == 0) {
            if (auto* rows = mysql_store_result(connection_); rows != nullptr) {
                if (const auto row = mysql_fetch_row(rows); row != nullptr && row[0] != nullptr) result = row[0];
                mysql_free_result(rows);
            }
            more = mysql_next_result(connection_);
        }
        EXPECT_EQ(more, -1) << mysql_error(connection_) << " in: " << sql;
        return result;
    }

private:
    MYSQL* connection_;
};

} // namespace travel
