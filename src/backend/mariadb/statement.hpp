#pragma once

#include "backend/mariadb/handle.hpp"
#include "backend/statement_loans.hpp"

#include <string>

namespace kith::backend::mariadb {

/// Makes the statements that StatementCache keeps.
class StatementMaker {
public:
    using Statement = MYSQL_STMT*;

    explicit StatementMaker(Handle& handle) : handle_(&handle) {}

    MYSQL_STMT* prepare(const std::string& sql, bool kept);
    // The library would drop rows that are still arriving, even those of another statement.
    void reset(MYSQL_STMT* statement) noexcept {
        handle_->settle();
        handle_->free_result(statement);
    }
    void finalize(MYSQL_STMT* statement) noexcept {
        handle_->settle();
        handle_->close(statement);
    }

private:
    Handle* handle_;
};

using StatementCache = StatementLoans<StatementMaker>;

} // namespace kith::backend::mariadb
