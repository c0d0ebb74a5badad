#pragma once

#include <kith/database.hpp>
#include <kith/detail/check/condition_messages.hpp>
#include <kith/expression.hpp>

#include <source_location>
#include <string_view>
#include <type_traits>

/// `db.save(row, "title"_f, "slug"_f)`: Database::save() of single columns.
namespace kith {

namespace detail {

/// The check of a column that is saved by itself.
template <FixedString Path>
struct Saves {
    static constexpr std::string_view path = Path.view();
    static constexpr std::string_view other{};

    static constexpr ConditionVerdict judge(const CheckedModel& model, PathUse) { return judge_saved(model, path); }
    static constexpr ValueShape shape() { return {}; }
    static consteval std::string_view type() { return {}; }
};

template <class M, FixedString Text>
std::string_view saved_name(const Path<Text>&) {
    (void)condition_ok<M, Saves<Text>, PathUse::assignment>;
    return Text.view();
}
template <class M>
std::string_view saved_name(const Runtime& name) {
    return name.text();
}
template <class M, class T>
std::string_view saved_name(const T&) {
    static_assert(is_path<T>, "kith: the name of a column is needed here, such as \"title\"_f");
    return {};
}

template <class R, class... C>
void save_columns_of(const Database& db, R& row, std::source_location where, const C&... columns) {
    if constexpr (is_ref<std::remove_const_t<R>>) {
        save_columns_of(db, *row, where, columns...);
    } else {
        const std::string_view names[]{saved_name<R>(columns)...};
        save_columns(db, model<R>(), &row, names, where);
    }
}

} // namespace detail

template <class R, class A>
    requires(detail::SavableRow<R> && detail::OtherThan<A, std::source_location>)
void Database::save(R&& row, A column, std::source_location where) const {
    detail::save_columns_of(*this, row, where, column);
}

template <class R, class A, class B>
    requires(detail::SavableRow<R> && detail::OtherThan<B, std::source_location>)
void Database::save(R&& row, A column, B other, std::source_location where) const {
    detail::save_columns_of(*this, row, where, column, other);
}

template <class R, class... C>
    requires(detail::SavableRow<R> && sizeof...(C) > 2)
void Database::save(R&& row, C... columns) const {
    detail::save_columns_of(*this, row, {}, columns...);
}

} // namespace kith
