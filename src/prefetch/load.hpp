#pragma once

#include "connection/session.hpp"
#include "prefetch/schedule.hpp"
#include "query/query.hpp"
#include "rows/graph.hpp"

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

struct LoadOptions {
    bool fresh{false}; ///< the parents were fetched just now: only the lookups behind them lead to them
    /// The snapshot in which nothing is read after this load: it ends in the round trip of the last level if possible.
    /// Snapshot::commit() must be called in any case.
    connection::Snapshot* last{nullptr};
};

/// Loads lookups into rows: for each relation of the tree collects keys, fetches and attaches, then loads the relations
/// behind it.
///
/// If the database takes one statement at a time, this is depth first. If several can travel together, each round takes
/// all that may go (see Schedule), so that there are as many round trips as the tree has levels.
class Loader {
public:
    /// Fetched rows of `db` join `graph`; below `owner` when they are loaded lazily through a row of that segment.
    Loader(connection::Session& session, const Database& db, rows::Graph& graph, FetchMode mode,
           rows::Segment* owner = nullptr)
        : session_(session), db_(db), graph_(graph), mode_(mode), owner_(owner) {}

    /// Loads every lookup of `nodes` into `parents`.
    void load(std::span<const query::LookupNode> nodes, std::span<void* const> parents,
              const LoadOptions& options = {});
    /// What was loaded so far, in the order of loading.
    std::vector<Loaded> take_report() { return std::move(report_); }

private:
    using Round = std::vector<Schedule::Position>;

    void load_round(connection::Snapshot* last);
    void begin(Task& task);
    void load_elsewhere(Task& task);
    std::vector<std::unique_ptr<backend::Cursor>> fetch(const Round& round, connection::Snapshot* last);
    void attach(Task& task);
    void open_children(Schedule::Position task);

    connection::Session& session_;
    const Database& db_;
    rows::Graph& graph_;
    FetchMode mode_;
    rows::Segment* owner_;
    Schedule schedule_{};
    std::vector<Loaded> report_;
};

/// The distinct rows that the loaded members `slot` of `parents` lead to.
std::vector<void*> targets_of(const detail::FieldInfo& slot, std::span<void* const> parents);

} // namespace kith::prefetch
