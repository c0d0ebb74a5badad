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

/// Relations: the members of a model that lead to rows of other models. Each has 16 bytes and knows whether it was
/// loaded. Reading one that was not loaded loads it, as the FetchMode of the QuerySet says.
namespace kith {

template <class M>
class QuerySet;

namespace detail {

template <class M>
class OrderName;
struct Detacher;

/// The base class of ForeignKey and OneToOne: one row of `T`, or none.
template <class T, auto... Options>
class ToOne {
public:
    /// The related row. No statement if it was loaded, else one. Throws DoesNotExist if the key is null or no row has
    /// it, NotLoaded without a database to load from, FetchBlocked under FetchMode::raise.
    T* operator->() const { return row(); }
    T& operator*() const { return *row(); }

    /// Returns the key. It has the type of the primary key of the target, or of the member that `to_field` names. No
    /// statement. Throws ValueError if it is null.
    auto key() const
        requires(!detail::is_composite<Options...>)
    {
        return key_from<referred_key<T, Options...>>(state_);
    }
    /// Sets the key and forgets the loaded row. No statement: the database changes when this row is saved.
    template <class K>
        requires(!detail::is_composite<Options...>)
    void set_key(const K& key) {
        (void)key_ok<T, K, Options...>;
        to_one_set_key(state_, view_of(key));
    }
    /// Whether the key is null. No statement.
    bool is_null() const { return is_composite<Options...> ? composite_is_null(state_) : to_one_is_null(state_); }
    /// Whether reading the row costs no statement.
    bool is_loaded() const { return to_one_is_loaded(state_); }
    /// Whether there is a related row: the key is not null, and loading found a row if it was loaded. No statement.
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
            to_one_clear_parts(state_);
        } else {
            to_one_clear(state_);
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

/// The base class of ManyToMany, ReverseSet and ReverseGeneric: a set of rows of `T`. Its functions throw ValueError if
/// the row with the set was never saved, and may throw DatabaseError if they query the database.
template <class T>
class RelatedSet {
public:
    /// Returns the rows as a QuerySet. Using it costs no statement if the set is loaded, else one for the first use.
    QuerySet<T> all() const { return QuerySet<T>(QueryHandle::of_set(state_)); }
    /// As QuerySet::filter. Using the result costs one statement, even if the set is loaded.
    template <class... C>
    QuerySet<T> filter(C&&... conditions) const {
        return all().filter(std::forward<C>(conditions)...);
    }
    /// As QuerySet::exclude. Using the result costs one statement, even if the set is loaded.
    template <class... C>
    QuerySet<T> exclude(C&&... conditions) const {
        return all().exclude(std::forward<C>(conditions)...);
    }
    /// As QuerySet::order_by, for up to four names. Using the result costs one statement, even if the set is loaded.
    template <class Name = OrderName<T>>
    QuerySet<T> order_by(std::type_identity_t<Name> a, std::type_identity_t<Name> b = {},
                         std::type_identity_t<Name> c = {}, std::type_identity_t<Name> d = {}) const {
        return all().order_by(std::move(a), std::move(b), std::move(c), std::move(d));
    }
    /// Returns the number of rows. No statement if the set is loaded, else one.
    std::int64_t count(std::source_location where = std::source_location::current()) const {
        return all().count(where);
    }
    /// Whether there is a row. No statement if the set is loaded, else one.
    bool exists(std::source_location where = std::source_location::current()) const { return all().exists(where); }
    /// Returns the first row, as QuerySet::first; an empty Ref if there is none. No statement if the set is loaded,
    /// else one.
    Ref<T> first(std::source_location where = std::source_location::current()) const { return all().first(where); }
    /// Whether `row` (a row, a Ref or a key) is in the set. No statement if the set is loaded, else one.
    template <class R>
    bool contains(const R& row, std::source_location where = std::source_location::current()) const {
        return all().contains(row, where);
    }
    /// Whether reading the set costs no statement.
    bool is_prefetched() const { return set_is_loaded(state_); }

    /// Adds rows, given as rows, Refs or keys, and forgets what was loaded. A link that exists is left alone. One
    /// statement, or two with kith::symmetrical. Throws ValueError for rows that were never saved, and DoesNotExist or
    /// IntegrityError for rows that are not in the database.
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
    /// Makes the set consist of `rows`, a range of rows, Refs, pointers or keys, and forgets what was loaded. Writes
    /// only the difference, as Django does. A ReverseSet of a foreign key that is not kith::null keeps its other rows.
    /// One statement to read the keys, and one each to remove and to add rows if there are any (two each with
    /// kith::symmetrical), in one transaction. Throws as add().
    template <class Range>
    void set(Range&& rows, std::source_location where = std::source_location::current()) const {
        std::vector<RowOrKey> list;
        for (auto&& row : rows) list.push_back(take(row));
        set_assign(state_, list, where);
    }
    /// Inserts a copy of `row`, adds it to the set, and returns it. Forgets what was loaded. One statement; for a
    /// many-to-many one more for the link, or two with kith::symmetrical, in one transaction. Throws as
    /// QuerySet::create.
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

/// A column with the key of a row of `T`. The column is named `<member>_id` unless the option `column` says otherwise.
/// Other options: null, unique, indexed, to_field, from_fields, on_delete, primary_key.
///
/// To a model with a composite primary key it has no column of its own: `kith::from_fields` names the members that form
/// the key, which are ordinary columns. Assigning a row to the ForeignKey sets them: at once in a row of a QuerySet or
/// Ref, on save in an object of the program.
///
/// Assigned from a Ref (kept as the loaded row), from a row (its key is copied; ValueError if it was never saved), from
/// nullptr, or from a ForeignKey of the same type. With the option primary_key it is a part of the primary key, as in a
/// join table, and cannot be assigned from a ForeignKey.
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

/// A ForeignKey with unique values: at most one row refers to each row of `T`. With the option primary_key it is the
/// primary key, and cannot be assigned from a OneToOne.
template <class T, detail::MemberOption auto... Options>
class OneToOne : public ForeignKey<T, Options...> {
public:
    using ForeignKey<T, Options...>::ForeignKey;
    using ForeignKey<T, Options...>::operator=;
};

/// A set of rows of `T`, linked by a join table that Kith creates, or by a model (`kith::through`). Other options:
/// join_table, symmetrical. The keys of both models have one column.
template <class T, detail::MemberOption auto... Options>
class ManyToMany : public detail::RelatedSet<T> {
public:
    ManyToMany() noexcept = default;

    /// Removes rows, given as rows, Refs or keys, from the set, and forgets what was loaded. The rows stay in their
    /// table; rows that are not in the set are ignored. One statement, or two with kith::symmetrical. Throws ValueError
    /// for rows that were never saved.
    template <class R>
    void remove(R&& row, std::source_location where = std::source_location::current()) const {
        this->remove_rows(where, std::forward<R>(row));
    }
    template <class... R>
        requires(sizeof...(R) > 1)
    void remove(R&&... rows) const {
        this->remove_rows({}, std::forward<R>(rows)...);
    }
    /// Removes all rows from the set; they stay in their table. One statement, or two with kith::symmetrical.
    void clear(std::source_location where = std::source_location::current()) const { this->clear_rows(where); }
};

/// The set of the rows of `T` whose ForeignKey or ManyToMany `Field` refers to this row.
///
/// For a ForeignKey, remove() and clear() set it to NULL, and do not compile if it is not kith::null: Django has these
/// methods only for nullable foreign keys. For a ManyToMany, they remove links.
template <class T, detail::FixedString Field>
class ReverseSet : public detail::RelatedSet<T> {
public:
    ReverseSet() noexcept = default;

    /// Removes rows, given as rows, Refs or keys, from the set, and forgets what was loaded. The rows stay in their
    /// table. One statement, or two with kith::symmetrical. Throws ValueError for rows that were never saved; for a
    /// ForeignKey, DoesNotExist if one of them is not in the set, and nothing changes.
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
    /// Removes all rows from the set; they stay in their table. One statement, or two with kith::symmetrical.
    template <class Self = T>
    void clear(std::source_location where = std::source_location::current()) const {
        (void)detail::removable_ok<Self, Field>;
        this->clear_rows(where);
    }
};

/// The row of `T` whose OneToOne `Field` refers to this row.
template <class T, detail::FixedString Field>
class ReverseOne {
public:
    /// The related row. No statement if it was loaded, else one. Throws DoesNotExist if there is none, NotLoaded
    /// without a database to load from, FetchBlocked under FetchMode::raise.
    T* operator->() const { return row(); }
    T& operator*() const { return *row(); }
    /// Whether there is a related row. No statement if it was loaded, else one.
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

/// A slot for a set, without a column: the destination (Django's `to_attr`) of a Prefetch. A random-access range of
/// rows. Reading it never costs a statement, and throws NotLoaded if no Prefetch filled it.
template <class T>
class PrefetchedSet {
public:
    using iterator = detail::RowIterator<T>;
    using value_type = T;

    /// Iterators over the rows.
    iterator begin() const { return iterator(rows().data); }
    iterator end() const {
        const auto span = rows();
        return iterator(span.data + span.size);
    }
    /// Returns the number of rows.
    std::size_t size() const { return rows().size; }
    /// Whether there are no rows.
    bool empty() const { return rows().size == 0; }
    /// Row `index`, which must be less than size().
    T& operator[](std::size_t index) const { return *static_cast<T*>(rows().data[index]); }
    /// The first and the last row. There must be one.
    T& front() const { return (*this)[0]; }
    T& back() const { return (*this)[size() - 1]; }
    /// Whether a Prefetch filled the slot. Does not throw NotLoaded.
    bool is_loaded() const { return detail::set_is_loaded(state_); }

private:
    friend detail::Detacher;

    detail::RowSpan rows() const { return detail::slot_rows(state_); }

    detail::RelationState state_{};
};

/// A slot for one row, without a column: the destination (Django's `to_attr`) of a Prefetch. Reading it never costs a
/// statement, and throws NotLoaded if no Prefetch filled it.
template <class T>
class PrefetchedOne {
public:
    /// The row. Throws DoesNotExist if the Prefetch found none.
    T* operator->() const { return row(); }
    T& operator*() const { return *row(); }
    /// Whether the Prefetch found a row.
    explicit operator bool() const { return detail::slot_row(state_) != nullptr; }
    friend bool operator==(const PrefetchedOne& slot, std::nullptr_t) { return !static_cast<bool>(slot); }
    /// Whether a Prefetch filled the slot. Does not throw NotLoaded.
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

/// Gives detached() access to the states of members.
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

/// Returns a copy of `row` with its columns and keys only. The copy holds no graph, so that it keeps a row of a stream
/// without its chunk; reading a relation of it throws NotLoaded until it is saved. No statement.
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

} // namespace kith
