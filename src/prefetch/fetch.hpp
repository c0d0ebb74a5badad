#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "database/session.hpp"
#include "prefetch/keys.hpp"
#include "rows/graph.hpp"

namespace kith::prefetch {

/// How the rows of a relation are asked for.
enum class Shape : std::uint8_t {
    related,  ///< one statement, driven from the keys: foreign keys either way, one-to-ones
    join,     ///< one statement over the join table; a row per link
    pairs,    ///< two statements: the links, then each target once
};

/// Join or pairs for a many-to-many; `related` for everything else. Pairs only for more than `threshold` keys, and never
/// when the queryset filters, slices or is distinct: then the links cannot say which rows come.
Shape choose_shape(const detail::RelationInfo& relation, const detail::Query* queryset, std::size_t keys,
                   std::size_t threshold);

/// What came back: `rows` are the distinct rows in the order of the result, and the links say which of them belongs to
/// the key with which ordinal, in the order in which each key's rows are to stand.
struct Fetched {
    rows::Segment* segment{nullptr};
    std::vector<void*> rows{};
    std::vector<std::uint32_t> link_ordinals{};
    std::vector<void*> link_rows{};
};

/// Where fetched rows go.
struct Destination {
    rows::Graph& graph;
    FetchMode mode;
    rows::Segment* owner;
};

/// The only stage of a prefetch that talks to the database. `path` is the lookup, for observers.
Fetched fetch(database::Session& session, const detail::RelationInfo& relation,
              const std::shared_ptr<const sql::KeySet>& keys, const detail::Query* queryset, Shape shape,
              const Destination& destination, const std::string& path);

}  // namespace kith::prefetch
