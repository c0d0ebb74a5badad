#include "prefetch/load.hpp"

#include <unordered_set>

#include "prefetch/attach.hpp"
#include "prefetch/keys.hpp"
#include "rows/to_one.hpp"

namespace kith::prefetch {

void Loader::load(std::span<const query::LookupNode> nodes, std::span<void* const> parents) {
    if (parents.empty()) return;
    for (const auto& node : nodes) {
        const bool elsewhere = node.queryset != nullptr && !(node.queryset->db == db_);
        elsewhere ? load_elsewhere(node, parents) : load_node(node, parents);
    }
}

void Loader::load_elsewhere(const query::LookupNode& node, std::span<void* const> parents) {
    const auto& db = node.queryset->db;
    database::Session session(db);
    database::Snapshot snapshot(session);  // each database shows a state of its own
    Loader loader(session, db, graph_, mode_, owner_);
    loader.load_node(node, parents);
    snapshot.commit();
    report_.insert(report_.end(), loader.report_.begin(), loader.report_.end());
}

void Loader::load_node(const query::LookupNode& node, std::span<void* const> parents) {
    bool all_fetched = false;
    auto targets = node.relation != nullptr ? load_missing(node, parents, all_fetched) : std::vector<void*>{};
    if (node.children.empty()) return;
    // Deeper levels go on with all rows there are, those that were loaded before as well.
    if (!all_fetched) targets = targets_of(*node.slot, parents);
    load(node.children, targets);
}

std::vector<void*> Loader::load_missing(const query::LookupNode& node, std::span<void* const> parents,
                                        bool& all_fetched) {
    const auto* queryset = node.queryset.get();
    const auto& options = db_.options();
    const auto own_mode = node.is_default ? mode_ : options.fetch_mode;
    const auto mode = queryset != nullptr ? queryset->mode.value_or(own_mode) : mode_;
    std::vector<void*> without_key;
    const auto keys = collect_keys(*node.relation, *node.slot, parents, without_key);
    all_fetched = keys.are_all();
    const bool nothing = queryset != nullptr && queryset->nothing;
    if (nothing) without_key.insert(without_key.end(), keys.parents().begin(), keys.parents().end());
    if (!without_key.empty()) {
        auto& segment = graph_.new_segment(*node.relation->target, mode, owner_, &db_);
        attach_nothing(*node.relation, *node.slot, without_key, segment, node.queryset);
    }
    if (nothing || keys.size() == 0) return {};
    const auto shape = choose_shape(*node.relation, queryset, keys.size(), options.pairs_threshold);
    const auto statements = shape == Shape::pairs ? std::size_t{2} : std::size_t{1};
    auto fetched = fetch(session_, *node.relation, keys.keys(), queryset, shape, {graph_, mode, owner_, &db_}, node.path);
    attach(node, keys, fetched);
    report_.push_back({node.path, node.slot, shape, keys.size(), fetched.rows.size(), statements});
    return std::move(fetched.rows);
}

std::vector<void*> targets_of(const detail::FieldInfo& slot, std::span<void* const> parents) {
    std::vector<void*> targets;
    std::unordered_set<void*> seen;
    const auto add = [&](void* row) {
        if (row != nullptr && seen.insert(row).second) targets.push_back(row);
    };
    for (auto* parent : parents) {
        const auto& member = rows::state_of(parent, slot);
        if (!rows::is_loaded(member)) continue;
        if (detail::is_to_one(slot.kind)) {
            add(member.loaded_row());
        } else {
            const auto rows = rows::rows_of(member);
            for (std::size_t i = 0; i < rows.size; ++i) add(rows.data[i]);
        }
    }
    return targets;
}

}  // namespace kith::prefetch
