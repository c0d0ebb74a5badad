#pragma once

#include "backend/doubt.hpp"
#include "backend/interruption.hpp"
#include "backend/postgresql/opening.hpp"
#include "base/bound.hpp"

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::backend::postgresql {

struct ClearResult {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

/// An open PGconn, and the name of its database in messages.
class Handle {
public:
    /// Connects, within `bound` if that is not null, which it watches then. `shared`: a pooler lends its connections to
    /// the server to many clients. Throws OperationalError naming the database and the remedy, never the password.
    Handle(const Settings& settings, std::string name, bool shared, const base::Bound* bound);
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle();

    PGconn* get() const noexcept { return connection_; }
    const std::string& name() const noexcept { return name_; }
    /// Whether the connection was given up because the server did not answer in time.
    bool gave_up() const noexcept { return gave_up_; }
    /// Whether the bound is over.
    bool is_over() const noexcept { return bound_ != nullptr && bound_->over(); }
    bool lost() const noexcept { return gave_up_ || was_ended_ || PQstatus(connection_) != CONNECTION_OK; }

    /// From now on nothing is awaited for longer than `bound` lasts; null for no bound. When it is over, what runs is
    /// cancelled, and fail() throws what `bound` throws. If that does not help soon, the connection is lost().
    void watch(const base::Bound* bound) noexcept { bound_ = bound != nullptr && bound->can_end() ? bound : nullptr; }
    /// How long a cancel may take.
    void set_grace(std::chrono::milliseconds grace) noexcept { interruption_.set_grace(grace); }
    /// Reads what has arrived although nothing is awaited. Afterwards the connection is lost() if that was its end, or
    /// the answer to something.
    void read_unasked() noexcept;
    /// Must precede each exchange of messages. Throws if the bound is over, or if the server has ended the connection.
    void begin();
    /// Must follow each exchange, when the server is idle: afterwards no cancel is under way to it.
    void end();
    /// Waits until the socket can be used for `events`, of poll(). Returns at once when the connection is lost.
    void await(short events);
    /// Waits until PQgetResult returns without waiting, if there is a bound.
    void await_result();
    /// Nothing is awaited any more: the connection is lost(). The server notices it, and undoes what was not committed.
    void give_up() noexcept;
    /// Gives up because it is unknown which statement the next message belongs to.
    void lose_track() noexcept;

    /// Runs a text without parameters, which may contain several statements. Throws as fail() does.
    Result run(const std::string& text, Doubt doubt = Doubt::none);
    /// Runs a text of several statements, the last of which is a COPY FROM STDIN that takes `data`. Returns its result.
    /// Waits while the server accepts no more. Throws as fail() does.
    Result copy(const std::string& text, std::string_view data, std::string_view sql);
    /// The same while the connection opens: no answer within connect_timeout, counted from the beginning, is an
    /// OperationalError. Poolers accept a client first and let it wait for a server connection after that.
    void run_at_opening(const std::string& text) const;
    /// Throws IntegrityError, OperationalError or DatabaseError with the remedy; never with a value. `result` may be
    /// null. `doubt` is what is unknown if the connection turns out to be lost.
    [[noreturn]] void fail(const PGresult* result, std::string_view sql, Doubt doubt = Doubt::none) const;

private:
    using Clock = std::chrono::steady_clock;

    bool wait_for_answer(Clock::time_point until) const;
    void cancel_again() noexcept;
    bool send_copied(std::string_view data);
    bool flush();
    void note(const PGresult* notice) noexcept;

    Clock::time_point began_{Clock::now()}; // to open
    PGconn* connection_;
    std::string name_;
    bool shared_;
    const base::Bound* bound_{nullptr};
    Interruption interruption_{};
    bool gave_up_{false};
    bool lost_track_{false};
    bool was_ended_{false}; // by what it sent unasked
};

/// Whether `result` reports a failure, including one that kept the statement from running.
bool is_failure(const PGresult* result);
/// The number of rows that the server says the statement returned or changed; -1 if it says none.
std::int64_t told_rows(const PGresult* result);
/// Whether the result has the rows that the server says it sent, `before` of which came in results of their own.
bool has_all_rows(const PGresult* result, std::int64_t before = 0);
/// The five characters of the SQLSTATE that `result` reports; empty if there is no failure.
std::string_view sqlstate_of(const PGresult* result);

} // namespace kith::backend::postgresql
