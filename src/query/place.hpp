#pragma once

#include "query/query.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Places in the order of a QuerySet: pages begin and end there.
namespace kith::query {

/// The values of a row that order it.
struct PagePlace {
    std::vector<Value> values{}; ///< one for each term of the order
    bool inclusive{false};       ///< the row at this place belongs to what comes behind it
};

/// The terms that order the rows, with their directions as the database sees them.
std::vector<Order> order_of(const detail::Query& query);

/// Whether no two rows are equal in the order, by the unique columns that the model knows.
bool is_total(const detail::Query& query);

/// The same rows in the same order, with the primary key last unless that order is total. Throws ValueError on a slice.
std::shared_ptr<const detail::Query> in_total_order(const detail::Query& query);

/// The query for what comes behind `place`, or for what comes before it in the reversed order. Relations that the order
/// leads through are joined. Throws ValueError if there are no places: the order is not total or leads through a set,
/// the query is a slice.
std::shared_ptr<const detail::Query> with_places(const detail::Query& query);
std::shared_ptr<const detail::Query> behind(const detail::Query& query, const PagePlace& place);

/// A place as text: letters, digits, `-` and `_`. It contains the values, a fingerprint of the model and the order, and
/// a check sum. Throws ValueError for a value that has no text, such as NaN.
std::string token_of(const detail::Query& query, const PagePlace& place);
/// The place of a token. Throws ValueError if it is none of this model and order.
PagePlace place_of_token(const detail::Query& query, std::string_view token);

} // namespace kith::query
