#include "backend/mariadb/statement.hpp"

#include <new>

namespace kith::backend::mariadb {

MYSQL_STMT* StatementMaker::prepare(const std::string& sql, bool) {
    handle_->settle();
    handle_->begin();
    auto* statement = mysql_stmt_init(handle_->get());
    if (statement == nullptr) throw std::bad_alloc();
    if (handle_->prepare(statement, sql) == 0) return statement;
    try {
        handle_->fail(statement, sql);
    } catch (...) {
        mysql_stmt_close(statement);
        throw;
    }
}

} // namespace kith::backend::mariadb
