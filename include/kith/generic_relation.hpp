#pragma once

#include <kith/detail/check/key_type.hpp>
#include <kith/detail/core/to_one.hpp>
#include <kith/detail/reflect/describe.hpp>
#include <kith/relation.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

/// Relations that may lead to rows of several models.
namespace kith {

namespace detail {

/// `List` without std::monostate.
template <class List, class... T>
struct TargetList;
template <class... Kept>
struct TargetList<TypeList<Kept...>> {
    using type = TypeList<Kept...>;
};
template <class... Kept, class First, class... Rest>
struct TargetList<TypeList<Kept...>, First, Rest...>
    : std::conditional_t<std::is_same_v<First, std::monostate>, TargetList<TypeList<Kept...>, Rest...>,
                         TargetList<TypeList<Kept..., First>, Rest...>> {};

template <class List>
using first_of = typename decltype(type_at<0>(List{}))::type;

/// The index of `T` in the list; the size of the list if it is not there.
template <class T, class... In>
constexpr std::size_t index_in(TypeList<In...>) {
    std::size_t place = 0;
    (void)((std::is_same_v<T, In> ? false : (++place, true)) && ...);
    return place;
}

} // namespace detail

/// A foreign key to a row of one of the models `T`, in two columns: `<member>_type` holds the name of the model's table
/// (or the `generic_type` of its kith::Table), `<member>_id` the key. With std::monostate among the types, both may be
/// NULL. Django's GenericForeignKey refers to a ContentType row instead of a name.
///
///     kith::GenericForeignKey<Book, Author> content{};
///     tag.content.visit(overloaded{[](Book& book) { … }, [](Author& author) { … }});
///
/// Like a std::variant, it holds one of its types at a time. Reading a row that was not loaded loads it, as the
/// FetchMode of the QuerySet says; `prefetch_related("content")` costs one statement for each model that occurs. The
/// database has no foreign key constraint for it. Loading a row whose type column names none of the models throws
/// DatabaseError.
///
/// Assigned from a Ref (kept as the loaded row), from a row (its key is copied; ValueError if it was never saved), or
/// from nullptr. The database changes when the object with the member is saved.
template <class... T>
class GenericForeignKey {
public:
    /// The models as a list of types, without std::monostate.
    using Targets = typename detail::TargetList<detail::TypeList<>, T...>::type;
    /// Whether it may be null: std::monostate is among the types.
    static constexpr bool nullable = (std::is_same_v<T, std::monostate> || ...);

    GenericForeignKey() = default;
    GenericForeignKey(std::nullptr_t) {}
    template <class M>
        requires(detail::index_in<M>(Targets{}) < Targets::size)
    GenericForeignKey(const Ref<M>& row) {
        *this = row;
    }
    template <class M>
        requires(detail::index_in<M>(Targets{}) < Targets::size)
    GenericForeignKey(const M& row) {
        *this = row;
    }

    GenericForeignKey& operator=(std::nullptr_t) {
        clear();
        return *this;
    }
    /// Refers to `row`, which is kept as the loaded one; an empty Ref means null. Throws ValueError if the row was
    /// never saved.
    template <class M>
        requires(detail::index_in<M>(Targets{}) < Targets::size)
    GenericForeignKey& operator=(const Ref<M>& row) {
        clear();
        if (row != nullptr) detail::to_one_assign(state_of<M>(), row.get(), {});
        return *this;
    }
    /// Copies the key of `row`. Throws ValueError if it was never saved.
    template <class M>
        requires(detail::index_in<M>(Targets{}) < Targets::size)
    GenericForeignKey& operator=(const M& row) {
        clear();
        detail::to_one_copy_key(state_of<M>(), detail::model<M>(), &row, {});
        return *this;
    }
    /// Refers to the row of `M` with this key. No statement: the database changes when this object is saved.
    template <class M, class K>
        requires(detail::index_in<M>(Targets{}) < Targets::size)
    void set_key(const K& key) {
        (void)detail::key_ok<M, K>;
        clear();
        detail::to_one_set_key(state_of<M>(), detail::view_of(key));
    }

