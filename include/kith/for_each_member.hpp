#pragma once

#include <kith/detail/reflect/member_names.hpp>
#include <kith/detail/reflect/visit_members.hpp>

#include <cstddef>
#include <type_traits>

namespace kith {

/// Calls `f(name, member)` for each member of a row, in the order of their declaration; `name` is a std::string_view
/// that lives for the whole program. Runs no statement by itself.
template <class M, class F>
void for_each_member(M& row, F&& f) {
    using Model = std::remove_const_t<M>;
    detail::visit_members<detail::member_count<Model>>(row, [&](auto&... member) {
        [[maybe_unused]] std::size_t i = 0;
        (f(detail::member_names<Model>[i++], member), ...);
    });
}

} // namespace kith
