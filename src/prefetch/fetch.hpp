#pragma once

#include "backend/backend.hpp"
#include "prefetch/keys.hpp"
#include "rows/graph.hpp"
#include "sql/kept_selects.hpp"

#include <kith/loading_plan.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace kith::connection {
class Session;
}

namespace kith::prefetch {

using Shape = LoadingPlan::Shape;

/// Join or pairs for a many-to-many; `related` for everything else. Pairs only for more than `threshold` keys, and
/// never if the queryset filters, slices, annotates or is distinct: then the links cannot say which rows are returned.
Shape choose_shape(const detail::RelationInfo& relation, const detail::Query* queryset, std::size_t keys,
                   std::size_t threshold);

/// The links of a join table, grouped by target: the links of target key `t` are `sources[starts[t]]` up to but not
/// including `sources[starts[t + 1]]`, each the ordinal of a source key.
struct LinksByTarget {
    std::vector<std::uint32_t> starts{};
    std::vector<std::uint32_t> sources{};
};

/// What was fetched: `rows` are the distinct rows in the order of the result. The links say which row belongs to the
/// key with which ordinal, in the order that the rows of each key will have.
struct Fetched {
    rows::Segment* segment{nullptr};
    std::shared_ptr<std::vector<void*>> rows = std::make_shared<std::vector<void*>>();
    std::vector<std::uint32_t> ordinals{};    ///< per row of the result; empty if row `i` belongs to key `i`
    std::vector<void*> result_rows{};         ///< the same, if a row can be returned twice; else empty, and `rows` is
                                              ///< that list
    std::optional<LinksByTarget> by_target{}; ///< pairs: the ordinals above are those of the target keys

    /// Calls `visit(ordinal, row)` for each link.
    template <class Visit>
    void each_link(const Visit& visit) const {
        if (!by_target) return each_result_row(visit);
        const auto* const starts = by_target->starts.data();
        const auto* const sources = by_target->sources.data();
        each_result_row([&](std::uint32_t target, void* row) {
            for (auto at = starts[target]; at != starts[target + 1]; ++at) visit(sources[at], row);
        });
    }
    /// Stores the ordinal of row `i` of the result, to be called in the order of the rows: ordinals are stored only
    /// from the first one on that differs from its row's number.
    void add_ordinal(std::size_t i, std::uint32_t ordinal) {
        if (ordinals.empty() && ordinal != i) {
            ordinals.reserve(rows->size());
            for (std::uint32_t earlier = 0; earlier < i; ++earlier) ordinals.push_back(earlier);
            ordinals.push_back(ordinal);
        } else if (!ordinals.empty()) {
            ordinals.push_back(ordinal);
        }
    }

private:
    template <class Visit>
    void each_result_row(const Visit& visit) const {
        const auto& result = result_rows.empty() ? *rows : result_rows;
        if (ordinals.empty()) {
            for (std::size_t i = 0; i < result.size(); ++i) visit(static_cast<std::uint32_t>(i), result[i]);
        } else {
            for (std::size_t i = 0; i < result.size(); ++i) visit(ordinals[i], result[i]);
        }
    }
};

/// Where fetched rows go.
struct Destination {
    rows::Graph& graph;
    FetchMode mode;
    rows::Segment* owner;
    const Database* db;
};

/// Fetches the rows of one relation: provides the statement to run and reads its result; for pairs, twice.
class Fetch {
public:
    /// Pairs need keys that are there.
    Fetch(const connection::Session& session, const detail::RelationInfo& relation, const sql::KeyOrigin& from,
          const detail::Query* queryset, Shape shape, const Destination& destination);
    /// The keys, to be set before read() if the statement was made before they were collected.
    void set_keys(std::shared_ptr<const sql::KeySet> keys) { keys_ = std::move(keys); }

    const sql::Statement& statement() const noexcept { return select_.statement; }
    /// Whether no other statement follows this one.
    bool is_last() const noexcept { return shape_ != Shape::pairs || fetched_.by_target.has_value(); }
    /// Reads the result of the statement, and prepares the next one if there is one.
    void read(std::unique_ptr<backend::Cursor> cursor);
    /// What was read.
    Fetched& result() noexcept { return fetched_; }

private:
    const connection::Session& session_;
    const sql::Dialect& dialect_;
    const detail::RelationInfo& relation_;
    std::shared_ptr<const sql::KeySet> keys_; // of the current statement
    const detail::Query* queryset_;
    Shape shape_;
    Destination to_;
    sql::Select select_{};
    Fetched fetched_{};
};

} // namespace kith::prefetch
