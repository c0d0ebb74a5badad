#include "base/bound.hpp"
#include "connection/database_core.hpp"
#include "run/query_state.hpp"
#include "run/values.hpp"
#include "sql/select.hpp"

#include <kith/detail/core/query_handle.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

/// Several QuerySets, counts and aggregates in one snapshot, and in as few round trips as one of them takes.
namespace kith::detail {

namespace {

using Asked = QueryHandle::Asked;
using What = Asked::What;
using connection::DatabaseAccess;
using run::Evaluating;

} // namespace

class Together {
public:
    Together(std::span<const Asked> asked, std::source_location where) : where_(where) {
        for (const auto& one : asked) take(one);
    }

    void run() {
        if (parts_.empty() && sets_.empty()) return;
        connection::Session session(DatabaseAccess::bounded(*db_, bounds_),
                                    {.name = "evaluate_together", .where = where_});
        run::with_current_statements(session, [&] {
            connection::Snapshot snapshot(session);
            for (auto& part : parts_) part.begin(session);
            if (session.sends_together()) {
                read_together(session, snapshot);
            } else {
                for (auto& part : parts_) part.read_alone(session);
            }
            for (auto* set : sets_) set->evaluate(where_, session.call().bound);
            snapshot.commit();
        });
        for (auto& part : parts_) part.keep();
    }

private:
    using Statements = Evaluating::Statements;
    using Cursors = Evaluating::Cursors;

    /// What is asked of the database for one of the QuerySets.
    struct Part {
        const Asked* asked{nullptr};
        std::shared_ptr<const Query> query{};
        std::optional<run::Aggregating> aggregating{};
        std::optional<Evaluating> evaluating{}; // of rows
        sql::Statement statement{};             // of values
        prefetch::Loader* loader{nullptr};      // of the lookups that are left

        void begin(connection::Session& session) {
            loader = nullptr;
            switch (asked->what) {
            case What::rows: evaluating.emplace(*query, session); break;
            case What::count: statement = sql::select_count(*query, session.dialect()); break;
            case What::aggregates: statement = aggregating->statement(*query, session.dialect()); break;
            }
        }
        /// True if nothing else has to be read for it.
        bool add_to(Statements& statements) {
            if (evaluating) return evaluating->begin(statements);
            statements.push_back({&statement, {}});
            return true;
        }
        /// Returns how many cursors it took.
        std::size_t read(Cursors cursors) {
            if (evaluating) return evaluating->read_rows(cursors);
            read_values(*cursors.front());
            cursors.front().reset();
            return 1;
        }
        void read_values(backend::Cursor& cursor) const {
            if (aggregating) {
                aggregating->read(cursor, asked->values);
            } else {
                *static_cast<std::int64_t*>(asked->values) = run::sole_integer(cursor);
            }
        }
        void read_alone(connection::Session& session) {
            Statements statements;
            (void)add_to(statements);
            auto cursors = session.query_all(statements, nullptr);
            (void)read(cursors);
            if (evaluating) evaluating->load_lookups(nullptr);
        }
        void keep() {
            if (evaluating) asked->rows.state_->keep(evaluating->result());
        }
    };

    void take(const Asked& asked) {
        const auto query = asked.rows.query();
        if (db_ && !(*db_ == query->db && DatabaseAccess::block(*db_) == DatabaseAccess::block(query->db))) {
            throw ValueError(
                fmt::format("evaluate_together() was given QuerySets of several Databases, or of a Database "
                            "and a block of it, which have no snapshot in common: evaluate that of {} by "
                            "itself",
                            query->model->name),
                {.model = query->model->name});
        }
        db_ = query->db;
        bounds_ = base::both(bounds_, DatabaseAccess::bounds(query->db));
        if (asked.what == What::rows) return take_rows(asked, query);
        std::optional<run::Aggregating> aggregating;
        if (asked.what == What::aggregates) {
            aggregating.emplace(*query, asked.aggregates, asked.targets);
        } else {
            const auto cached = asked.rows.cached();
            *static_cast<std::int64_t*>(asked.values) = cached ? static_cast<std::int64_t>(cached->size) : 0;
            if (cached) return;
        }
        if (!query->nothing) add(asked, query).aggregating = std::move(aggregating);
    }

    void take_rows(const Asked& asked, const std::shared_ptr<const Query>& query) {
        if (asked.rows.cached() || is_taken(*asked.rows.state_)) return;
        if (query->nothing) return asked.rows.state_->evaluate(where_);
        run::require_block(*query);
        if (asked.rows.state_->set.get() != nullptr) {
            sets_.push_back(asked.rows.state_.get());
        } else {
            (void)add(asked, query);
        }
    }
    Part& add(const Asked& asked, const std::shared_ptr<const Query>& query) {
        auto& part = parts_.emplace_back();
        part.asked = &asked;
        part.query = query;
        return part;
    }
    /// Whether a copy of the same QuerySet was given before.
    bool is_taken(const QueryHandle::State& state) const {
        return std::ranges::find(sets_, &state) != sets_.end() || std::ranges::any_of(parts_, [&](const Part& part) {
                   return part.asked->what == What::rows && part.asked->rows.state_.get() == &state;
               });
    }

    void read_together(connection::Session& session, connection::Snapshot& snapshot) {
        Statements statements;
        bool is_last = sets_.empty();
        for (auto& part : parts_) is_last = part.add_to(statements) && is_last;
        auto cursors = session.query_all(statements, is_last ? &snapshot : nullptr);
        Cursors unread = cursors;
        for (auto& part : parts_) {
            unread = unread.subspan(part.read(unread));
            if (part.evaluating) part.loader = &part.evaluating->begin_lookups();
        }
        const auto is_loading = [](const Part& part) { return part.loader != nullptr && !part.loader->is_done(); };
        while (std::ranges::any_of(parts_, is_loading)) load_round(session, snapshot);
    }

    void load_round(connection::Session& session, connection::Snapshot& snapshot) {
        Statements statements;
        bool is_last = sets_.empty();
        std::vector<prefetch::Loader*> loaders;
        for (auto& part : parts_) {
            if (part.loader == nullptr || part.loader->is_done()) continue;
            loaders.push_back(part.loader);
            is_last = part.loader->begin_round(statements) && is_last;
        }
        auto cursors = session.query_all(statements, is_last ? &snapshot : nullptr);
        Cursors unread = cursors;
        for (auto* loader : loaders) unread = unread.subspan(loader->end_round(unread));
    }

    std::source_location where_;
    std::optional<Database> db_{};
    std::shared_ptr<const base::Bounds> bounds_{}; // of all of them
    std::list<Part> parts_{};
    std::vector<QueryHandle::State*> sets_{}; // to be loaded into their rows
};

void QueryHandle::evaluate_together(std::span<const Asked> asked, std::source_location where) {
    Together(asked, where).run();
}

} // namespace kith::detail
