#pragma once

#include <kith/detail/check/condition_messages.hpp>
#include <kith/detail/check/key_type.hpp>
#include <kith/detail/check/model_check.hpp>
#include <kith/detail/check/parameter.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/row_iterator.hpp>
#include <kith/detail/core/sets.hpp>
#include <kith/detail/core/to_one.hpp>
#include <kith/error.hpp>
#include <kith/model.hpp>
#include <kith/ref.hpp>

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Relations: the members of a model that lead to rows of others. Each is 16 bytes and knows by itself whether it was
/// loaded; what was not is loaded when it is read, as the QuerySet's FetchMode says.
namespace kith {

template <class M>
class QuerySet;

namespace detail {

template <class M>
class OrderName;
struct Detacher;

inline Value required_key(const RelationState& state) {
    Value key = to_one_key(state);
    if (is_null(key)) throw ValueError("key() of a relation that is null: ask is_null() first");
    return key;
}

/// What a ForeignKey and a OneToOne have in common: one row of `T`, or none.
template <class T, auto... Options>
class ToOne {
public:
    /// The related row. No statement when it was loaded, else one. Throws DoesNotExist where the key is null or leads
    /// nowhere, NotLoaded where no database is known, FetchBlocked under FetchMode::raise.
    T* operator->() const { return row(); }
    T& operator*() const { return *row(); }

    /// The key itself, of the type of the target's key (of the member that `to_field` names). Never a statement.
    /// Throws ValueError when it is null.
    auto key() const
        requires(!detail::is_composite<Options...>)
    {
        return from_value<referred_key<T, Options...>>(required_key(state_));
    }
    /// Sets the key and forgets the row that was loaded. Nothing is written before the row is saved.
    template <class K>
        requires(!detail::is_composite<Options...>)
    void set_key(const K& key) {
        (void)key_ok<T, K, Options...>;
        to_one_set_key(state_, to_value(key));
    }
    /// Whether the key is null. Never a statement.
    bool is_null() const { return is_composite<Options...> ? composite_is_null(state_) : to_one_is_null(state_); }
    /// Whether reading the row costs no statement.
    bool is_loaded() const { return to_one_is_loaded(state_); }
    /// Whether there is a related row, as far as the key and what was loaded tell. Never a statement.
    explicit operator bool() const { return to_one_has_row(state_); }

    friend bool operator==(const ToOne& relation, std::nullptr_t) { return !static_cast<bool>(relation); }

protected:
    ToOne() noexcept = default;
    ToOne(const ToOne&) = default;
    ToOne(ToOne&&) = default;
    ToOne& operator=(const ToOne&) = default;
    ~ToOne() = default;

    void assign(std::nullptr_t) {
        if constexpr (is_composite<Options...>) {
            to_one_set_parts(state_, {Value{}});
        } else {
            to_one_set_key(state_, Value{});
        }
    }
    void assign(const Ref<T>& row) {
        if (row == nullptr) {
            assign(nullptr);
        } else {
            to_one_assign(state_, row.get(), to_field_of<Options...>());
        }
    }
    void assign(const T& row) { to_one_copy_key(state_, model<T>(), &row, to_field_of<Options...>()); }

private:
    friend Detacher;

    T* row() const {
        if (void* loaded = state_.loaded_row()) return static_cast<T*>(loaded);
        if constexpr (is_composite<Options...>) {
            return static_cast<T*>(follow_composite(state_));
        } else {
            return static_cast<T*>(follow(state_));
        }
    }

    RelationState state_{};
};

/// The rows of `T` on the many side of a relation.
template <class T>
class RelatedSet {
public:
    /// The rows, as a QuerySet: the loaded ones where the set was prefetched or read before (no statement), else one
    /// statement at its first use. Throws ValueError when the row of the set was never saved.
    QuerySet<T> all() const { return QuerySet<T>(QueryHandle::of_set(state_)); }
    /// Asks the database, also where the set was prefetched: see QuerySet::filter.
    template <class... C>
    QuerySet<T> filter(C&&... conditions) const {
        return all().filter(std::forward<C>(conditions)...);
    }
    template <class... C>
    QuerySet<T> exclude(C&&... conditions) const {
        return all().exclude(std::forward<C>(conditions)...);
    }
    /// `order_by("-name", "id")`. Asks the database.
    template <class Name = OrderName<T>>
    QuerySet<T> order_by(std::type_identity_t<Name> a, std::type_identity_t<Name> b = {},
                         std::type_identity_t<Name> c = {}, std::type_identity_t<Name> d = {}) const {
        return all().order_by(std::move(a), std::move(b), std::move(c), std::move(d));
    }
    /// How many rows. No statement where the set is loaded, else one.
    std::int64_t count(std::source_location where = std::source_location::current()) const {
        return all().count(where);
    }
    bool exists(std::source_location where = std::source_location::current()) const { return all().exists(where); }
    /// The first row, or an empty Ref. No statement where the set is loaded, else one.
    Ref<T> first(std::source_location where = std::source_location::current()) const { return all().first(where); }
    /// Whether `row` (a row, a Ref or a key) is in the set. No statement where the set is loaded, else one.
    template <class R>
    bool contains(const R& row, std::source_location where = std::source_location::current()) const {
        return all().contains(row, where);
    }
    /// Whether reading the set costs no statement.
    bool is_prefetched() const { return set_is_loaded(state_); }

