#pragma once

#include "backend/doubt.hpp"
#include "backend/interruption.hpp"
#include "base/bound.hpp"

#include <mysql.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace kith::backend::mariadb {

/// Tells one server from another.
inline constexpr std::string_view server_identity = "SELECT CONCAT_WS('/', @@hostname, @@port, @@server_id, @@datadir)";

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
    /// Connects, within `bound` if that is not null, which it watches then. Throws OperationalError naming the database
    /// and the remedy, never the password.
    Handle(const ConnectionSettings& settings, const base::Bound* bound);
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle();

    MYSQL* get() const noexcept { return connection_; }
    const std::string& name() const noexcept { return name_; }
    bool lost() const noexcept { return lost_; }
    /// Whether the client library has received what no statement has asked for.
    bool has_unasked() const noexcept;
    /// Whether the last failure made the server roll the whole transaction back.
    bool rolled_back() const noexcept { return rolled_back_; }

    /// From now on nothing is awaited for longer than `bound` lasts; null for no bound. When it is over, what runs is
    /// cancelled, and fail() throws what `bound` throws. If that does not help soon, the connection is lost().
    void watch(const base::Bound* bound) noexcept;
    /// How long a cancel may take.
    void set_grace(std::chrono::milliseconds grace) noexcept { interruption_.set_grace(grace); }
    /// Must precede each exchange of messages, after settle(). Throws if the bound is over, or if the server has sent
    /// what would be taken for its answer.
    void begin();

    // The calls of the library that wait for the server. They return what those return.
    int prepare(MYSQL_STMT* statement, const std::string& sql);
    int execute(MYSQL_STMT* statement);
    int store_result(MYSQL_STMT* statement);
    /// `unread`: the row arrives now. Otherwise it is in memory, or the server sends a batch.
    int fetch(MYSQL_STMT* statement, bool unread);
    /// Drops the rows that are still arriving.
    void free_result(MYSQL_STMT* statement) noexcept;
    /// The same; if more arrives for longer than longest_rest, the statement is cancelled.
    void drop_rest(MYSQL_STMT* statement) noexcept;
    void close(MYSQL_STMT* statement) noexcept;
    /// Returns true if it fails.
    bool send_long_data(MYSQL_STMT* statement, unsigned parameter, std::string_view data);

    /// Runs text without parameters and results.
    void run(std::string_view text);
    /// Runs `first` and then `second`, in one round trip. The second runs even if the first fails.
    void run_both(std::string_view first, std::string_view second);
    /// The same while the connection opens: no answer within connect_timeout, counted from the beginning, is an
    /// OperationalError. Poolers accept a client first and let it wait for a server connection after that.
    void run_at_opening(std::string_view text, unsigned connect_timeout);
    /// Throws the error for `number`, `state` and `message`: IntegrityError, OperationalError or DatabaseError with the
    /// remedy; never with a value.
    [[noreturn]] void fail(unsigned number, std::string_view state, std::string_view message, std::string_view sql);
    [[noreturn]] void fail(MYSQL_STMT* statement, std::string_view sql);
    /// What is unknown if the connection is lost before the answer to the next message.
    void set_doubt(Doubt doubt) noexcept { doubt_ = doubt; }
    void forget_rollback() noexcept { rolled_back_ = false; }
    /// Whether the open transaction may have changed something, which would be lost with the connection.
    void set_at_stake(bool at_stake) noexcept { at_stake_ = at_stake; }
    bool at_stake() const noexcept { return at_stake_; }

    /// `rows` are being read, until they have ended.
    void reads(UnreadRows& rows) noexcept { unread_ = &rows; }
    void has_read(const UnreadRows& rows) noexcept {
        if (unread_ == &rows) unread_ = nullptr;
    }
    /// To be called before anything is sent to the server: reads what the server still has to send.
    void settle() noexcept {
        if (auto* rows = std::exchange(unread_, nullptr)) rows->take_rest();
    }

    /// What the server answers to server_identity: cancels go to no other.
    void set_server(std::string identity) { server_ = std::move(identity); }

private:
    using Clock = std::chrono::steady_clock;

    template <class Result, class Blocking, class Start, class Resume>
    Result await(const Blocking& blocking, const Start& start, const Resume& resume);
    bool connect(const ConnectionSettings& settings);
    int query(std::string_view text);
    int send(std::string_view text);
    bool read_answer();
    int wait_for_socket(int wanted) noexcept;
    int wait_to_connect(int wanted) const noexcept;
    void end() noexcept;
    void give_up() noexcept;
    int lose_track() noexcept;
    bool is_complete(unsigned first, std::uint64_t rows) const noexcept;
    void end_session() noexcept;
    bool waits() const noexcept { return bound_ != nullptr || interruption_.cancels(); }

    Clock::time_point began_{Clock::now()}; // to open
    MYSQL* connection_;
    std::shared_ptr<const ConnectionSettings> settings_; // for a connection that cancels
    std::string server_;                                 // what it answers to server_identity
    std::string name_;
    const base::Bound* bound_{nullptr};
    Interruption interruption_{};
    bool can_wait_{false}; // the library can return while it waits
    UnreadRows* unread_{nullptr};
    bool lost_{false};
    bool lost_track_{false};
    bool rolled_back_{false};
    bool at_stake_{false};
    Doubt doubt_{};
};

} // namespace kith::backend::mariadb
