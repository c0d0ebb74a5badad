#include "backend/mariadb/handle.hpp"

#include "backend/mariadb/error.hpp"

#include <errmsg.h>
#include <mysqld_error.h>
#include <poll.h>

#include <algorithm>
#include <new>

namespace kith::backend::mariadb {
namespace {

const char* text_or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

/// The library copies the texts that it gets here.
void set_options(MYSQL* connection, const ConnectionSettings& settings) {
    mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &settings.connect_timeout);
    mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    const my_bool off = 0;
    const my_bool on = 1;
    mysql_options(connection, MYSQL_OPT_RECONNECT, &off);
    // Otherwise a server could request files of this machine.
    const unsigned none = 0;
    mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &none);
    if (settings.tls) mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &on);
    const my_bool verify = settings.verify_certificate ? on : off;
    mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    if (!settings.certificate_authority.empty()) {
        mysql_options(connection, MYSQL_OPT_SSL_CA, settings.certificate_authority.c_str());
    }
    if (!settings.certificate.empty()) mysql_options(connection, MYSQL_OPT_SSL_CERT, settings.certificate.c_str());
    if (!settings.key.empty()) mysql_options(connection, MYSQL_OPT_SSL_KEY, settings.key.c_str());
}

bool tells_of_loss(unsigned number) {
    switch (number) {
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
    case CR_COMMANDS_OUT_OF_SYNC:
    case CR_MALFORMED_PACKET:
    case ER_SERVER_SHUTDOWN:
    case ER_CONNECTION_KILLED:
    case ER_NORMAL_SHUTDOWN: return true;
    default: return false;
    }
}

} // namespace

Handle::Handle(const ConnectionSettings& settings) : connection_(mysql_init(nullptr)), name_(settings.name) {
    if (connection_ == nullptr) throw std::bad_alloc();
    set_options(connection_, settings);
    // FOUND_ROWS: an UPDATE counts the rows that it found, not only those that it changed.
    const auto* opened = mysql_real_connect(connection_, text_or_null(settings.host), text_or_null(settings.user),
                                            text_or_null(settings.password), text_or_null(settings.database),
                                            settings.port, text_or_null(settings.socket), CLIENT_FOUND_ROWS);
    // If the server has no TLS, the library continues without encryption unless certificates are verified.
    const bool in_the_clear = opened != nullptr && settings.tls && mysql_get_ssl_cipher(connection_) == nullptr;
    if (opened != nullptr && !in_the_clear) return;
    const std::string message =
        in_the_clear ? "SSL was requested, but the server does not support it" : mysql_error(connection_);
    const auto number = mysql_errno(connection_);
    mysql_close(connection_);
    raise_unconnected(name_, message, number);
}

Handle::~Handle() { mysql_close(connection_); }

void Handle::run(std::string_view text) {
    settle();
    if (mysql_real_query(connection_, text.data(), text.size()) == 0) return;
    fail(mysql_errno(connection_), mysql_sqlstate(connection_), mysql_error(connection_), text);
}

void Handle::run_at_opening(std::string_view text, unsigned connect_timeout) {
    const auto failed = [&] {
        fail(mysql_errno(connection_), mysql_sqlstate(connection_), mysql_error(connection_), text);
    };
    if (mysql_send_query(connection_, text.data(), text.size()) != 0) failed();
    // A server that is slow to reach may have used up the time.
    const auto least = Clock::now() + std::chrono::seconds(1);
    const auto until = std::max(began_ + std::chrono::seconds(connect_timeout), least);
    pollfd socket{.fd = mysql_get_socket(connection_), .events = POLLIN, .revents = 0};
    while (connect_timeout != 0) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        if (left <= 0) raise_unanswered(name_, connect_timeout);
        if (poll(&socket, 1, static_cast<int>(left)) > 0) break;
    }
    if (mysql_read_query_result(connection_) != 0) failed();
}

void Handle::fail(MYSQL_STMT* statement, std::string_view sql) {
    // Failures while rows arrive are reported by the library only for the connection.
    const auto number = mysql_stmt_errno(statement);
    if (number == 0) fail(mysql_errno(connection_), mysql_sqlstate(connection_), mysql_error(connection_), sql);
    fail(number, mysql_stmt_sqlstate(statement), mysql_stmt_error(statement), sql);
}

void Handle::fail(unsigned number, std::string_view sqlstate, std::string_view text, std::string_view sql) {
    lost_ = lost_ || tells_of_loss(number);
    rolled_back_ = rolled_back_ || number == ER_LOCK_DEADLOCK;
    raise({.database = name_,
           .text = text,
           .sql = sql,
           .sqlstate = sqlstate,
           .number = number,
           .lost = lost_,
           .doubt = doubt_});
}

} // namespace kith::backend::mariadb
