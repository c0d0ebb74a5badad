#pragma once

#include <kith/detail/check/name_argument.hpp>
#include <kith/detail/check/prefetch_check.hpp>
#include <kith/detail/core/prefetch_rows.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/error.hpp>
#include <kith/expression.hpp>
#include <kith/none.hpp>

#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {

template <class M>
class QuerySet;

namespace detail {

struct NotGiven {};

template <class T>
inline constexpr bool is_lookup_name = is_path<T> || std::is_same_v<T, Runtime>;

inline std::string_view name_text(const Runtime& name) { return name.text(); }
template <FixedString Text>
std::string_view name_text(Path<Text>) {
    return Path<Text>::text();
}

template <class T>
consteval std::string_view literal_text() {
    if constexpr (is_path<T>)
        return T::text();
    else
        return {};
}

/// One argument of a prefetch_related call: nothing, a path, a Prefetch or kith::None. Two words, because a call
/// passes 16.
class LookupArgument {
public:
    constexpr LookupArgument() = default;
    constexpr explicit LookupArgument(std::string_view path) : data_(path.data()), size_(path.size()) {}
    explicit LookupArgument(const LookupSpec& spec) : data_(&spec), size_(is_spec) {}
    constexpr explicit LookupArgument(NoneType) : size_(is_none_mark) {}

    bool is_none() const noexcept { return size_ == is_none_mark; }
    /// Adds the lookup to the list, if there is one.
    void append_to(std::vector<LookupSpec>& lookups) const;

private:
    static constexpr std::size_t is_spec = static_cast<std::size_t>(-1);
    static constexpr std::size_t is_none_mark = static_cast<std::size_t>(-2);

    const void* data_{nullptr};
    std::size_t size_{0};
};

/// Returns the lookups of a call. Empty for kith::None alone; throws ValueError if other lookups are beside it.
/// Implemented in src/run/arguments.cpp, as what follows.
std::vector<LookupSpec> gather_lookups(std::span<const LookupArgument> arguments);
QueryHandle prefetched(const QueryHandle& query, std::span<const LookupArgument> arguments);

/// The base class of all Prefetch types.
class AnyPrefetch {
public:
    AnyPrefetch(std::string_view path, const QueryHandle* rows, std::string_view slot);
    AnyPrefetch(const AnyPrefetch& other);
    AnyPrefetch(AnyPrefetch&& other) noexcept;
    AnyPrefetch& operator=(const AnyPrefetch&) = delete;
    ~AnyPrefetch();

    const LookupSpec& spec() const noexcept { return spec_; }

private:
    LookupSpec spec_;
};

} // namespace detail

/// A lookup for prefetch_related with a queryset, a slot (Django's `to_attr`), or both. Making one costs no statement:
///
///     kith::Prefetch("visitation"_f)                          // the same as the lookup "visitation"
///     kith::Prefetch("visitation"_f, wus)                     // visitation.all() returns these rows
///     kith::Prefetch("visitation"_f, wus, "wu_city"_f)        // stores the rows in Person::wu_city
///     kith::Prefetch("visitation"_f, kith::None, "slot"_f)    // stores all rows in a slot
///
/// The lookup and the slot are `"…"_f` literals or kith::runtime(text). The queryset selects rows of the model that the
/// lookup leads to; if it is sliced, it is sliced for each parent. The slot is a PrefetchedSet or PrefetchedOne of the
/// model that the last step starts from.
template <class Name, class Rows = detail::NotGiven, class Slot = detail::NotGiven>
class Prefetch : public detail::AnyPrefetch {
    static_assert(detail::is_lookup_name<Name>,
                  "kith: a Prefetch takes \"lookup\"_f or kith::runtime(text), not a plain string");
    static_assert(detail::is_query_set<Rows> || std::is_same_v<Rows, NoneType> ||
                      std::is_same_v<Rows, detail::NotGiven>,
                  "kith: the second argument of a Prefetch is a QuerySet, or kith::None for all rows");
    static_assert(detail::is_lookup_name<Slot> || std::is_same_v<Slot, detail::NotGiven>,
                  "kith: the third argument of a Prefetch is \"slot\"_f or kith::runtime(text), not a plain string");

public:
    explicit Prefetch(const Name& lookup) : AnyPrefetch(detail::name_text(lookup), nullptr, {}) {}
    Prefetch(const Name& lookup, const Rows& rows) : AnyPrefetch(detail::name_text(lookup), handle_of(rows), {}) {}
    Prefetch(const Name& lookup, const Rows& rows, const Slot& slot)
        : AnyPrefetch(detail::name_text(lookup), handle_of(rows), detail::name_text(slot)) {}

