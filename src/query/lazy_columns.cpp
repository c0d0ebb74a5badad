#include "model/path.hpp"
#include "query/refine.hpp"
#include "query/resolve.hpp"

#include <kith/detail/check/lookup_names.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

/// Which Lazy columns a query loads.
namespace kith::query {

namespace {

std::vector<ColumnPath> resolve_all(const ModelInfo& model, std::span<const std::string_view> columns) {
    std::vector<ColumnPath> paths;
    paths.reserve(columns.size());
    for (const auto text : columns) paths.push_back(resolve_lazy(model, text));
    return paths;
}

bool reaches(const ColumnPath& path, std::span<const RelationInfo* const> relations) {
    return std::ranges::equal(path.relations, relations);
}

bool names(const std::vector<ColumnPath>& paths, std::span<const RelationInfo* const> relations,
           const FieldInfo* column) {
    return std::ranges::any_of(
        paths, [&](const ColumnPath& path) { return path.column == column && reaches(path, relations); });
}

} // namespace

ColumnPath resolve_lazy(const ModelInfo& model, std::string_view text) {
    const auto refuse = [&](const std::string& why) {
        throw FieldError(fmt::format("{} (in \"{}\"): only() and defer() take kith::Lazy columns", why, text),
                         {.model = model.name, .lookup = std::string(text)});
    };
    ColumnPath path;
    const auto* here = &model;
    auto rest = text;
    while (true) {
        const auto [part, behind] = detail::split_path(rest);
        const auto* member = here->find(part);
        if (member == nullptr) {
            refuse(fmt::format("{} has no member '{}'; it has {}", here->name, part, model::member_names(*here)));
        }
        model::require_one_target(*member, text);
        if (rest == part) {
            if (!member->lazy) refuse(fmt::format("{} is always loaded", member->label()));
            path.column = member;
            return path;
        }
        if (!detail::is_to_one(member->kind) || detail::is_slot(member->kind)) {
            refuse(fmt::format("{} is not a to-one relation", member->label()));
        }
        path.relations.push_back(member->relation);
        here = member->relation->target;
        rest = behind;
    }
}

QueryPtr with_only(const Query& query, std::span<const std::string_view> columns) {
    return changed(query, [&](Query& q) { q.only = resolve_all(*q.model, columns); });
}

QueryPtr with_deferred(const Query& query, std::span<const std::string_view> columns) {
    return changed(query, [&](Query& q) {
        auto paths = resolve_all(*q.model, columns);
        auto& all = q.deferred.own();
        all.insert(all.end(), std::make_move_iterator(paths.begin()), std::make_move_iterator(paths.end()));
    });
}

std::vector<const FieldInfo*> left_out(const Query& query, std::span<const RelationInfo* const> relations,
                                       const ModelInfo& model) {
    std::vector<const FieldInfo*> columns;
    // only() applies to the rows themselves, and to related rows if it names one of their columns.
    const bool is_chosen =
        query.only && (relations.empty() || std::ranges::any_of(*query.only, [&](const ColumnPath& path) {
                           return reaches(path, relations);
                       }));
    for (const auto* field : model.marked) {
        if (!field->lazy) continue;
        if ((is_chosen && !names(*query.only, relations, field)) || names(query.deferred, relations, field)) {
            columns.push_back(field);
        }
    }
    return columns;
}

} // namespace kith::query