    /// Adds rows, given as rows, Refs or keys, and forgets what was loaded. One statement per bounded batch. Throws
    /// ValueError for rows that were never saved.
    template <class R>
    void add(R&& row, std::source_location where = std::source_location::current()) const {
        const RowOrKey list[]{take(row)};
        set_add(state_, list, where);
    }
    template <class... R>
        requires(sizeof...(R) > 1)
    void add(R&&... rows) const {
        const RowOrKey list[]{take(rows)...};
        set_add(state_, list);
    }
    /// Makes the set consist of `rows`, a range of rows, Refs, pointers or keys.
    template <class Range>
    void set(Range&& rows, std::source_location where = std::source_location::current()) const {
        std::vector<RowOrKey> list;
        for (auto&& row : rows) list.push_back(take(row));
        set_assign(state_, list, where);
    }
    /// Inserts `row` and adds it.
    Ref<T> create(const T& row, std::source_location where = std::source_location::current()) const {
        static_assert(model_ok<T>);
        return Ref<T>(set_create(state_, &row, where));
    }

protected:
    RelatedSet() noexcept = default;
    RelatedSet(const RelatedSet&) = default;
    RelatedSet(RelatedSet&&) = default;
    RelatedSet& operator=(const RelatedSet&) = default;
    ~RelatedSet() = default;

    template <class... R>
    void remove_rows(std::source_location where, R&&... rows) const {
        const RowOrKey list[]{take(rows)...};
        set_remove(state_, list, where);
    }
    void clear_rows(std::source_location where) const { set_clear(state_, where); }

private:
    friend Detacher;

    template <class R>
    static RowOrKey take(R& row) {
        (void)row_or_key_ok<T, std::remove_const_t<R>>;
        return to_row_or_key<T>(row);
    }

    RelationState state_{};
};

} // namespace detail

/// A column that holds the key of a row of `T`, `<member>_id` when nothing else is said. Options: null, unique,
/// indexed, column, to_field, on_delete.
///
/// To a model with a primary key of several columns it has no column of its own: `kith::from_fields` names the members
/// that hold the key. They are read and written as the columns that they are; assigning a row to the ForeignKey sets
/// them, at once in rows of a QuerySet or Ref, when it is saved in an object of your own.
///
/// Assigned from a Ref (kept as the loaded row), from a row (its key is copied; ValueError when it was never saved),
/// from nullptr, or from another ForeignKey of its kind. With the option primary_key it is a part of the row's primary
/// key, as in a table of links, and like one it cannot be assigned from its own kind.
template <class T, detail::MemberOption auto... Options>
class ForeignKey : public detail::ToOne<T, Options...> {
    static constexpr bool is_key = detail::has_option<detail::PrimaryKeyOption, Options...>;

public:
    ForeignKey() noexcept = default;
    ForeignKey(std::nullptr_t) noexcept {}
    ForeignKey(const Ref<T>& row) { this->assign(row); }
    ForeignKey(const T& row) { this->assign(row); }
    ForeignKey(const ForeignKey&) = default;
    ForeignKey(ForeignKey&&) = default;
    ~ForeignKey() = default;
    ForeignKey& operator=(const ForeignKey&)
        requires(is_key)
    = delete;
    ForeignKey& operator=(const ForeignKey&)
        requires(!is_key)
    = default;
    ForeignKey& operator=(std::nullptr_t) {
        this->assign(nullptr);
        return *this;
    }
    ForeignKey& operator=(const Ref<T>& row) {
        this->assign(row);
        return *this;
    }
    ForeignKey& operator=(const T& row) {
        this->assign(row);
        return *this;
    }
};

/// A ForeignKey whose values are unique: each row of `T` has one counterpart at most. With the option primary_key it is
/// the row's primary key, and like one it cannot be assigned from its own kind.
template <class T, detail::MemberOption auto... Options>
class OneToOne : public ForeignKey<T, Options...> {
public:
    using ForeignKey<T, Options...>::ForeignKey;
    using ForeignKey<T, Options...>::operator=;
};

/// Rows of `T` through a table of pairs that Kith creates, or through a model of your own (`kith::through`).
template <class T, detail::MemberOption auto... Options>
class ManyToMany : public detail::RelatedSet<T> {
public:
    ManyToMany() noexcept = default;

