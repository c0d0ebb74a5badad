#pragma once

#include <kith/bulk_create_options.hpp>
#include <kith/detail/check/conflict_check.hpp>
#include <kith/detail/check/model_check.hpp>
#include <kith/detail/check/parameter.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/row_range.hpp>
#include <kith/expression.hpp>
#include <kith/on_conflict.hpp>
#include <kith/ref.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <source_location>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith::detail {

/// The addresses of rows of `M` in a range of rows, Refs or pointers, for a call.
template <class M, class Rows>
std::vector<const void*> row_addresses(const Rows& rows) {
    using Element = decltype(*std::begin(rows));
    using V = std::remove_cvref_t<Element>;
    static_assert(std::is_same_v<row_model<V>, M>,
                  "kith: bulk_update takes a range of rows of the QuerySet's model, Refs or pointers to them");
    static_assert(std::is_lvalue_reference_v<Element> || !std::is_same_v<V, M>,
                  "kith: bulk_update takes rows that exist until the end of the call, not a range that makes them");
    std::vector<const void*> addresses;
    for (auto&& row : rows) addresses.push_back(row_address(row));
    return addresses;
}

/// The methods of a QuerySet that write many rows, each its own values.
template <class M>
class BulkWrites : public RowRange<M> {
public:
    using RowRange<M>::RowRange;

    /// Inserts copies of `rows`, and returns them with their keys, in their order. One statement for each batch of at
    /// most 500 rows, in one transaction; one for each row that leaves out a `server_default`; through a many-to-many
    /// also those for the links. Throws as create(). If a row is refused, row() of the error is its place, and some
    /// more statements, of which nothing is kept, find it.
    std::vector<Ref<M>> bulk_create(const std::vector<M>& rows,
                                    std::source_location where = std::source_location::current()) const {
        return bulk_create_at(where, rows, {});
    }
    std::vector<Ref<M>> bulk_create(const std::vector<M>& rows, const BulkCreateOptions& options,
                                    std::source_location where = std::source_location::current()) const {
        return bulk_create_at(where, rows, {.options = &options});
    }
    /// The same with a rule for rows that exist: `bulk_create(rows, kith::on_conflict("sku"_f).update("price"_f,
    /// "stock"_f))` returns each row as the database has it. With `.ignore()`, the Ref of a row that was not inserted
    /// is empty. As many statements; on MariaDB `.ignore()` takes one more for each batch. Throws ValueError if two of
    /// `rows` have the same key and would be updated (of those to be ignored, the first is inserted), and on MariaDB if
    /// the rows could conflict by another unique key too, which its INSERT does not distinguish. `.update()` also
    /// throws ValueError for an updated column with kith::server_default that was not assigned, and through a reverse
    /// set whose foreign key is not in the key of the rule.
    template <class Rule>
        requires is_conflict<Rule>
    std::vector<Ref<M>> bulk_create(const std::vector<M>& rows, Rule rule, const BulkCreateOptions& options = {},
                                    std::source_location where = std::source_location::current()) const {
        const ConflictSpec spec = conflict_spec<M>(rule);
        return bulk_create_at(where, rows, {.conflict = &spec, .options = &options});
    }
    /// Writes columns of many rows, each its own values: `bulk_update(items, "price"_f, "stock"_f)`. `rows` is a range
    /// of rows, Refs or pointers. Returns the number of rows found: unlike save(), it inserts none. Rows that this
    /// QuerySet does not contain are not found. One statement for each batch of at most 200 rows, in one transaction.
    /// Throws ValueError for a row that was never saved, for two rows with the same key, on a slice and for a read-only
    /// model; else as save(). Whether text keys that differ in case, say, are the same is asked in one statement more
    /// for 500 rows.
    template <class Rows, FixedString A>
    std::int64_t bulk_update(const Rows& rows, Path<A>,
                             std::source_location where = std::source_location::current()) const {
        return bulk_update_at<Rows, A>(where, rows);
    }
    template <class Rows, FixedString A, FixedString B>
    std::int64_t bulk_update(const Rows& rows, Path<A>, Path<B>,
                             std::source_location where = std::source_location::current()) const {
        return bulk_update_at<Rows, A, B>(where, rows);
    }
    template <class Rows, FixedString... Columns>
        requires(sizeof...(Columns) > 2)
    std::int64_t bulk_update(const Rows& rows, Path<Columns>...) const {
        return bulk_update_at<Rows, Columns...>({}, rows);
    }

protected:
    using RowRange<M>::handle_;

private:
    std::vector<Ref<M>> bulk_create_at(std::source_location where, const std::vector<M>& rows,
                                       const QueryHandle::BulkCreate& how) const {
        std::vector<Ref<M>> created;
        for (auto& row : handle_.bulk_create({rows.data(), rows.size(), sizeof(M)}, how, where))
            created.emplace_back(std::move(row));
        return created;
    }
    template <class Rows, FixedString... Columns>
    std::int64_t bulk_update_at(std::source_location where, const Rows& rows) const {
        if constexpr (bulk_update_ok<M, Columns...>) {
            const std::string_view members[]{written_member(description<M>, Columns.view())...};
            return handle_.bulk_update(row_addresses<M>(rows), members, where);
        }
        return 0;
    }
};

} // namespace kith::detail
