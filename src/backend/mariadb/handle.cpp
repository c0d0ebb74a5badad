#include "backend/mariadb/handle.hpp"

#include "backend/backend.hpp"
#include "backend/helper_thread.hpp"
#include "backend/mariadb/error.hpp"

#include <errmsg.h>
#include <fmt/format.h>
#include <ma_pvio.h>
#include <mysqld_error.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <exception>
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

/// The events that the library wants, for poll().
short events_for(int wanted) {
    return static_cast<short>(((wanted & MYSQL_WAIT_READ) != 0 ? POLLIN : 0) |
                              ((wanted & MYSQL_WAIT_WRITE) != 0 ? POLLOUT : 0));
}

/// Those that poll() saw. A fault of the socket ends every wait.
int events_seen(const pollfd& socket, int wanted) {
    const int seen = ((socket.revents & POLLOUT) != 0 ? MYSQL_WAIT_WRITE : 0) |
                     ((socket.revents & ~POLLOUT) != 0 ? MYSQL_WAIT_READ : 0);
    return (seen & wanted) != 0 ? seen & wanted : wanted & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE);
}

/// Whether the connection leads to this server: behind a proxy, each may lead to another.
bool leads_to(MYSQL* connection, std::string_view server) {
    if (mysql_real_query(connection, server_identity.data(), server_identity.size()) != 0) return false;
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(mysql_store_result(connection),
                                                                          &mysql_free_result);
    auto* const row = result != nullptr ? mysql_fetch_row(result.get()) : nullptr;
    return row != nullptr && *row != nullptr && server == *row;
}

/// Sends a KILL to that server. False if it may still arrive there.
bool send_kill(const ConnectionSettings& settings, std::string_view text, std::string_view server) {
    const std::unique_ptr<MYSQL, decltype(&mysql_close)> other(mysql_init(nullptr), &mysql_close);
    if (other == nullptr) return true;
    set_options(other.get(), settings);
    if (mysql_real_connect(other.get(), text_or_null(settings.host), text_or_null(settings.user),
                           text_or_null(settings.password), nullptr, settings.port, text_or_null(settings.socket),
                           0) == nullptr) {
        return true;
    }
    if (!leads_to(other.get(), server)) return true; // the statement goes on, and its connection is given up
    return mysql_real_query(other.get(), text.data(), text.size()) == 0;
}

} // namespace

Handle::Handle(const ConnectionSettings& settings, const base::Bound* bound)
    : connection_(mysql_init(nullptr)),
      settings_(std::make_shared<const ConnectionSettings>(settings)),
      name_(settings.name) {
    if (connection_ == nullptr) throw std::bad_alloc();
    set_options(connection_, settings);
    watch(bound);
    const bool opened = connect(settings);
    // If the server has no TLS, the library continues without encryption unless certificates are verified.
    const bool in_the_clear = opened && settings.tls && mysql_get_ssl_cipher(connection_) == nullptr;
    if (opened && !in_the_clear) return;
    const std::string message =
        in_the_clear ? "SSL was requested, but the server does not support it" : mysql_error(connection_);
    const auto number = mysql_errno(connection_);
    mysql_close(connection_);
    if (!opened && bound_ != nullptr && bound_->over())
        bound_->raise(fmt::format("a connection to {} was opened", name_));
    raise_unconnected(name_, message, number);
}

Handle::~Handle() { mysql_close(connection_); }

/// Runs a call of the library, which waits for the server: at once, or step by step if there is a bound.
template <class Result, class Blocking, class Start, class Resume>
Result Handle::await(const Blocking& blocking, const Start& start, const Resume& resume) {
    if (!waits()) return blocking();
    Result result{};
    for (int wanted = start(&result); wanted != 0;) wanted = resume(&result, wait_for_socket(wanted));
    return result;
}

bool Handle::connect(const ConnectionSettings& settings) {
    // FOUND_ROWS: an UPDATE counts the rows that it found, not only those that it changed.
    const auto call = [&](auto* function, auto... before) {
        return function(before..., connection_, text_or_null(settings.host), text_or_null(settings.user),
                        text_or_null(settings.password), text_or_null(settings.database), settings.port,
                        text_or_null(settings.socket), CLIENT_FOUND_ROWS);
    };
    if (bound_ == nullptr) return call(&mysql_real_connect) != nullptr;
    MYSQL* opened = nullptr;
    for (int wanted = call(&mysql_real_connect_start, &opened); wanted != 0;) {
        wanted = mysql_real_connect_cont(&opened, connection_, wait_to_connect(wanted));
    }
    return opened != nullptr;
}