    /// Whether the key is one of `M`. The row may be missing. No statement.
    template <class M>
        requires(detail::index_in<M>(Targets{}) < Targets::size)
    bool holds() const {
        return !detail::to_one_is_null(state_of<M>());
    }
    /// Whether the key is null. No statement.
    bool is_null() const { return active() == Targets::size; }
    /// Returns the key, of whichever model. No statement. Throws ValueError if it is null.
    template <class List = Targets>
    auto key() const {
        using Key = detail::primary_key_type<detail::first_of<List>>; // the others' is the same
        const auto at = active();
        return detail::key_from<Key>(states_[at < Targets::size ? at : 0]);
    }
    /// Whether reading the row costs no statement.
    bool is_loaded() const {
        const auto at = active();
        return at == Targets::size || detail::to_one_is_loaded(states_[at]);
    }
    /// Whether there is a row: the key is not null, and loading found a row if it was loaded. No statement.
    explicit operator bool() const {
        const auto at = active();
        return at < Targets::size && detail::to_one_has_row(states_[at]);
    }
    friend bool operator==(const GenericForeignKey& relation, std::nullptr_t) { return !static_cast<bool>(relation); }

    /// Returns the row if it is one of `M`, else null; also null if no row has the key. No statement if it was loaded,
    /// else one. Throws NotLoaded without a database to load from, FetchBlocked under FetchMode::raise.
    template <class M>
        requires(detail::index_in<M>(Targets{}) < Targets::size)
    M* get_if() const {
        const auto& state = state_of<M>();
        if (void* loaded = state.loaded_row()) return static_cast<M*>(loaded);
        return detail::to_one_is_null(state) ? nullptr : static_cast<M*>(detail::follow_if(state));
    }
    /// Calls `visitor` with the row, `Book&` or `Author&`, and returns its result, which has one type for all models.
    /// If there is no row, calls it with std::monostate if that is among the types, else throws DoesNotExist.
    /// Otherwise as get_if(): no statement or one, and the same exceptions.
    template <class V>
    decltype(auto) visit(V&& visitor) const {
        return visit_from(visitor, Targets{});
    }

private:
    friend detail::Detacher;

    static_assert(Targets::size > 0, "kith: a GenericForeignKey leads to one model at least");

    template <class M>
    const detail::RelationState& state_of() const {
        return states_[detail::index_in<M>(Targets{})];
    }
    template <class M>
    detail::RelationState& state_of() {
        return states_[detail::index_in<M>(Targets{})];
    }
    std::size_t active() const {
        std::size_t at = 0;
        while (at < Targets::size && detail::to_one_is_null(states_[at])) ++at;
        return at;
    }
    void clear() {
        for (auto& state : states_) detail::to_one_clear(state);
        type_.reset();
    }

    template <class V, class First, class... Rest>
    decltype(auto) visit_from(V& visitor, detail::TypeList<First, Rest...>) const {
        if constexpr (sizeof...(Rest) > 0) {
            static_assert(std::is_same_v<std::invoke_result_t<V&, First&>,
                                         std::invoke_result_t<V&, detail::first_of<detail::TypeList<Rest...>>&>>,
                          "kith: the visitor of a GenericForeignKey must return the same type for every model");
            if (!holds<First>() && !(is_null())) return visit_from(visitor, detail::TypeList<Rest...>{});
        }
        if constexpr (nullable) {
            First* row = get_if<First>();
            return row != nullptr ? std::invoke(visitor, *row) : std::invoke(visitor, std::monostate{});
        } else {
            return std::invoke(visitor, *static_cast<First*>(detail::follow(state_of<First>())));
        }
    }

    std::array<detail::RelationState, Targets::size> states_{};
    std::optional<std::string> type_{}; // as it was read; writes derive it from the keys
};

/// The rows of `T` whose GenericForeignKey `Field` refers to this row. Its methods are those of a ReverseSet.
///
/// `remove()` and `clear()` delete the rows, as in Django. Removing this row through Kith deletes them as well.
template <class T, detail::FixedString Field>
class ReverseGeneric : public detail::RelatedSet<T> {
public:
    ReverseGeneric() noexcept = default;

    /// Deletes rows of the set, given as rows, Refs or keys. One statement. Throws DoesNotExist, and deletes nothing,
    /// if one of them is not in the set.
    template <class R>
    void remove(R&& row, std::source_location where = std::source_location::current()) const {
        this->remove_rows(where, std::forward<R>(row));
    }
    template <class... R>
        requires(sizeof...(R) > 1)
    void remove(R&&... rows) const {
        this->remove_rows({}, std::forward<R>(rows)...);
    }
    /// Deletes all rows of the set. One statement.
    void clear(std::source_location where = std::source_location::current()) const { this->clear_rows(where); }
};

} // namespace kith
