#pragma once

#include "connection/session.hpp"
#include "prefetch/fetch.hpp"
#include "prefetch/keys.hpp"
#include "query/query.hpp"
#include "rows/graph.hpp"

#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace kith::prefetch {

/// What loading one lookup took.
struct Loaded {
    std::string path{};
    const detail::FieldInfo* slot{nullptr}; ///< tells the keys of a generic foreign key apart, which share their path
    LoadingPlan::Taken taken{};
};

struct LoadOptions {
    bool fresh{false}; ///< the parents were read just now, so that no lookup leads to them but those behind them
    /// The view in which nothing is read after this: it ends in the round trip of the last level, where it can.
    /// Snapshot::commit() has to be called in any case.
    connection::Snapshot* last{nullptr};
};

/// Loads lookups into rows: for each relation of the tree keys → fetch → attach, then the relations behind it.
///
/// Where the database takes one statement at a time, that goes depth first. Where several can travel together, each
/// round takes all that are open, so that there are as many rounds as the tree has levels; one that could fill a member
/// which an earlier lookup might fill waits for it, so that the result is the same.
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
    using Rows = std::shared_ptr<const std::vector<void*>>;

    /// A lookup that is not loaded yet, and the rows that it is to be loaded for.
    struct Task {
        const query::LookupNode* node{nullptr};
        std::span<void* const> parents{};
        Rows rows{};                 // keeps the parents; null for those that were given
        bool shared{false};          // other lookups may lead to these rows too
        bool leads_to_shared{false}; // the same of the rows behind it
        bool begun{false};
        bool elsewhere{false}; // was loaded from another database, with all behind it
        ParentKeys keys{};
        Shape shape{};
        std::optional<Fetch> fetch{}; // none where nothing is to be asked
    };
    using Tasks = std::list<Task>;

    void add(Tasks::iterator before, std::span<const query::LookupNode> nodes, std::span<void* const> parents,
             const Rows& rows, bool shared, const query::LookupNode* behind);
    std::vector<Tasks::iterator> choose();
    bool may_go_now(Tasks::const_iterator task) const;
    static bool may_fill_the_same(const Task& earlier, const Task& task);
    void run_round(connection::Snapshot* last);
    void begin(Task& task);
    void finish(Tasks::iterator task);
    void load_elsewhere(Task& task);

    connection::Session& session_;
    const Database& db_;
    rows::Graph& graph_;
    FetchMode mode_;
    rows::Segment* owner_;
    Tasks open_{}; // in the order of depth first
    std::vector<Loaded> report_;
};

/// The distinct rows that the loaded members `slot` of `parents` lead to.
std::vector<void*> targets_of(const detail::FieldInfo& slot, std::span<void* const> parents);

} // namespace kith::prefetch
