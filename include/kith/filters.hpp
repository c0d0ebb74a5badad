#pragma once

#include <kith/detail/core/allowed.hpp>
#include <kith/query_set.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a request may filter by, order by and include: lists of names that the compiler checks, and that turn texts
/// from outside into conditions, orders and lookups. kith.hpp does not include this header.
namespace kith {

namespace detail {

/// Returns what is wrong with a condition on `found` whose value is a text.
constexpr LookupFault judge_text(const Resolved& found) {
    const FieldLookup lookup = found.lookup.empty() ? FieldLookup::exact : find_lookup(found.lookup)->lookup;
    if (lookup == FieldLookup::isnull) return LookupFault::none;
    const Member column = value_column(found.last);
    if (column.member == nullptr) return LookupFault::relation_is_no_value;
    const ColumnType type = column.member->type;
    if (is_text_lookup(lookup) && type != ColumnType::text && type != ColumnType::json) {
        return LookupFault::unfit_lookup;
    }
    if (lookup >= FieldLookup::year && (found.is_relation() || !is_time(type))) return LookupFault::unfit_lookup;
    return LookupFault::none;
}

/// `"views__gte"`: a path that may end in a lookup.
template <class M>
class FilterName : public NameArgument {
public:
    consteval FilterName(const char* literal) : NameArgument{literal} {
        const Resolved found = resolve(description<M>, path, PathUse::condition);
        const auto fault = found.fault != LookupFault::none ? found.fault : judge_text(found);
        if (fault != LookupFault::none) found.model->complain(fault, found.part);
    }
    template <PlainText T>
    FilterName(const T&) {
        refuse_plain_text<T>();
    }
};

} // namespace detail

/// The conditions that a request may set:
///
///     const kith::Filters<Post> allowed{"status", "views__gte", "author__name"};
///     auto found = allowed.apply(posts, {{"status", "draft"}, {"views__gte", "100"}});
///
/// A name on the list stands for itself alone: `status` allows neither `status__in` nor `status__isnull`, and `id` does
/// not allow `pk`. Put `regex` and `iregex` on a list only for clients that you trust: a pattern can take long.
template <class M>
class Filters {
public:
    /// Literals, checked by the compiler: paths that may end in a lookup.
    Filters(std::initializer_list<detail::FilterName<M>> names) {
        for (const auto& name : names) names_.push_back(name.path);
    }

    /// Returns the rows of `rows` for which all conditions hold, as one filter() call does. `texts` is a range of pairs
    /// of strings, such as the parsed query of a URL; values are read as kith::Text. No statement. Throws FieldError
    /// for a name that is not on the list, ValueError for a text that does not fit its column and for a name that is
    /// given twice.
    template <class Texts>
    QuerySet<M> apply(const QuerySet<M>& rows, const Texts& texts) const {
        detail::NamedTexts list;
        for (const auto& [name, text] : texts) list.emplace_back(name, text);
        return QuerySet<M>(detail::filter_by_texts(rows.handle(), names_, list));
    }
    QuerySet<M> apply(const QuerySet<M>& rows,
                      std::initializer_list<std::pair<std::string_view, std::string_view>> texts) const {
        return apply<decltype(texts)>(rows, texts);
    }

    /// Returns the names, in their order.
    const std::vector<std::string_view>& names() const noexcept { return names_; }

private:
    std::vector<std::string_view> names_;
};

/// The orders that a request may choose:
///
///     const kith::Orders<Post> allowed{"created", "title"};
///     auto sorted = allowed.apply(posts, "-created,title");
///
/// A name allows both directions; with `-` before it, only the descending one.
template <class M>
class Orders {
public:
    /// Literals, checked by the compiler: paths to columns.
    Orders(std::initializer_list<detail::OrderName<M>> names) {
        for (const auto& name : names) names_.push_back(name.path);
    }

    /// Returns the rows in the order of `text`, names separated by commas; an empty text changes nothing. No statement.
    /// Throws FieldError for a name that is not on the list, ValueError for one that is given twice and on a slice.
    QuerySet<M> apply(const QuerySet<M>& rows, std::string_view text) const {
        return QuerySet<M>(detail::order_by_text(rows.handle(), names_, text));
    }

    /// Returns the names, in their order.
    const std::vector<std::string_view>& names() const noexcept { return names_; }

private:
    std::vector<std::string_view> names_;
};

/// The relations that a request may include:
///
///     const kith::Includes<Post> allowed{"author", kith::Prefetch("comments"_f, visible), "comments__author"};
///     auto full = allowed.apply(posts, "comments__author");
///
/// A Prefetch on the list has the name of its lookup, or of its slot. It also applies to longer names that lead through
/// it: here, the authors of visible comments are loaded, and no other comments.
template <class M>
class Includes {
public:
    /// Literals, checked by the compiler, and Prefetch objects.
    Includes(std::initializer_list<Lookup<M>> lookups) {
        for (const auto& lookup : lookups) lookup.argument().append_to(lookups_);
    }

    /// Returns the rows with these lookups, as prefetch_related() adds them; names are separated by commas, and an
    /// empty text adds nothing. No statement. Throws FieldError for a name that is not on the list, ValueError for one
    /// that is given twice.
    QuerySet<M> apply(const QuerySet<M>& rows, std::string_view text) const {
        return QuerySet<M>(detail::include_by_text(rows.handle(), lookups_, text));
    }

private:
    std::vector<detail::LookupSpec> lookups_;
};

} // namespace kith
