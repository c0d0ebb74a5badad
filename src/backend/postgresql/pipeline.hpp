#pragma once

#include "backend/backend.hpp"
#include "backend/postgresql/handle.hpp"
#include "backend/postgresql/parameters.hpp"
#include "backend/postgresql/statement_cache.hpp"
#include "sql/statement.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace kith::backend::postgresql {

/// Statements on their way to the server, ahead of the results of those before them.
///
/// They are sent up to a bound on the bytes in flight, the others after results have arrived. Both directions are
/// served at the same time, because a server that cannot send its results accepts no more statements. While active(),
/// nothing else may use the connection.
class Pipeline {
public:
    /// A statement and, after it has ended, its result. A step that only the pipeline still holds is not sent, or its
    /// result is dropped.
    struct Step {
        sql::StatementText sql{}; ///< for messages
        bool named{false};        ///< was run as a prepared statement
        bool ended{false};
        Result result{};               ///< null if the server did not answer
        bool by_row{false};            ///< its rows arrive one by one, before `result`, which has none
        std::list<Result> rows{};      ///< those that have arrived, to be taken
        MostKept most_kept{};          ///< of these rows, taken ones included; what comes behind them is dropped
        bool alone{false};             ///< is its own transaction
        std::exception_ptr error{};    ///< what encoding its parameters threw: it was not sent
        std::shared_ptr<Step> cause{}; ///< the earlier step whose failure kept it from running

    private:
        friend class Pipeline;
        const sql::Statement* statement{nullptr};
        sql::Statement own{};
        bool keep{false};
        bool needs_all{false};  // not to be sent if a step before it was not
        std::string prepares{}; // the name under which it is being prepared
        std::size_t bytes{0};
        std::size_t kept_rows{0};
        std::size_t kept_bytes{0};
        int awaited{0};               // answers
        std::int64_t rows_arrived{0}; // one by one
        bool asked{false};            // for its rows one by one
    };

    Pipeline(Handle& handle, StatementCache& statements) : handle_(&handle), statements_(&statements) {}

    bool active() const noexcept { return !steps_.empty(); }
    /// The next message on the connection can no longer be predicted.
    bool broken() const noexcept { return broken_; }
    /// Adds a statement behind the others; it must live while its step is held. With `keep`, it may be prepared under a
    /// name and stay prepared.
    std::shared_ptr<Step> add(const sql::Statement& statement, bool keep);
    /// Adds one without parameters.
    std::shared_ptr<Step> add(const sql::StatementText& text);
    /// Adds the COMMIT of a transaction; with `needs_all`, of what the statements write: it is not sent if one of them
    /// could not be.
    std::shared_ptr<Step> add_commit(bool needs_all);
    /// Sends what fits. No statement may be added until all of these have ended.
    void send();
    /// Continues until `step` has ended; if it is the last one, until all have ended.
    void wait_for(const Step& step);
    /// Continues until a row of `step`, which is sent by_row, has arrived, or it has ended. False if there is no row.
    bool wait_for_row(const Step& step);
    /// Continues until all steps have ended.
    void settle();

private:
    void open();
    void send(Step& step);
    bool send_statement(Step& step, const Parameters& parameters);
    void advance();
    void wait_for_socket();
    void ask_for_rows();
    void receive(Result result);
    static void keep_row(Step& step, Result row) noexcept;
    void receive_behind_all(Result result);
    void end_current();
    void give_up();
    void lose_track() noexcept;
    void close();

    Handle* handle_;
    StatementCache* statements_;
    const sql::StatementText commit_{"COMMIT"};
    std::vector<std::shared_ptr<Step>> steps_;
    std::shared_ptr<Step> failed_; // the first one
    std::size_t unsent_{0};        // the first step that was not sent
    std::size_t current_{0};       // the step whose results arrive now
    std::size_t in_flight_{0};     // bytes
    bool open_{false};
    bool synchronised_{false};
    bool flushing_{false}; // libpq holds bytes that the socket did not accept
    bool paused_{false};   // the last result was the end of a statement's
    bool broken_{false};
};

} // namespace kith::backend::postgresql
