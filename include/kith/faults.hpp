#pragma once

#include <kith/detail/check/path_messages.hpp>
#include <kith/error.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith {

namespace detail {

/// The name of a member of `M`, checked while it is compiled. Needs no description of the model, so that a member
/// function of `M` may use it.
template <class M>
class MemberName {
public:
    consteval MemberName(const char* literal) : text_(literal) {
        for (const std::string_view member : member_names<M>) {
            if (member == text_) return;
        }
        complain_now<M>(LookupFault::no_member, text_);
    }

    constexpr std::string_view text() const noexcept { return text_; }

private:
    std::string_view text_;
};

} // namespace detail

/// What `validate()` of a model finds wrong in a row. A model that has such a function is asked before each of its rows
/// is written, and no statement is sent for rows with faults:
///
///     struct Product {
///         kith::PrimaryKey<> id{};
///         kith::Decimal price{};
///
///         kith::Faults<Product> validate() const {
///             if (price < kith::Decimal(0)) return {"price", "must not be negative"};
///             return {};
///         }
///     };
template <class M>
class Faults {
public:
    /// Nothing is wrong.
    Faults() = default;
    /// One fault, of the member with this name. The compiler checks the name.
    Faults(detail::MemberName<M> member, std::string reason) { add(member, std::move(reason)); }

    /// Adds a fault.
    Faults& add(detail::MemberName<M> member, std::string reason) {
        list_.push_back({.member = std::string(member.text()), .reason = std::move(reason)});
        return *this;
    }

    /// Whether nothing is wrong.
    bool empty() const noexcept { return list_.empty(); }
    /// Returns all of them, in the order in which they were added.
    const std::vector<Fault>& list() const noexcept { return list_; }
    /// Internal.
    void append_to(std::vector<Fault>& all) const { all.insert(all.end(), list_.begin(), list_.end()); }

private:
    std::vector<Fault> list_;
};

} // namespace kith
