#include "backend/mariadb/statement.hpp"

#include <new>

namespace kith::backend::mariadb {

MYSQL_STMT* StatementMaker::prepare(const std::string& sql, bool) {
    handle_->settle();
    auto* statement = mysql_stmt_init(handle_->get());
    if (statement == nullptr) throw std::bad_alloc();
    if (mysql_stmt_prepare(statement, sql.data(), sql.size()) == 0) return statement;
    try {
        handle_->fail(statement, sql);
    } catch (...) {
        mysql_stmt_close(statement);
        throw;
    }
}

} // namespace kith::backend::mariadb
