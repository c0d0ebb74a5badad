#include "base/list_text.hpp"
#include "base/nearest.hpp"

#include <kith/detail/core/allowed.hpp>
#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/model_info.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace kith::detail {

namespace {

using AllowedNames = std::span<const std::string_view>;

/// What a list is for, in messages: `filtered by`.
struct List {
    const ModelInfo& model;
    std::string_view use;
    std::vector<std::string_view> names{};
};

std::string quoted(std::string_view text) { return to_string(Value{std::string(text)}); }

[[noreturn]] void refuse(const List& list, std::string_view name) {
    const auto near = nearest(name, list.names);
    const auto hint = near.empty() ? std::string(";") : fmt::format(": did you mean '{}'?", near);
    throw FieldError(fmt::format("{} cannot be {} {}{} Allowed are: {}", list.model.name, list.use, quoted(name), hint,
                                 fmt::join(list.names, ", ")),
                     {.model = list.model.name, .lookup = std::string(name)});
}

void require_once(const List& list, std::string_view name, std::vector<std::string_view>& seen) {
    if (std::ranges::find(seen, name) != seen.end()) {
        throw ValueError(fmt::format("{} is {} {} twice", list.model.name, list.use, quoted(name)),
                         {.model = list.model.name, .lookup = std::string(name)});
    }
    seen.push_back(name);
}

/// The names in `text`; none if it is empty.
std::vector<std::string> names_in(std::string_view text) {
    return trimmed(text).empty() ? std::vector<std::string>{} : split(text, ',');
}

/// The name on the list that allows `name`, which may begin with `-`.
std::optional<std::string_view> allowing_order(AllowedNames allowed, std::string_view name) {
    for (const auto listed : allowed) {
        const bool both = !listed.starts_with('-');
        if (name == listed || (both && name.starts_with('-') && name.substr(1) == listed)) return listed;
    }
    return std::nullopt;
}

/// The name of a lookup: its path, which ends in the slot if there is one.
std::string name_of(const LookupSpec& lookup) {
    if (lookup.to_attr.empty()) return lookup.path;
    const auto last = lookup.path.rfind("__");
    return (last == std::string::npos ? std::string() : lookup.path.substr(0, last + 2)) + lookup.to_attr;
}

bool leads_through(std::string_view path, const std::string& first) {
    return path.size() > first.size() + 2 && path.starts_with(first) && path.substr(first.size()).starts_with("__");
}

/// The lookups for the wanted names, shorter ones first: a Prefetch must come before what is loaded behind it.
std::vector<LookupSpec> lookups_for(std::span<const LookupSpec> allowed, std::span<const std::string> wanted) {
    std::vector<LookupSpec> lookups;
    for (const auto& lookup : allowed) {
        const auto name = name_of(lookup);
        const bool restricts = lookup.queryset != nullptr || !lookup.to_attr.empty();
        const bool needed = std::ranges::any_of(
            wanted, [&](const auto& one) { return one == name || (restricts && leads_through(one, name)); });
        if (!needed) continue;
        const auto size_of = [](const LookupSpec& each) { return name_of(each).size(); };
        lookups.insert(std::ranges::upper_bound(lookups, name.size(), {}, size_of), lookup);
    }
    return lookups;
}

} // namespace

QueryHandle filter_by_texts(const QueryHandle& query, AllowedNames allowed, const NamedTexts& texts) {
    const List list{query.model(), "filtered by", {allowed.begin(), allowed.end()}};
    std::vector<std::string_view> seen;
    std::vector<Expr> conditions;
    for (const auto& [name, text] : texts) {
        if (std::ranges::find(allowed, name) == allowed.end()) refuse(list, name);
        require_once(list, name, seen);
        conditions.push_back({.path = name, .operand = Value{text}, .is_text = true});
    }
    return query.filter(std::move(conditions));
}

QueryHandle order_by_text(const QueryHandle& query, AllowedNames allowed, std::string_view text) {
    const auto names = names_in(text);
    if (names.empty()) return query;
    const List list{query.model(), "ordered by", {allowed.begin(), allowed.end()}};
    std::vector<std::string_view> seen;
    for (const auto& name : names) {
        const auto listed = allowing_order(allowed, name);
        if (!listed) refuse(list, name);
        require_once(list, *listed, seen);
    }
    return query.order_by(std::vector<std::string_view>(names.begin(), names.end()));
}

QueryHandle include_by_text(const QueryHandle& query, std::span<const LookupSpec> allowed, std::string_view text) {
    const auto wanted = names_in(text);
    if (wanted.empty()) return query;
    std::vector<std::string> names;
    for (const auto& lookup : allowed) names.push_back(name_of(lookup));
    const List list{query.model(), "loaded with", {names.begin(), names.end()}};
    std::vector<std::string_view> seen;
    for (const auto& name : wanted) {
        if (std::ranges::find(names, name) == names.end()) refuse(list, name);
        require_once(list, name, seen);
    }
    return query.prefetch_related(lookups_for(allowed, wanted));
}

} // namespace kith::detail
