#pragma once

#include <span>
#include <vector>

#include "database/session.hpp"
#include "prefetch/fetch.hpp"
#include "query/query.hpp"
#include "rows/graph.hpp"

namespace kith::prefetch {

/// What loading one lookup took.
struct Loaded {
    std::string path{};
    const detail::FieldInfo* slot{nullptr}; ///< tells the keys of a generic foreign key apart, which share their path
    Shape shape{Shape::related};
    std::size_t keys{0};
    std::size_t rows{0};        ///< distinct rows that came back
    std::size_t statements{0};
};

/// Loads lookups into rows: for each relation of the tree keys → fetch → attach, then the relations behind it.
class Loader {
public:
    /// Fetched rows of `db` join `graph`; below `owner` when they are loaded lazily through a row of that segment.
    Loader(database::Session& session, const Database& db, rows::Graph& graph, FetchMode mode,
           rows::Segment* owner = nullptr)
        : session_(session), db_(db), graph_(graph), mode_(mode), owner_(owner) {}

    /// Loads every lookup of `nodes` into `parents`, one after the other, depth first.
    void load(std::span<const query::LookupNode> nodes, std::span<void* const> parents);
    /// What was loaded so far, in the order of loading.
    std::vector<Loaded> take_report() { return std::move(report_); }

private:
    void load_node(const query::LookupNode& node, std::span<void* const> parents);
    /// A lookup whose queryset asks another database, with all behind it.
    void load_elsewhere(const query::LookupNode& node, std::span<void* const> parents);
    /// Loads what is not loaded yet. Gives the rows that were fetched.
    std::vector<void*> load_missing(const query::LookupNode& node, std::span<void* const> parents, bool& all_fetched);

    database::Session& session_;
    const Database& db_;
    rows::Graph& graph_;
    FetchMode mode_;
    rows::Segment* owner_;
    std::vector<Loaded> report_;
};

/// The distinct rows that the loaded members `slot` of `parents` lead to.
std::vector<void*> targets_of(const detail::FieldInfo& slot, std::span<void* const> parents);

}  // namespace kith::prefetch