/// As wait_for_socket(), while the connection opens: there is nothing to cancel yet.
int Handle::wait_to_connect(int wanted) const noexcept {
    using std::chrono::milliseconds;
    const bool timed = (wanted & MYSQL_WAIT_TIMEOUT) != 0;
    const auto until = Clock::now() + milliseconds(timed ? mysql_get_timeout_value_ms(connection_) : 3'600'000);
    pollfd socket{.fd = mysql_get_socket(connection_), .events = events_for(wanted), .revents = 0};
    while (!bound_->over()) {
        const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
        if (left <= milliseconds(0)) break;
        if (poll(&socket, 1, static_cast<int>(bound_->wait(left).count())) > 0) return events_seen(socket, wanted);
    }
    return MYSQL_WAIT_TIMEOUT;
}

void Handle::watch(const base::Bound* bound) noexcept {
    if (bound_ != nullptr && bound_->over()) settle();
    end();
    bound_ = bound != nullptr && bound->can_end() ? bound : nullptr;
    if (bound_ == nullptr || can_wait_) return;
    const std::size_t usual_stack = 0;
    can_wait_ = mysql_options(connection_, MYSQL_OPT_NONBLOCK, &usual_stack) == 0;
    if (!can_wait_) bound_ = nullptr; // no memory for it
}

void Handle::begin() {
    end();
    if (bound_ != nullptr) bound_->check("a statement was about to be sent");
    if (lost_ || !has_unasked()) return;
    lose_track();
    doubt_ = Doubt::none;
    fail(CR_COMMANDS_OUT_OF_SYNC, {}, {}, {});
}

bool Handle::has_unasked() const noexcept {
    const auto* input = connection_->net.pvio;
    if (connection_->status != MYSQL_STATUS_READY || input == nullptr || input->cache == nullptr) return false;
    return input->cache_pos < input->cache + input->cache_size;
}

/// For one of the events that the library wants; returns those that it got.
int Handle::wait_for_socket(int wanted) noexcept {
    using std::chrono::milliseconds;
    constexpr milliseconds longest = std::chrono::hours(1);
    const auto kill = [&] {
        return [settings = settings_, text = fmt::format("KILL QUERY {}", mysql_thread_id(connection_)),
                server = server_] { return send_kill(*settings, text, server); };
    };
    pollfd socket{.fd = mysql_get_socket(connection_), .events = events_for(wanted), .revents = 0};
    while (!lost_) {
        auto left = longest;
        if (bound_ != nullptr && interruption_.next(*bound_, longest, left, kill) == Interruption::Step::give_up) {
            give_up();
            end_session();
        } else if (poll(&socket, 1, static_cast<int>(left.count())) > 0) {
            return events_seen(socket, wanted);
        }
    }
    return MYSQL_WAIT_TIMEOUT; // the library ends the call
}

/// Nothing is awaited any more. The server notices it, and undoes what was not committed.
void Handle::give_up() noexcept {
    lost_ = true;
    ::shutdown(mysql_get_socket(connection_), SHUT_RDWR);
}

/// Under load, the KILL may have come before the server began the statement, and then it is without effect. The server
/// would run the statement to its end before it notices that nobody listens.
void Handle::end_session() noexcept {
    try {
        const HelperThread helper([settings = settings_, text = fmt::format("KILL {}", mysql_thread_id(connection_)),
                                   server = server_] { return send_kill(*settings, text, server); });
    } catch (const std::exception&) { // NOLINT(bugprone-empty-catch): no thread, or no memory
    }
}

/// When the server is idle: afterwards no KILL is under way to it, nor can one be held back for the next statement.
void Handle::end() noexcept {
    if (!interruption_.cancels()) return;
    if (!interruption_.end()) return give_up();
    if (lost_) return;
    const auto brief = base::Bound::for_undo(interruption_.grace());
    const auto* const before = std::exchange(bound_, &brief);
    const bool good = query("DO 0") == 0 || mysql_errno(connection_) == ER_QUERY_INTERRUPTED;
    const bool unanswered = interruption_.cancels();
    bound_ = before;
    if (unanswered) (void)interruption_.end();
    if (!good || unanswered) give_up();
}

