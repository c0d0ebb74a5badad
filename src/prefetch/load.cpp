#include "prefetch/load.hpp"

#include "observe/detectors.hpp"
#include "prefetch/attach.hpp"
#include "rows/to_one.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <typeinfo>
#include <unordered_set>

namespace kith::prefetch {

namespace {

/// Whether rows that are fetched for `node` come with what the lookup `child` behind it loads, or part of it.
bool may_be_loaded(const query::LookupNode& node, const query::LookupNode& child) {
    if (node.queryset != nullptr && !node.queryset->selected.empty()) return true;
    return node.relation == nullptr || (leads_back(node) && child.slot == node.relation->inverse);
}

/// Whether a lookup behind `node` may fill `slot` in rows that others lead to. `shared` says so of those behind `node`.
bool fills_shared_rows(const query::LookupNode& node, const detail::FieldInfo& slot, bool shared) {
    return std::ranges::any_of(node.children, [&](const query::LookupNode& child) {
        return (shared && child.slot == &slot) || fills_shared_rows(child, slot, shared || may_be_loaded(node, child));
    });
}

/// The columns that the keys of `relation` are compared with: `Book.author`, or `membership.author_code` and
/// `membership.club_id` of a many-to-many.
std::string compared_columns(const detail::RelationInfo& relation) {
    std::vector<std::string> names;
    if (relation.join_table) {
        const auto& link = *relation.join_table;
        for (const auto& column : link.source_columns) names.push_back(link.name + "." + column);
        for (const auto& column : link.target_columns) names.push_back(link.name + "." + column);
    } else {
        for (const auto* column : relation.target_columns) names.push_back(column->label());
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

/// What `work` gives. A failure that does not know whose it is names the relation and the columns.
template <class Work>
auto naming(const query::LookupNode& node, const Work& work) {
    try {
        return work();
    } catch (const DatabaseError& e) {
        if (typeid(e) != typeid(DatabaseError) || !e.model().empty() || node.relation == nullptr) throw;
        auto context = e.context();
        context.model = node.slot->model->name;
        context.lookup = node.path;
        const auto message = fmt::format("Loading {} by its keys in {}: {}", node.slot->label(),
                                         compared_columns(*node.relation), e.what());
        throw DatabaseError(message, std::move(context));
    }
}

} // namespace

void Loader::load(std::span<const query::LookupNode> nodes, std::span<void* const> parents,
                  const LoadOptions& options) {
    add(open_.end(), nodes, parents, nullptr, !options.fresh, nullptr);
    while (!open_.empty()) run_round(options.last);
}

void Loader::add(Tasks::iterator before, std::span<const query::LookupNode> nodes, std::span<void* const> parents,
                 const Rows& rows, bool shared, const query::LookupNode* behind) {
    if (parents.empty()) return;
    for (const auto& node : nodes) {
        auto& task = *open_.emplace(before);
        task.node = &node;
        task.parents = parents;
        task.rows = rows;
        task.shared = shared;
        task.leads_to_shared = shared || (behind != nullptr && may_be_loaded(*behind, node));
    }
}

/// The tasks that go on in the next round trip.
std::vector<Loader::Tasks::iterator> Loader::choose() {
    if (!session_.sends_together()) return {open_.begin()};
    std::vector<Tasks::iterator> chosen;
    for (auto task = open_.begin(); task != open_.end(); ++task) {
        if (may_go_now(task)) chosen.push_back(task);
    }
    return chosen;
}

bool Loader::may_go_now(Tasks::const_iterator task) const {
    return std::none_of(open_.begin(), task, [&](const Task& earlier) { return may_fill_the_same(earlier, *task); });
}

/// Whether `earlier`, or what comes behind it, may fill members that `task` would fill: then it has to go first, for
/// what is loaded stays.
bool Loader::may_fill_the_same(const Task& earlier, const Task& task) {
    const auto& slot = *task.node->slot;
    if (earlier.node->slot == &slot && (earlier.shared || task.shared)) return true;
    return fills_shared_rows(*earlier.node, slot, earlier.leads_to_shared);
}

void Loader::run_round(connection::Snapshot* last) {
    const auto chosen = choose();
    std::vector<connection::Asked> asked;
    bool is_last = chosen.size() == open_.size();
    for (const auto task : chosen) {
        if (!task->begun) begin(*task);
        is_last = is_last && task->node->children.empty() && (!task->fetch || task->fetch->is_last());
        if (task->fetch) asked.push_back({&task->fetch->statement(), task->node->path});
    }
    // Where only one is asked, it fails here; where several are, each fails as it is read.
    auto cursors = naming(*chosen.front()->node, [&] { return session_.query_all(asked, is_last ? last : nullptr); });
    auto cursor = cursors.begin();
    for (const auto task : chosen) {
        const bool ends = !task->fetch || task->fetch->is_last();
        if (task->fetch) naming(*task->node, [&] { task->fetch->read(std::move(*cursor++)); });
        if (ends) finish(task);
    }
}

/// Collects the keys, and says what is to be asked.
void Loader::begin(Task& task) {
    task.begun = true;
    const auto& node = *task.node;
    if (node.relation == nullptr) return;
    const auto* queryset = node.queryset.get();
    if (queryset != nullptr && !(queryset->db == db_)) return load_elsewhere(task);
    const auto& options = db_.options();
    const auto own_mode = node.is_default ? mode_ : options.fetch_mode;
    const auto mode = queryset != nullptr ? queryset->mode.value_or(own_mode) : mode_;
    std::vector<void*> without_key;
    task.keys = collect_keys(*node.relation, *node.slot, task.parents, without_key);
    const auto& keys = task.keys;
    const bool nothing = queryset != nullptr && queryset->nothing;
    if (nothing) without_key.insert(without_key.end(), keys.parents().begin(), keys.parents().end());
    if (!without_key.empty()) {
        auto& segment = graph_.new_segment(*node.relation->target, mode, owner_, &db_);
        attach_nothing(*node.relation, *node.slot, without_key, segment, node.queryset);
    }
    if (nothing || keys.size() == 0) return;
    task.shape = choose_shape(*node.relation, queryset, keys.size(), options.pairs_threshold);
    task.fetch.emplace(session_.dialect(), *node.relation, keys.keys(), queryset, task.shape,
                       Destination{graph_, mode, owner_, &db_});
}

/// Attaches what was fetched, and opens the lookups behind it.
void Loader::finish(Tasks::iterator task) {
    const auto& node = *task->node;
    std::vector<void*> targets;
    if (task->fetch) {
        auto fetched = task->fetch->take();
        // What is loaded lazily is loaded because it is read.
        auto watch = owner_ == nullptr
                         ? observe::Detectors::watch(session_.detectors(), node.slot->model->name, node.slot->name)
                         : nullptr;
        attach(node, task->keys, fetched, std::move(watch));
        const auto statements = task->shape == Shape::pairs ? std::size_t{2} : std::size_t{1};
        report_.push_back({node.path, node.slot, {task->shape, statements, task->keys.size(), fetched.rows.size()}});
        targets = std::move(fetched.rows);
    }
    if (!node.children.empty() && !task->elsewhere) {
        // Deeper levels go on with all rows there are, those that were loaded before as well.
        const bool all_fetched = node.relation != nullptr && task->keys.are_all();
        if (!all_fetched) targets = targets_of(*node.slot, task->parents);
        const auto rows = std::make_shared<const std::vector<void*>>(std::move(targets));
        add(task, node.children, *rows, rows, !all_fetched, &node);
    }
    open_.erase(task);
}

/// A lookup whose queryset asks another database, with all behind it.
void Loader::load_elsewhere(Task& task) {
    task.elsewhere = true;
    const auto& db = task.node->queryset->db;
    auto work = session_.work();
    work.evaluation = 0; // numbers and spans are of one Database
    work.span.reset();
    connection::Session session(db, work);
    connection::Snapshot snapshot(session); // each database shows a state of its own
    Loader loader(session, db, graph_, mode_, owner_);
    loader.load(std::span(task.node, 1), task.parents, {.fresh = !task.shared, .last = &snapshot});
    snapshot.commit();
    report_.insert(report_.end(), loader.report_.begin(), loader.report_.end());
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
            add(member.peek_row());
        } else {
            const auto rows = rows::rows_of(member);
            for (std::size_t i = 0; i < rows.size; ++i) add(rows.data[i]);
        }
    }
    return targets;
}

} // namespace kith::prefetch
