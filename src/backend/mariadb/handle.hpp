#pragma once

#include "backend/doubt.hpp"

#include <mysql.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kith::backend::mariadb {

/// How to open a connection. For empty texts the client library chooses.
struct ConnectionSettings {
    std::string host{};
    std::string user{};
    std::string password{};
    std::string database{};
    std::string socket{};
    unsigned port{0};
    unsigned connect_timeout{10}; ///< seconds
    bool tls{false};              ///< refuse to continue without TLS
    bool verify_certificate{false};
    std::string certificate_authority{};
    std::string certificate{};
    std::string key{};

    std::string name{}; ///< for messages
    bool read_only{false};
    std::chrono::milliseconds busy_timeout{};
    std::size_t statement_cache{0};
};

/// Rows of a statement that are still arriving: until they are read, the connection accepts nothing else.
class UnreadRows {
public:
    virtual ~UnreadRows() = default;
    /// Reads all of them into memory. A failure is thrown when they are used.
    virtual void take_rest() noexcept = 0;
};

/// An open MYSQL, and the name of its database in messages.
class Handle {
public:
    /// Connects. Throws OperationalError naming the database and the remedy, never the password.
    explicit Handle(const ConnectionSettings& settings);
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle();

    MYSQL* get() const noexcept { return connection_; }
    const std::string& name() const noexcept { return name_; }
    bool lost() const noexcept { return lost_; }
    /// Whether the last failure made the server roll the whole transaction back.
    bool rolled_back() const noexcept { return rolled_back_; }

    /// Runs text without parameters and results.
    void run(std::string_view text);
    /// The same while the connection opens: no answer within connect_timeout, counted from the beginning, is an
    /// OperationalError. Poolers accept a client first and let it wait for a server connection after that.
    void run_at_opening(std::string_view text, unsigned connect_timeout);
    /// Throws the error for `number`, `sqlstate` and `text`: IntegrityError, OperationalError or DatabaseError with the
    /// remedy; never with a value.
    [[noreturn]] void fail(unsigned number, std::string_view sqlstate, std::string_view text, std::string_view sql);
    [[noreturn]] void fail(MYSQL_STMT* statement, std::string_view sql);
    /// What is unknown if the connection is lost before the answer to the next message.
    void set_doubt(Doubt doubt) noexcept { doubt_ = doubt; }
    void forget_rollback() noexcept { rolled_back_ = false; }

    /// `rows` are being read, until they have ended.
    void reads(UnreadRows& rows) noexcept { unread_ = &rows; }
    void has_read(const UnreadRows& rows) noexcept {
        if (unread_ == &rows) unread_ = nullptr;
    }
    /// To be called before anything is sent to the server: reads what the server still has to send.
    void settle() noexcept {
        if (auto* rows = std::exchange(unread_, nullptr)) rows->take_rest();
    }

private:
    using Clock = std::chrono::steady_clock;

    Clock::time_point began_{Clock::now()}; // to open
    MYSQL* connection_;
    std::string name_;
    UnreadRows* unread_{nullptr};
    bool lost_{false};
    bool rolled_back_{false};
    Doubt doubt_{};
};

} // namespace kith::backend::mariadb
