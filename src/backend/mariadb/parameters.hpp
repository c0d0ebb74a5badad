#pragma once

#include "backend/mariadb/handle.hpp"
#include "sql/statement.hpp"

#include <mysql.h>

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <vector>

namespace kith::backend::mariadb {

/// The parameters of a statement in libmariadb's form. A set of keys is one JSON text.
///
/// Points into the statement, which must outlive this object and not change.
class Parameters {
public:
    /// Throws ValueError for what MariaDB cannot hold: NaN and the infinities, a date beyond the year 9999, a Decimal
    /// of too many digits; and for a value or a set of keys of more than `largest` bytes, the server's
    /// max_allowed_packet: the server would close the connection.
    Parameters(const sql::Statement& statement, std::size_t largest);
    Parameters(const Parameters&) = delete;
    Parameters& operator=(const Parameters&) = delete;

    std::size_t size() const noexcept { return binds_.size(); }
    MYSQL_BIND* get() noexcept { return binds_.data(); }
    /// Sends the large values and sets of keys ahead of the statement, to which the parameters are bound, so that its
    /// own message stays small. False if that failed.
    bool send_large(Handle& handle, MYSQL_STMT* statement) const;

private:
    struct Number {
        long long whole;
        double real;
        MYSQL_TIME time;
    };
    struct Binder;

    MYSQL_BIND& add(enum_field_types type, const void* data, std::size_t size);
    void add_own_text(enum_field_types type, std::string text);

    std::vector<MYSQL_BIND> binds_;
    std::list<Number> numbers_; // lists, so that bound values do not move
    std::list<std::string> texts_;
    std::vector<std::size_t> large_; // the numbers of the large parameters
};

} // namespace kith::backend::mariadb