    /// Removes rows, given as rows, Refs or keys, from the set; they stay in their table. One statement per batch.
    template <class R>
    void remove(R&& row, std::source_location where = std::source_location::current()) const {
        this->remove_rows(where, std::forward<R>(row));
    }
    template <class... R>
        requires(sizeof...(R) > 1)
    void remove(R&&... rows) const {
        this->remove_rows({}, std::forward<R>(rows)...);
    }
    /// Empties the set; its rows stay in their table. One statement.
    void clear(std::source_location where = std::source_location::current()) const { this->clear_rows(where); }
};

/// The rows of `T` whose ForeignKey or ManyToMany `Field` leads to this row.
///
/// `remove()` and `clear()` set that foreign key to NULL. They do not compile where it is not `kith::null`.
template <class T, detail::FixedString Field>
class ReverseSet : public detail::RelatedSet<T> {
public:
    ReverseSet() noexcept = default;

    template <class R>
    void remove(R&& row, std::source_location where = std::source_location::current()) const {
        (void)detail::removable_ok<T, Field>;
        this->remove_rows(where, std::forward<R>(row));
    }
    template <class... R>
        requires(sizeof...(R) > 1)
    void remove(R&&... rows) const {
        (void)detail::removable_ok<T, Field>;
        this->remove_rows({}, std::forward<R>(rows)...);
    }
    template <class Self = T>
    void clear(std::source_location where = std::source_location::current()) const {
        (void)detail::removable_ok<Self, Field>;
        this->clear_rows(where);
    }
};

/// The row of `T` whose OneToOne `Field` leads to this row.
template <class T, detail::FixedString Field>
class ReverseOne {
public:
    /// The related row. No statement when it was loaded, else one. Throws DoesNotExist where there is none.
    T* operator->() const { return row(); }
    T& operator*() const { return *row(); }
    /// Whether there is a related row. No statement when that is known, else one.
    explicit operator bool() const { return detail::to_one_has_row(state_); }
    friend bool operator==(const ReverseOne& relation, std::nullptr_t) { return !static_cast<bool>(relation); }
    /// Whether reading the row costs no statement.
    bool is_loaded() const { return detail::to_one_is_loaded(state_); }

private:
    friend detail::Detacher;

    T* row() const {
        if (void* loaded = state_.loaded_row()) return static_cast<T*>(loaded);
        return static_cast<T*>(detail::follow(state_));
    }

    detail::RelationState state_{};
};

/// A slot without a column: the destination (`to_attr`) of a Prefetch that loads a set. A random-access range of rows;
/// reading it throws NotLoaded while no Prefetch has filled it.
template <class T>
class PrefetchedSet {
public:
    using iterator = detail::RowIterator<T>;
    using value_type = T;

    iterator begin() const { return iterator(rows().data); }
    iterator end() const {
        const auto span = rows();
        return iterator(span.data + span.size);
    }
    std::size_t size() const { return rows().size; }
    bool empty() const { return rows().size == 0; }
    /// `index` must be below size().
    T& operator[](std::size_t index) const { return *static_cast<T*>(rows().data[index]); }
    T& front() const { return (*this)[0]; }
    T& back() const { return (*this)[size() - 1]; }
    bool is_loaded() const { return detail::set_is_loaded(state_); }

private:
    friend detail::Detacher;

    detail::RowSpan rows() const { return detail::slot_rows(state_); }

    detail::RelationState state_{};
};

/// A slot without a column: the destination (`to_attr`) of a Prefetch that loads a single row. Reading it throws
/// NotLoaded while no Prefetch has filled it, and following it DoesNotExist when there is no row.
template <class T>
class PrefetchedOne {
public:
    T* operator->() const { return row(); }
    T& operator*() const { return *row(); }
    /// Whether the Prefetch found a row.
    explicit operator bool() const { return detail::slot_row(state_) != nullptr; }
    friend bool operator==(const PrefetchedOne& slot, std::nullptr_t) { return !static_cast<bool>(slot); }
    bool is_loaded() const { return detail::to_one_is_loaded(state_); }

private:
    friend detail::Detacher;

    T* row() const {
        if (void* loaded = detail::slot_row(state_)) return static_cast<T*>(loaded);
        detail::throw_empty_ref(detail::unqualified(detail::type_name<T>()));
    }

    detail::RelationState state_{};
};

namespace detail {

/// The one door to the states of relation members from outside, for detached().
struct Detacher {
    template <class... F>
    void operator()(F&... members) const {
        (detach_member(members), ...);
    }

private:
    template <class F>
    static void detach_member(F& member) {
        if constexpr (requires { member.state_; }) detach(member.state_);
        if constexpr (requires { member.mark_; }) detach(member.mark_);
        if constexpr (requires { member.states_; }) {
            for (auto& state : member.states_) detach(state);
        }
    }
};

} // namespace detail

/// A copy of `row` with its columns and keys alone: it holds no graph, and reading a relation of it throws NotLoaded
/// until the copy is saved. What keeps a row of a stream without keeping its chunk.
template <class M>
M detached(const M& row) {
    M copy(row);
    detail::visit_members<detail::member_count<M>>(copy, detail::Detacher{});
    return copy;
}
template <class M>
M detached(const Ref<M>& row) {
    return detached(*row);
}

namespace detail {
static_assert(sizeof(ToOne<Json>) == 16 && sizeof(RelatedSet<Json>) == 16 && sizeof(PrefetchedSet<Json>) == 16);
}

} // namespace kith