int Handle::prepare(MYSQL_STMT* statement, const std::string& sql) {
    return await<int>([&] { return mysql_stmt_prepare(statement, sql.data(), sql.size()); },
                      [&](int* r) { return mysql_stmt_prepare_start(r, statement, sql.data(), sql.size()); },
                      [&](int* r, int ready) { return mysql_stmt_prepare_cont(r, statement, ready); });
}

int Handle::execute(MYSQL_STMT* statement) {
    if (has_unasked()) { // since it was prepared
        doubt_ = Doubt::none;
        return lose_track();
    }
    return await<int>([&] { return mysql_stmt_execute(statement); },
                      [&](int* r) { return mysql_stmt_execute_start(r, statement); },
                      [&](int* r, int ready) { return mysql_stmt_execute_cont(r, statement, ready); });
}

int Handle::store_result(MYSQL_STMT* statement) {
    const auto first = connection_->net.pkt_nr;
    const auto code = await<int>([&] { return mysql_stmt_store_result(statement); },
                                 [&](int* r) { return mysql_stmt_store_result_start(r, statement); },
                                 [&](int* r, int ready) { return mysql_stmt_store_result_cont(r, statement, ready); });
    return code != 0 || is_complete(first, statement->result.rows) ? code : lose_track();
}

/// The server numbers the messages of an answer, and the library notes the number that comes next, but does not compare
/// it. Whether no message came twice if the rows, and one for their end, had the numbers from `first` on. A long row
/// has several.
bool Handle::is_complete(unsigned first, std::uint64_t rows) const noexcept {
    const auto next = first + rows + 1;
    return static_cast<std::int8_t>(connection_->net.pkt_nr - next) >= 0;
}

/// The server has sent what is not the answer to the statement.
int Handle::lose_track() noexcept {
    lost_track_ = true;
    give_up();
    return 1;
}

int Handle::fetch(MYSQL_STMT* statement, bool unread) {
    const auto next = connection_->net.pkt_nr;
    const bool starts_batch = !unread && statement->cursor_exists != 0 && statement->result_cursor == nullptr;
    if (starts_batch && has_unasked()) return lose_track();
    const auto code = await<int>([&] { return mysql_stmt_fetch(statement); },
                                 [&](int* r) { return mysql_stmt_fetch_start(r, statement); },
                                 [&](int* r, int ready) { return mysql_stmt_fetch_cont(r, statement, ready); });
    if (unread && (code == 0 || code == MYSQL_NO_DATA) && connection_->net.pkt_nr == next) return lose_track();
    if (starts_batch && code == 0 && !is_complete(1, statement->result.rows)) return lose_track();
    return code;
}

void Handle::free_result(MYSQL_STMT* statement) noexcept {
    if (has_unasked()) lose_track(); // it would be the answer to this
    await<my_bool>([&] { return mysql_stmt_free_result(statement); },
                   [&](my_bool* r) { return mysql_stmt_free_result_start(r, statement); },
                   [&](my_bool* r, int ready) { return mysql_stmt_free_result_cont(r, statement, ready); });
}

void Handle::drop_rest(MYSQL_STMT* statement) noexcept {
    const auto brief = base::Bound::for_undo(longest_rest);
    const auto* const before = bound_;
    watch(&brief);
    free_result(statement);
    watch(before);
}

void Handle::close(MYSQL_STMT* statement) noexcept {
    await<my_bool>([&] { return mysql_stmt_close(statement); },
                   [&](my_bool* r) { return mysql_stmt_close_start(r, statement); },
                   [&](my_bool* r, int ready) { return mysql_stmt_close_cont(r, statement, ready); });
}

bool Handle::send_long_data(MYSQL_STMT* statement, unsigned parameter, std::string_view data) {
    return await<my_bool>([&] { return mysql_stmt_send_long_data(statement, parameter, data.data(), data.size()); },
                          [&](my_bool* r) {
                              return mysql_stmt_send_long_data_start(r, statement, parameter, data.data(), data.size());
                          },
                          [&](my_bool* r, int ready) { return mysql_stmt_send_long_data_cont(r, statement, ready); }) !=
           0;
}

