#pragma once

#include "base/bound.hpp"
#include "connection/session.hpp"
#include "prefetch/load.hpp"
#include "query/query.hpp"
#include "rows/graph.hpp"
#include "sql/kept_selects.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace kith::run {

/// The rows of one evaluation, and the hold on their graph.
class Evaluation {
public:
    explicit Evaluation(const Database& db) : graph_(rows::Graph::make(db)) {}
    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;
    ~Evaluation() { graph_->release(); }

    /// Destroys the rows, so that others can fill their memory. False, and nothing happens, if anything else holds the
    /// graph.
    bool clear() noexcept {
        if (!graph_->clear()) return false;
        rows_.clear();
        return true;
    }

    rows::Graph& graph() const noexcept { return *graph_; }
    std::vector<void*>& rows() noexcept { return rows_; }
    detail::RowSpan span() const noexcept { return {rows_.data(), rows_.size()}; }
    /// What its lookups cost.
    std::vector<prefetch::Loaded> loaded{};
    prefetch::Choice choice{}; ///< when the statements of its lookups were sent
    bool inside_block{false};  ///< inside the caller's block: its transaction must not be ended, nor its isolation
                               ///< changed

private:
    rows::Graph* graph_;
    std::vector<void*> rows_;
};

/// The evaluation of a query, in steps, for several that share their round trips. `query` and `session` must live until
/// it is done.
class Evaluating {
public:
    Evaluating(const detail::Query& query, connection::Session& session);
    Evaluating(const Evaluating&) = delete;
    Evaluating& operator=(const Evaluating&) = delete;

    using Statements = prefetch::Loader::Statements;
    using Cursors = prefetch::Loader::Cursors;

    /// Adds the main statement to `statements`, and those of the lookups that go ahead. True if nothing else has to be
    /// read after them.
    bool begin(Statements& statements);
    /// Decodes the rows, and loads the lookups that went ahead. `cursors` begins with those of the statements of
    /// begin(). Returns how many it took.
    std::size_t read_rows(Cursors cursors);
    /// Loads the other lookups. `last`: see prefetch::LoadOptions.
    void load_lookups(connection::Snapshot* last);
    /// The same in rounds, by the loader that is returned.
    prefetch::Loader& begin_lookups();
    std::shared_ptr<const Evaluation> result();

private:
    const detail::Query& query_;
    std::shared_ptr<Evaluation> evaluation_;
    prefetch::Loader loader_;
    sql::Select select_;
    std::size_t statements_{0};
};

/// Runs `work`, which reads in a snapshot of its own. An ALTER TABLE that outdates a prepared statement fails this
/// snapshot, but not the next one: then `work` runs again. Inside a transaction of the caller no other snapshot is
/// available.
template <class Work>
auto with_current_statements(connection::Session& session, const Work& work) {
    if (session.in_transaction()) return work();
    const auto& bound = session.bound();
    auto counted = bound != nullptr ? bound->counted() : std::vector<base::Budget>();
    try {
        return work();
    } catch (const backend::StatementOutdated&) {
        if (bound != nullptr) bound->restore(std::move(counted));
        return work();
    }
}

/// Evaluates `query` with all its lookups, in one snapshot of the database.
std::shared_ptr<const Evaluation> execute(const detail::Query& query, const observe::CallInfo& call);

/// What the rows do when an unloaded relation is read.
FetchMode mode_of(const detail::Query& query);

/// Whether the rows arrive without any other row that a lookup could lead to.
bool is_fresh(const detail::Query& query);

/// Throws ValueError if `query`, or one of the lookups, locks rows, and no `atomic` block is there to hold the locks.
void require_block(const detail::Query& query);
void require_block(const Database& db, const detail::ModelInfo& model, std::span<const query::LookupNode> lookups);

} // namespace kith::run
