#pragma once

#include "base/bound.hpp"
#include "connection/session.hpp"
#include "prefetch/ahead.hpp"
#include "prefetch/schedule.hpp"
#include "query/query.hpp"
#include "rows/graph.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace kith::prefetch {

/// What loading one lookup took.
struct Loaded {
    std::string path{};
    const detail::FieldInfo* slot{nullptr}; ///< distinguishes the keys of a generic foreign key, which share their path
    LoadingPlan::Taken taken{};
};

/// What bounds the calls of other Databases that a call has begun, by the bounds of their handles.
using BoundsElsewhere = std::map<const base::Bounds*, std::shared_ptr<base::Bound>>;

struct LoadOptions {
    bool fresh{false}; ///< the parents were fetched just now: only the lookups behind them lead to them
    /// The snapshot in which nothing is read after this load: it ends in the round trip of the last level if possible.
    /// Snapshot::commit() must be called in any case.
    connection::Snapshot* last{nullptr};
};

/// Loads lookups into rows: for each relation of the tree collects keys, fetches and attaches, then loads the relations
/// behind it.
///
/// Statements of lookups that go ahead (see plan_ahead) are sent with the one of the first rows. Their rows wait at the
/// connection until those above have arrived and the keys are collected; then they are attached like all others.
///
/// If the database takes one statement at a time, this is depth first. If several can travel together, each round takes
/// all that may go (see Schedule), so that there are as many round trips as the tree has levels.
class Loader {
public:
    /// Fetched rows of `db` join `graph`; below `owner` when they are loaded lazily through a row of that segment. A
    /// call with several Loaders gives all of them the same `elsewhere`.
    Loader(connection::Session& session, const Database& db, rows::Graph& graph, FetchMode mode,
           rows::Segment* owner = nullptr, BoundsElsewhere* elsewhere = nullptr)
        : session_(session),
          db_(db),
          graph_(graph),
          mode_(mode),
          owner_(owner),
          elsewhere_(elsewhere != nullptr ? *elsewhere : own_elsewhere_) {}
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    /// Loads every lookup of `nodes` into `parents`.
    void load(std::span<const query::LookupNode> nodes, std::span<void* const> parents,
              const LoadOptions& options = {});

    // ---- load() in steps, for lookups that go ahead and for Loaders that share their round trips

    using Statements = std::vector<connection::LabelledStatement>;
    using Cursors = std::span<std::unique_ptr<backend::Cursor>>;

    /// Adds to `statements`, behind the one that selects the rows of `query`, those of the lookups that go ahead. True
    /// if nothing else has to be read after them.
    bool go_ahead(const detail::Query& query, Statements& statements);
    /// Takes the cursors of these statements.
    void take_ahead(Cursors cursors);
    /// Begins to load `nodes` into `parents`, and loads what went ahead. Both must live until everything is loaded.
    void begin(std::span<const query::LookupNode> nodes, std::span<void* const> parents, bool fresh);
    bool is_done() const noexcept { return schedule_.empty(); }
    /// Begins a round: the lookups that may travel together, each with the keys of its parents. Adds their statements
    /// to `statements`. True if no other round follows.
    bool begin_round(Statements& statements);
    /// Ends it: the rows of the statements, attached to their parents. Returns how many cursors it took. A lookup that
    /// needs a second statement stays for the next round.
    std::size_t end_round(Cursors cursors);

    /// What was loaded so far, in the order of loading.
    std::vector<Loaded> take_report() { return std::move(report_); }
    /// The strategy of go_ahead(), and why.
    const Choice& choice() const noexcept { return choice_; }

private:
    using Round = std::vector<Schedule::Position>;

    /// A lookup that went ahead, until its keys are collected.
    struct Sent {
        const query::LookupNode* node{nullptr};
        std::unique_ptr<Fetch> fetch{};
        std::unique_ptr<backend::Cursor> cursor{};
    };

    bool is_sent(const query::LookupNode& node) const;
    void load_sent();
    void pass_over(Sent& sent);
    void finish(Schedule::Position task, std::unique_ptr<backend::Cursor> cursor);
    void begin(Task& task);
    std::unique_ptr<Fetch> fetch_of(const query::LookupNode& node, const sql::KeyOrigin& from, Shape shape);
    Shape shape_for(const query::LookupNode& node, std::size_t keys) const;
    FetchMode mode_behind(const query::LookupNode& node) const;
    void load_elsewhere(Task& task);
    void attach(Task& task);
    void open_children(Schedule::Position task);

    connection::Session& session_;
    const Database& db_;
    rows::Graph& graph_;
    FetchMode mode_;
    rows::Segment* owner_;
    Schedule schedule_{};
    Round round_{};
    std::vector<Sent> sent_;
    Choice choice_{};
    std::vector<Loaded> report_;
    BoundsElsewhere own_elsewhere_;
    BoundsElsewhere& elsewhere_;
};

/// The distinct rows that the loaded members `slot` of `parents` lead to.
std::vector<void*> targets_of(const detail::FieldInfo& slot, std::span<void* const> parents);

} // namespace kith::prefetch
