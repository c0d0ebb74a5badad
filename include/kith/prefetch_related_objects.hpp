#pragma once

#include <kith/detail/check/rows_model.hpp>
#include <kith/detail/core/prefetch_rows.hpp>
#include <kith/prefetch.hpp>

#include <source_location>
#include <type_traits>
#include <vector>

namespace kith {

/// Loads lookups into existing rows, and fetches only what is missing. `rows` is a QuerySet, a row, a Ref, or a range
/// of rows, Refs or pointers. One statement for each step of a lookup, none for what is loaded. Throws ValueError for
/// copies and objects of the program, which did not come from a database; else as prefetch_related.
template <class R, class Argument = detail::PrefetchArgument<detail::rows_model<R>>>
void prefetch_related_objects(R&& rows, std::type_identity_t<Argument> a, std::type_identity_t<Argument> b = {},
                              std::type_identity_t<Argument> c = {}, std::type_identity_t<Argument> d = {},
                              std::type_identity_t<Argument> e = {}, std::type_identity_t<Argument> f = {},
                              std::type_identity_t<Argument> g = {}, std::type_identity_t<Argument> h = {},
                              std::type_identity_t<Argument> i = {}, std::type_identity_t<Argument> j = {},
                              std::type_identity_t<Argument> k = {}, std::type_identity_t<Argument> l = {},
                              std::type_identity_t<Argument> m = {}, std::type_identity_t<Argument> n = {},
                              std::type_identity_t<Argument> o = {}, std::type_identity_t<Argument> p = {},
                              std::source_location where = std::source_location::current()) {
    const detail::LookupArgument list[]{a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p};
    detail::prefetch_rows(detail::model<detail::rows_model<R>>(), detail::row_addresses(rows),
                          detail::gather_lookups(list), where);
}
/// The same for a list of lookups that is built at run time, with the same statements.
template <class R, class M = detail::rows_model<R>>
void prefetch_related_objects(R&& rows, const std::vector<Lookup<M>>& lookups,
                              std::source_location where = std::source_location::current()) {
    std::vector<detail::LookupArgument> list;
    for (const auto& lookup : lookups) list.push_back(lookup.argument());
    detail::prefetch_rows(detail::model<M>(), detail::row_addresses(rows), detail::gather_lookups(list), where);
}

} // namespace kith
