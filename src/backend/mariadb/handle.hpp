#pragma once

#include "backend/doubt.hpp"

#include <mysql.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kith::backend::mariadb {

/// How a connection is opened. Empty texts leave the choice to the client library.
struct ConnectionSettings {
    std::string host{};
    std::string user{};
    std::string password{};
    std::string database{};
    std::string socket{};
    unsigned port{0};
    unsigned connect_timeout{10}; ///< seconds
    bool tls{false};              ///< refuse to go on without
    bool verify_certificate{false};
    std::string certificate_authority{};
    std::string certificate{};
    std::string key{};

    std::string name{}; ///< for messages
    bool read_only{false};
    std::chrono::milliseconds busy_timeout{};
    std::size_t statement_cache{0};
};

/// Rows of a statement that are still on their way: until they are here, the connection takes nothing else.
class UnreadRows {
public:
    virtual ~UnreadRows() = default;
    /// Takes all of them into memory. A failure shows where they are read.
    virtual void take_rest() noexcept = 0;
};

/// An open MYSQL, and how messages name its database.
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
    /// The same while the connection opens: what is not answered within connect_timeout, counted from the beginning, is
    /// an OperationalError. Poolers let a client wait for a connection to the server after they took its own.
    void run_at_opening(std::string_view text, unsigned connect_timeout);
    /// Throws the error that `number`, `sqlstate` and `text` tell of: IntegrityError, OperationalError or DatabaseError
    /// with the remedy; never with a value.
    [[noreturn]] void fail(unsigned number, std::string_view sqlstate, std::string_view text, std::string_view sql);
    [[noreturn]] void fail(MYSQL_STMT* statement, std::string_view sql);
    /// What is unknown if the connection is lost before the answer to what is sent next.
    void set_doubt(Doubt doubt) noexcept { doubt_ = doubt; }
    void forget_rollback() noexcept { rolled_back_ = false; }

    /// `rows` are read from now on, until they have ended.
    void reads(UnreadRows& rows) noexcept { unread_ = &rows; }
    void has_read(const UnreadRows& rows) noexcept {
        if (unread_ == &rows) unread_ = nullptr;
    }
    /// To be called before anything is said to the server: takes what it has still to say.
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
