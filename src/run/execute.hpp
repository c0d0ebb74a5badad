#pragma once

#include "connection/session.hpp"
#include "prefetch/load.hpp"
#include "query/query.hpp"
#include "rows/graph.hpp"

#include <memory>
#include <vector>

namespace kith::run {

/// The rows of one evaluation, and the hold on their graph.
class Evaluation {
public:
    explicit Evaluation(const Database& db) : graph_(rows::Graph::make(db)) {}
    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;
    ~Evaluation() { graph_->release(); }

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

/// Evaluates `query` with all its lookups, in one snapshot of the database.
std::shared_ptr<const Evaluation> execute(const detail::Query& query, const observe::CallInfo& call);

/// What the rows do when an unloaded relation is read.
FetchMode mode_of(const detail::Query& query);

/// Whether the rows arrive without any other row that a lookup could lead to.
bool is_fresh(const detail::Query& query);

} // namespace kith::run
