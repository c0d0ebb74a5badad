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
    std::vector<void*> rows{};
    std::vector<std::uint32_t> ordinals{};    ///< per row of the result
    std::vector<void*> result_rows{};         ///< the same, if a row can be returned twice; else empty, and `rows` is
                                              ///< that list
    std::optional<LinksByTarget> by_target{}; ///< pairs: the ordinals above are those of the target keys

    /// Calls `visit(ordinal, row)` for each link.
    template <class Visit>
    void each_link(const Visit& visit) const {
        const auto& result = result_rows.empty() ? rows : result_rows;
        for (std::size_t i = 0; i < ordinals.size(); ++i) {
            if (!by_target) {
                visit(ordinals[i], result[i]);
                continue;
            }
            const auto* at = by_target->sources.data() + by_target->starts[ordinals[i]];
            const auto* end = by_target->sources.data() + by_target->starts[ordinals[i] + 1];
            for (; at != end; ++at) visit(*at, result[i]);
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
