#pragma once

#include <kith/arithmetic.hpp>
#include <kith/query_calls.hpp>
#include <kith/query_set.hpp>

#include <cstddef>
#include <utility>

/// Conditions about other rows: `authors.filter(kith::Exists(books.filter("author"_f = kith::OuterRef("pk"))))`. Making
/// one costs no statement.
namespace kith {

/// Holds if the QuerySet, which may name columns of the outer row by kith::OuterRef, has a row. A condition: `!`, `&&`
/// and `||` take it, exclude() and kith::When as well; annotate() stores it in a `kith::Annotation<bool>`. It is part
/// of the statement around it, so both read one database.
template <class M>
Condition<detail::HasRows> Exists(const QuerySet<M>& rows) {
    return Condition<detail::HasRows>(detail::has_rows(rows.handle()));
}

/// A column of the outer row, in a QuerySet that is passed to kith::Exists: a path from its model, `"pk"` included. The
/// outer model is not known here: the function that takes the kith::Exists throws FieldError for a wrong path, and
/// ValueError for a column of another type. Using the QuerySet by itself throws ValueError.
template <std::size_t N>
auto OuterRef(const char (&path)[N]) {
    return Expression<detail::UnknownTree>(detail::outer_value({path, N - 1}));
}
inline auto OuterRef(const Runtime& path) { return Expression<detail::UnknownTree>(detail::outer_value(path.text())); }

} // namespace kith
