#include "query/lookups.hpp"

#include "model/path.hpp"
#include "query/default_query.hpp"
#include "query/resolve.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kith::query {

namespace {

using detail::LookupSpec;
using detail::Query;

LookupNode* find_node(std::vector<LookupNode>& nodes, const FieldInfo& slot) {
    const auto found = std::ranges::find(nodes, &slot, &LookupNode::slot);
    return found == nodes.end() ? nullptr : &*found;
}

LookupNode* find_node(std::vector<LookupNode>& nodes, std::string_view slot_name) {
    const auto found = std::ranges::find_if(nodes, [&](const LookupNode& n) { return n.slot->name == slot_name; });
    return found == nodes.end() ? nullptr : &*found;
}

std::string join_path(std::string_view parent, std::string_view name) {
    return parent.empty() ? std::string(name) : fmt::format("{}__{}", parent, name);
}

void prefix_paths(std::vector<LookupNode>& nodes, std::string_view parent) {
    for (auto& node : nodes) {
        node.path = join_path(parent, node.slot->name);
        prefix_paths(node.children, node.path);
    }
}

[[noreturn]] void conflict(const LookupNode& node) {
    throw ValueError(
        fmt::format("'{}' lookup was already seen with a different queryset. You may need to adjust the ordering of "
                    "your lookups: put the Prefetch with a queryset before the lookups that go through it, or give it "
                    "a slot (to_attr) of its own",
                    node.path),
        {.model = node.slot->model->name, .lookup = node.path});
}

/// As detail::split_path(), for names that may contain `__`.
std::pair<std::string_view, std::string_view> next_part(const ModelInfo& model, std::string_view path) {
    const auto step = model::first_step(model, path);
    return {step.part, step.behind};
}

const FieldInfo& relation_named(const ModelInfo& model, std::string_view part, const std::string& path,
                                LookupsFor use) {
    const auto* field = model.find(part);
    if (field == nullptr) {
        throw FieldError(fmt::format("Cannot find '{}' on {}, '{}' is an invalid parameter to prefetch_related(){}",
                                     part, model.name, path, model::members_instead(model, part)),
                         {.model = model.name, .lookup = path});
    }
    if (field->relation == nullptr) {
        throw FieldError(fmt::format("'{}' does not resolve to an item that supports prefetching: {} is a column. "
                                     "This is an invalid parameter to prefetch_related()",
                                     path, field->label()),
                         {.model = model.name, .lookup = path});
    }
    if (detail::is_slot(field->kind) && use == LookupsFor::queryset) {
        throw FieldError(fmt::format("{} is a slot that no Prefetch fills before '{}': put that Prefetch first",
                                     field->label(), path),
                         {.model = model.name, .lookup = path});
    }
    return *field;
}

const FieldInfo& slot_for(const FieldInfo& field, const std::string& to_attr, const std::string& path) {
    const auto& model = *field.model;
    const auto* slot = model.find(to_attr);
    if (slot == nullptr) {
        throw FieldError(fmt::format("{} has no slot '{}' for the Prefetch of '{}': declare one, kith::{}<{}> {}{{}};",
                                     model.name, to_attr, path,
                                     field.relation->many ? "PrefetchedSet" : "PrefetchedOne",
                                     field.relation->target->name, to_attr),
                         {.model = model.name, .lookup = path});
    }
    const auto wanted = field.relation->many ? detail::MemberKind::prefetched_set : detail::MemberKind::prefetched_one;
    if (slot->kind != wanted || slot->relation->target != field.relation->target) {
        throw FieldError(fmt::format("{} cannot take the Prefetch of '{}': it is not a kith::{}<{}>", slot->label(),
                                     path, field.relation->many ? "PrefetchedSet" : "PrefetchedOne",
                                     field.relation->target->name),
                         {.model = model.name, .lookup = path});
    }
    return *slot;
}

[[noreturn]] void refuse_generic(const FieldInfo& field, const std::string& path, const std::string& why) {
    throw FieldError(fmt::format("{} is a generic foreign key, {} (in '{}')", field.label(), why, path),
                     {.model = field.model->name, .lookup = path});
}

/// A lookup of a GenericForeignKey, which must end there: it becomes one lookup for the key to each of its models. A
/// queryset applies to the rows of its own model, so several querysets do not conflict.
void add_generic(std::vector<LookupNode>& nodes, const FieldInfo& field, const LookupSpec& spec,
                 const std::string& path) {
    if (!spec.to_attr.empty())
        refuse_generic(field, spec.path, "whose rows belong to several models: no slot can hold them");
    bool taken = spec.queryset == nullptr;
    for (const auto* key : field.generic->keys) {
        auto* node = find_node(nodes, *key);
        if (node == nullptr) {
            node = &nodes.emplace_back(LookupNode{.relation = key->relation, .slot = key, .path = path});
        }
        if (spec.queryset == nullptr || spec.queryset->model != key->relation->target) continue;
        if (node->queryset != nullptr) conflict(*node);
        taken = true;
        node->queryset = spec.queryset;
        node->children = spec.queryset->lookups;
        prefix_paths(node->children, node->path);
    }
    if (!taken) {
        throw ValueError(fmt::format("the Prefetch of '{}' was given a QuerySet of {}, which {} does not lead to",
                                     spec.path, spec.queryset->model->name, field.label()),
                         {.model = field.model->name, .lookup = spec.path});
    }
}

void check_queryset(const FieldInfo& field, const Query& queryset, const std::string& path) {
    const auto refuse = [&](const std::string& message) {
        throw ValueError(message, {.model = field.model->name, .lookup = path});
    };
    if (queryset.model != field.relation->target) {
        refuse(fmt::format("the Prefetch of '{}' needs a QuerySet of {}, but was given one of {}", path,
                           field.relation->target->name, queryset.model->name));
    }
    if (queryset.is_sliced() && !field.relation->many) {
        refuse(fmt::format("the Prefetch of '{}' leads to at most one row and cannot be sliced", path));
    }
}

/// Sets use the default queryset of their model, including its lookups.
void take_default(LookupNode& node, const Database* db) {
    if (db == nullptr || node.relation == nullptr || !node.relation->many) return;
    node.queryset = default_query(*node.relation->target, *db);
    if (node.queryset == nullptr) return;
    node.is_default = true;
    node.children = node.queryset->lookups;
    prefix_paths(node.children, node.path);
}

/// Rows of one level, and what select_related joins to them.
struct Joined {
    std::vector<std::vector<const RelationInfo*>> paths{};
    const FieldInfo* back{nullptr}; ///< the member that leads back to the row they were joined to

