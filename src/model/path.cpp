#include "model/path.hpp"

#include "base/nearest.hpp"

#include <kith/detail/check/lookup_names.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace kith::model {

namespace {

constexpr auto lookup_names = [] {
    std::array<std::string_view, std::size(detail::lookup_names)> names;
    std::ranges::transform(detail::lookup_names, names.begin(), &detail::LookupName::name);
    return names;
}();

std::vector<std::string_view> names_of(const ModelInfo& model) {
    std::vector<std::string_view> names;
    for (const auto& field : model.fields) {
        const bool declared = field.generic == nullptr || &field == field.generic->keys.front();
        if (declared) names.push_back(field.name);
    }
    return names;
}

/// A member by its name, `pk`, or the raw column of a foreign key.
const FieldInfo* find_member(const ModelInfo& model, std::string_view name) {
    if (const auto* field = model.find(name)) return field;
    if (name == "pk") return &model.key();
    for (const auto* column : model.columns) {
        if (detail::is_relation(column->kind) && column->column == name) return column;
    }
    return nullptr;
}

/// The size of the longest name by which find_member() finds a member.
std::size_t longest_name(const ModelInfo& model) {
    std::size_t longest = 0;
    for (const auto& field : model.fields) longest = std::max({longest, field.name.size(), field.column.size()});
    return longest;
}

Step step_without_member(std::string_view path) {
    const auto [part, behind] = detail::split_path(path);
    return {.part = part, .behind = behind};
}

} // namespace

void require_depth(const ModelInfo& model, std::size_t relations, std::size_t most, std::string_view text) {
    if (relations <= most) return;
    constexpr std::size_t most_shown = 80;
    const std::string shown(text.substr(0, most_shown));
    throw FieldError(fmt::format("\"{}{}\" on {} leads through more than {} relations: name a shorter path, or raise "
                                 "ConnectOptions::max_lookup_depth",
                                 shown, text.size() > most_shown ? "…" : "", model.name, most),
                     {.model = model.name, .lookup = std::string(text)});
}

Walk walk(const ModelInfo& model, std::string_view text, bool lookup_allowed, std::size_t most) {
    Walk result;
    const auto* here = &model;
    const FieldInfo* member = nullptr;
    if (text.ends_with("__")) no_such_member(model, {}, text);
    for (auto rest = text; !rest.empty() || member == nullptr;) {
        const bool has_members = member == nullptr || member->relation != nullptr;
        const auto [next, part, behind] = has_members ? first_step(*here, rest) : step_without_member(rest);
        if (next == nullptr) {
            const auto lookup = detail::find_lookup(part);
            if (member != nullptr && lookup != nullptr && behind.empty() && lookup_allowed) {
                result.lookup = lookup->lookup;
                break;
            }
            if (member != nullptr && member->relation == nullptr) {
                const auto near = nearest(rest, lookup_names);
                throw FieldError(fmt::format("unknown lookup '{}' on {} (in \"{}\"){} lookups are {}", rest,
                                             member->label(), text,
                                             near.empty() ? ";" : fmt::format(": did you mean '{}'?", near),
                                             fmt::join(lookup_names, " ")),
                                 {.model = here->name, .lookup = std::string(text)});
            }
            no_such_member(*here, part, text);
        }
        if (member != nullptr) result.relations.push_back(member->relation);
        require_depth(model, result.relations.size(), most, text);
        if (detail::is_slot(next->kind)) {
            throw FieldError(fmt::format("{} is a slot that a Prefetch fills, not a column or relation (in \"{}\")",
                                         next->label(), text),
                             {.model = here->name, .lookup = std::string(text)});
        }
        require_one_target(*next, text);
        member = next;
        if (member->relation != nullptr) here = member->relation->target;
        rest = behind;
    }
    result.member = member;
    return result;
}

ColumnWay column_of(Walk walked) {
    ColumnWay way{.relations = std::move(walked.relations), .column = walked.member};
    if (way.column->column.empty()) {
        // A set or a reverse end stands for the keys of its rows.
        way.relations.push_back(walked.member->relation);
        way.column = &walked.member->relation->target->key();
    }
    while (!way.relations.empty()) {
        const auto& last = *way.relations.back();
        if (last.join_table) {
            way.joined = last.target_columns.size() == 1 && last.target_columns.front() == way.column;
            break;
        }
        if (!last.forward || last.target_columns.size() != 1 || last.target_columns.front() != way.column) break;
        way.column = last.source_columns.front();
        way.relations.pop_back();
    }
    return way;
}

void no_such_member(const ModelInfo& model, std::string_view part, std::string_view text) {
    throw FieldError(
        fmt::format("{} has no member '{}' (in \"{}\"){}", model.name, part, text, members_instead(model, part)),
        {.model = model.name, .lookup = std::string(text)});
}

void require_one_target(const FieldInfo& member, std::string_view text) {
    if (member.generic == nullptr) return;
    throw FieldError(
        fmt::format("{}.{} is a generic foreign key, which leads to several models: it can be prefetched, but not "
                    "used in SQL (in \"{}\")",
                    member.model->name, member.generic->name, text),
        {.model = member.model->name, .lookup = std::string(text)});
}

Step first_step(const ModelInfo& model, std::string_view path) {
    auto step = step_without_member(path);
    step.member = find_member(model, step.part);
    const auto longest = step.member == nullptr ? longest_name(model) : 0;
    while (step.member == nullptr && !step.behind.empty() && step.part.size() < longest) {
        const auto [more, behind] = detail::split_path(step.behind);
        const auto longer = path.substr(0, step.part.size() + 2 + more.size());
        if (const auto* member = find_member(model, longer)) return {member, longer, behind};
        step.part = longer;
        step.behind = behind;
    }
    if (step.member == nullptr) return step_without_member(path);
    return step;
}

std::string member_names(const ModelInfo& model) { return fmt::format("{}", fmt::join(names_of(model), ", ")); }

std::string members_instead(const ModelInfo& model, std::string_view part) {
    const auto near = nearest(part, names_of(model));
    if (near.empty()) return fmt::format("; it has {}", member_names(model));
    return fmt::format(": did you mean '{}'? It has {}", near, member_names(model));
}

} // namespace kith::model
