#pragma once

#include <kith/detail/check/name_argument.hpp>

#include <vector>

namespace kith {

namespace detail {

/// `"self"`, or a relation that select_related joins.
template <class M>
class LockName : public NameArgument {
public:
    consteval LockName(const char* literal) : NameArgument{literal} {
        if (path != "self") check_path(description<M>, path, PathUse::select);
    }
    LockName(const Runtime& name) : NameArgument{name.text()} {}
    template <PlainText T>
    LockName(const T&) {
        refuse_plain_text<T>();
    }
};

} // namespace detail

/// Options of QuerySet::select_for_update: `select_for_update({.skip_locked = true})`. On SQLite they have no effect:
/// an `atomic` block holds the lock of the whole database.
template <class M>
struct ForUpdate {
    bool nowait{false};      ///< a row that another transaction holds is an OperationalError at once
    bool skip_locked{false}; ///< rows that other transactions hold are left out
    /// What is locked, on PostgreSQL alone: "self" for the rows themselves, relations that select_related joins. If it
    /// is empty: the rows themselves.
    std::vector<detail::LockName<M>> of{};
    /// PostgreSQL alone: others may insert rows that refer to the locked ones (FOR NO KEY UPDATE).
    bool key_share{false};
};

} // namespace kith