    bool holds(const FieldInfo& field) const {
        return &field == back || std::ranges::any_of(paths, [&](const auto& p) { return p.front()->field == &field; });
    }
    /// What is joined behind `field`.
    Joined behind(const FieldInfo& field) const {
        Joined next;
        for (const auto& path : paths) {
            if (path.front()->field != &field) continue;
            const auto* inverse = path.front()->inverse;
            if (inverse != nullptr && detail::is_to_one(inverse->kind)) next.back = inverse;
            if (path.size() > 1) next.paths.emplace_back(path.begin() + 1, path.end());
        }
        return next;
    }
};

/// Refuses a queryset for a relation that select_related joins, at this level and below; nested querysets join as well.
void check_level(const Joined& joined, const std::vector<LookupNode>& nodes, const std::string& model) {
    for (const auto& node : nodes) {
        if (node.queryset != nullptr && joined.holds(*node.slot)) {
            throw ValueError(fmt::format("'{}' is joined by select_related and prefetched with a queryset of its "
                                         "own: give the Prefetch a slot (to_attr), or leave one of the two out",
                                         node.path),
                             {.model = model, .lookup = node.path});
        }
        const auto next =
            node.queryset != nullptr ? Joined{.paths = node.queryset->selected} : joined.behind(*node.slot);
        check_level(next, node.children, model);
    }
}

std::size_t count_nodes(const std::vector<LookupNode>& nodes) {
    auto count = nodes.size();
    for (const auto& node : nodes) count += count_nodes(node.children);
    return count;
}

/// Throws FieldError if `tree`, which `spec` was added to, has more nodes than ConnectOptions::max_lookups.
void require_few(const std::vector<LookupNode>& tree, const ModelInfo& model, const LookupSpec& spec,
                 const Database* db) {
    if (db == nullptr || count_nodes(tree) <= db->options().max_lookups) return;
    throw FieldError(fmt::format("with '{}', the lookups of {} load more than {} relations: load fewer, or raise "
                                 "ConnectOptions::max_lookups",
                                 spec.path, model.name, db->options().max_lookups),
                     {.model = model.name, .lookup = spec.path});
}

} // namespace

LookupNode lookup_of(const RelationInfo& relation, const FieldInfo& slot, const Database& db) {
    LookupNode node{.relation = &relation, .slot = &slot, .path = slot.name};
    take_default(node, &db);
    return node;
}

void add_lookup(std::vector<LookupNode>& tree, const ModelInfo& model, const LookupSpec& spec, LookupsFor use,
                const Database* db) {
    auto* nodes = &tree;
    const auto* here = &model;
    std::string_view rest = spec.path;
    std::string path;
    const auto most_relations = db != nullptr ? db->options().max_lookup_depth : model::usual_depth;
    std::size_t relations = 0;
    if (rest.ends_with("__")) (void)relation_named(model, {}, spec.path, use); // throws: no member has an empty name
    while (true) {
        model::require_depth(model, ++relations, most_relations, spec.path);
        const auto [part, behind] = next_part(*here, rest);
        const bool last = behind.empty();
        if (const auto* generic = here->find(part); generic != nullptr && generic->generic != nullptr) {
            if (generic->relation == nullptr || !last) {
                refuse_generic(*generic, spec.path,
                               "which leads to several models: end the path here, and load further relations of one "
                               "model with a Prefetch whose queryset is of that model");
            }
            return add_generic(*nodes, *generic, spec, join_path(path, part));
        }
        const auto slot_name = last && !spec.to_attr.empty() ? std::string_view(spec.to_attr) : part;
        auto* node = find_node(*nodes, slot_name);
        if (node != nullptr) {
            if (last && spec.queryset != nullptr) conflict(*node);
        } else {
            const auto& field = relation_named(*here, part, spec.path, use);
            const auto& slot = last && !spec.to_attr.empty() ? slot_for(field, spec.to_attr, spec.path) : field;
            node = &nodes->emplace_back();
            node->relation = detail::is_slot(field.kind) ? nullptr : field.relation;
            node->slot = &slot;
            node->path = join_path(path, slot.name);
            if (last && spec.queryset != nullptr) {
                check_queryset(field, *spec.queryset, spec.path);
                node->queryset = spec.queryset;
                node->children = spec.queryset->lookups;
                prefix_paths(node->children, node->path);
            } else {
                take_default(*node, db);
            }
        }
        if (last) return require_few(tree, model, spec, db);
        path = node->path;
        here = node->slot->relation->target;
        nodes = &node->children;
        rest = behind;
    }
}

void check_selected_against_lookups(const Query& query) {
    check_level({.paths = query.selected}, query.lookups, query.model->name);
}

} // namespace kith::query
