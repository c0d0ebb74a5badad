#pragma once

#include "base/mutex.hpp"
#include "rows/relation_state.hpp"
#include "run/execute.hpp"
#include "run/lazy.hpp"

#include <kith/detail/core/query_handle.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <source_location>
#include <utility>

namespace kith::detail {

/// What the copies of a QuerySet share: the query, and its rows after evaluation.
struct QueryHandle::State {
    explicit State(std::shared_ptr<const Query> what) : query(std::move(what)) {}

    std::shared_ptr<const Query> query;
    RowHandle set;     // the member of a set that is not loaded: evaluating loads it
    base::Mutex mutex; // taken after the thread's connection
    std::atomic<bool> evaluated{false};
    RowSpan rows{};
    std::shared_ptr<const run::Evaluation> evaluation;
    RowHandle set_hold;               // instead of `evaluation`: holds the rows of the set
    std::shared_ptr<const void> hold; // instead of `evaluation`: holds the cache that this is a slice of

    /// `bound` is that of a call around this one; null for none.
    void evaluate(std::source_location where, const std::shared_ptr<base::Bound>& bound = nullptr) {
        auto info = call(where);
        if (bound != nullptr) info.bound = bound;
        const connection::Session session(query->db, info);
        const std::lock_guard lock(mutex);
        if (evaluated.load(std::memory_order_relaxed)) return;
        if (set.get() != nullptr) {
            const auto& member = *static_cast<const RelationState*>(set.get());
            if (!member.is_loaded_resident()) run::load_lazily(member, session.call());
            rows = rows::rows_of(member);
            if (rows.size != 0) set_hold = RowHandle(rows.data[0]);
        } else {
            evaluation = run::execute(*query, session.call());
            rows = evaluation->span();
        }
        evaluated.store(true, std::memory_order_release);
    }

    /// Keeps what was evaluated elsewhere, unless another thread was faster.
    void keep(std::shared_ptr<const run::Evaluation> done) {
        const std::lock_guard lock(mutex);
        if (evaluated.load(std::memory_order_relaxed)) return;
        evaluation = std::move(done);
        rows = evaluation->span();
        evaluated.store(true, std::memory_order_release);
    }

private:
    observe::CallInfo call(std::source_location where) const {
        if (query->nothing) return {};
        if (set.get() == nullptr) return {.name = "evaluate", .model = query->model, .where = where};
        return run::loading_of(rows::place_of(static_cast<const RelationState*>(set.get())).field, where);
    }
};

} // namespace kith::detail