    /// Internal.
    static consteval detail::PrefetchParts parts() {
        detail::PrefetchParts parts{.lookup = detail::literal_text<Name>(), .slot = detail::literal_text<Slot>()};
        if constexpr (detail::is_query_set<Rows>) {
            parts.rows = detail::type_name<typename Rows::Model>();
        }
        return parts;
    }

private:
    static const detail::QueryHandle* handle_of(const Rows& rows) {
        if constexpr (detail::is_query_set<Rows>) {
            return &rows.handle();
        } else {
            return nullptr;
        }
    }
};

namespace detail {

/// An argument of prefetch_related on rows of `M`. Refers to what it was made from, for the duration of the call.
template <class M>
class PrefetchArgument : public LookupArgument {
public:
    constexpr PrefetchArgument() = default;
    consteval PrefetchArgument(const char* literal) : LookupArgument(std::string_view(literal)) {
        check_path(description<M>, literal, PathUse::prefetch);
    }
    PrefetchArgument(const Runtime& name) : LookupArgument(std::string_view(name.text())) {}
    constexpr PrefetchArgument(NoneType none) : LookupArgument(none) {}
    template <class Name, class Rows, class Slot>
    PrefetchArgument(const Prefetch<Name, Rows, Slot>& prefetch) : LookupArgument(prefetch.spec()) {
        (void)prefetch_ok<M, Prefetch<Name, Rows, Slot>>;
    }
    template <PlainText T>
    PrefetchArgument(const T&) {
        refuse_plain_text<T>();
    }
};

} // namespace detail

/// Owns one lookup or Prefetch, for lists that are built at run time:
///
///     std::vector<kith::Lookup<Person>> lookups{"hometown"};
///     if (with_cities) lookups.push_back(kith::Prefetch("visitation"_f, wus, "wu_city"_f));
///     people.prefetch_related(lookups);
template <class M>
class Lookup {
public:
    consteval Lookup(const char* literal) : literal_(literal) {
        detail::check_path(detail::description<M>, literal_, detail::PathUse::prefetch);
    }
    Lookup(const Runtime& name) : spec_(new detail::LookupSpec{.path = name.text()}) {}
    template <class Name, class Rows, class Slot>
    Lookup(const Prefetch<Name, Rows, Slot>& prefetch) : spec_(new detail::LookupSpec(prefetch.spec())) {
        (void)detail::prefetch_ok<M, Prefetch<Name, Rows, Slot>>;
    }
    template <detail::PlainText T>
    Lookup(const T&) {
        detail::refuse_plain_text<T>();
    }
    Lookup(const Lookup& other)
        : literal_(other.literal_), spec_(other.spec_ == nullptr ? nullptr : new detail::LookupSpec(*other.spec_)) {}
    constexpr Lookup(Lookup&& other) noexcept : literal_(other.literal_), spec_(std::exchange(other.spec_, nullptr)) {}
    constexpr Lookup& operator=(Lookup other) noexcept {
        std::swap(literal_, other.literal_);
        std::swap(spec_, other.spec_);
        return *this;
    }
    constexpr ~Lookup() { delete spec_; }

    /// Internal: the lookup, for the duration of a call.
    detail::LookupArgument argument() const noexcept {
        return spec_ != nullptr ? detail::LookupArgument(*spec_) : detail::LookupArgument(literal_);
    }

private:
    std::string_view literal_{};        // a literal lives for the whole program
    detail::LookupSpec* spec_{nullptr}; // owned; a plain pointer so that literals are checked at compile time
};

} // namespace kith