int Handle::query(std::string_view text) {
    return await<int>([&] { return mysql_real_query(connection_, text.data(), text.size()); },
                      [&](int* r) { return mysql_real_query_start(r, connection_, text.data(), text.size()); },
                      [&](int* r, int ready) { return mysql_real_query_cont(r, connection_, ready); });
}

void Handle::run(std::string_view text) {
    settle();
    begin();
    if (query(text) == 0) return;
    fail(mysql_errno(connection_), mysql_sqlstate(connection_), mysql_error(connection_), text);
}

int Handle::send(std::string_view text) {
    return await<int>([&] { return mysql_send_query(connection_, text.data(), text.size()); },
                      [&](int* r) { return mysql_send_query_start(r, connection_, text.data(), text.size()); },
                      [&](int* r, int ready) { return mysql_send_query_cont(r, connection_, ready); });
}

/// Returns true if the statement failed.
bool Handle::read_answer() {
    return await<my_bool>([&] { return mysql_read_query_result(connection_); },
                          [&](my_bool* r) { return mysql_read_query_result_start(r, connection_); },
                          [&](my_bool* r, int ready) { return mysql_read_query_result_cont(r, connection_, ready); }) !=
           0;
}

void Handle::run_both(std::string_view first, std::string_view second) {
    settle();
    begin();
    const auto failed = [&](std::string_view text) {
        fail(mysql_errno(connection_), mysql_sqlstate(connection_), mysql_error(connection_), text);
    };
    if (send(first) != 0) failed(first);
    if (send(second) != 0) {
        lose_track(); // of the answer to the first
        failed(second);
    }
    if (!read_answer()) {
        if (read_answer()) failed(second);
        return;
    }
    const auto number = mysql_errno(connection_);
    const std::string state = mysql_sqlstate(connection_);
    const std::string message = mysql_error(connection_);
    if (!tells_of_loss(number)) (void)read_answer();
    fail(number, state, message, first);
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
        auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (bound_ != nullptr) {
            bound_->check(fmt::format("a connection to {} was opened", name_));
            left = bound_->wait(left);
        }
        if (Clock::now() >= until) raise_unanswered(name_, connect_timeout);
        if (poll(&socket, 1, static_cast<int>(left.count())) > 0) break;
    }
    if (mysql_read_query_result(connection_) != 0) failed();
}

void Handle::fail(MYSQL_STMT* statement, std::string_view sql) {
    // Failures while rows arrive are reported by the library only for the connection.
    const auto number = mysql_stmt_errno(statement);
    if (number == 0) fail(mysql_errno(connection_), mysql_sqlstate(connection_), mysql_error(connection_), sql);
    fail(number, mysql_stmt_sqlstate(statement), mysql_stmt_error(statement), sql);
}

void Handle::fail(unsigned number, std::string_view state, std::string_view message, std::string_view sql) {
    if (number == 0 && !lost_) lose_track(); // the library made nothing of the answer
    const std::string sqlstate(state);       // the library overwrites both with the next call
    const std::string text(lost_track_ ? "the server's answer is not one to this statement" : message);
    lost_ = lost_ || tells_of_loss(number);
    rolled_back_ = rolled_back_ || number == ER_LOCK_DEADLOCK;
    const bool lost = lost_; // end() may give the connection up, which changes nothing about the answer
    const bool was_cancelled = bound_ != nullptr && bound_->over() && (lost || number == ER_QUERY_INTERRUPTED);
    if (!lost) end();
    if (was_cancelled) {
        const bool in_doubt = lost && doubt_ != Doubt::none;
        bound_->raise(fmt::format("{} ran a statement", name_),
                      {.sql = std::string(sql),
                       .code = static_cast<int>(number),
                       .sqlstate = in_doubt ? std::string(outcome_unknown) : sqlstate},
                      in_doubt ? lost_remedy(doubt_) : std::string_view{});
    }
    raise({.database = name_,
           .text = text,
           .sql = sql,
           .sqlstate = sqlstate,
           .number = number,
           .lost = lost,
           .doubt = doubt_});
}

} // namespace kith::backend::mariadb
