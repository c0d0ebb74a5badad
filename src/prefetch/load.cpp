#include "prefetch/load.hpp"

#include "observe/detectors.hpp"
#include "prefetch/attach.hpp"
#include "rows/relation_state.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <typeinfo>
#include <unordered_set>

namespace kith::prefetch {

namespace {

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

/// Runs `work`. A failure that names no model is thrown again with the relation and its columns.
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
    schedule_.add(schedule_.end(), nodes, parents, nullptr, !options.fresh, nullptr);
    while (!schedule_.empty()) load_round(options.last);
}

void Loader::load_round(connection::Snapshot* last) {
    // First: the lookups that may travel together, each with the keys of its parents.
    const Round round = schedule_.next_round(session_.sends_together());
    for (const auto task : round) {
        if (!task->begun) begin(*task);
    }
    // Then: their statements, in one round trip.
    auto cursors = fetch(round, last);
    // Last: the rows, attached to their parents. A lookup that needs a second statement stays for the next round.
    auto cursor = cursors.begin();
    for (const auto task : round) {
        const bool is_complete = task->is_last_statement();
        if (task->fetch) naming(*task->node, [&] { task->fetch->read(std::move(*cursor++)); });
        if (!is_complete) continue;
        if (task->fetch) attach(*task);
        open_children(task);
    }
}

/// Collects the keys and prepares the statement.
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

/// Loads a lookup whose queryset asks another database, with all lookups behind it.
void Loader::load_elsewhere(Task& task) {
    task.elsewhere = true;
    const auto& db = task.node->queryset->db;
    auto call = session_.call();
    call.evaluation = 0; // numbers and spans belong to one Database
    call.span.reset();
    connection::Session session(db, call);
    connection::Snapshot snapshot(session); // each database has a snapshot of its own
    Loader loader(session, db, graph_, mode_, owner_);
    loader.load(std::span(task.node, 1), task.parents, {.fresh = !task.shared, .last = &snapshot});
    snapshot.commit();
    report_.insert(report_.end(), loader.report_.begin(), loader.report_.end());
}

/// Sends the statements of a round. The snapshot `last` ends with them if no other round can follow.
std::vector<std::unique_ptr<backend::Cursor>> Loader::fetch(const Round& round, connection::Snapshot* last) {
    std::vector<connection::LabelledStatement> statements;
    bool is_last_round = round.size() == schedule_.size();
    for (const auto task : round) {
        is_last_round = is_last_round && task->node->children.empty() && task->is_last_statement();
        if (task->fetch) statements.push_back({&task->fetch->statement(), task->node->path});
    }
    // A single statement fails here; of several, each fails when its cursor is read.
    return naming(*round.front()->node, [&] { return session_.query_all(statements, is_last_round ? last : nullptr); });
}

void Loader::attach(Task& task) {
    const auto& node = *task.node;
    auto& fetched = task.fetch->result();
    // Lazy loading happens because the member is read: no detector watches it.
    auto watch = owner_ == nullptr
                     ? observe::Detectors::watch(session_.detectors(), node.slot->model->name, node.slot->name)
                     : nullptr;
    prefetch::attach(node, task.keys, fetched, std::move(watch));
    const auto statements = task.shape == Shape::pairs ? std::size_t{2} : std::size_t{1};
    report_.push_back({node.path, node.slot, {task.shape, statements, task.keys.size(), fetched.rows.size()}});
}

/// Replaces a finished lookup by the lookups behind it.
void Loader::open_children(Schedule::Position task) {
    const auto& node = *task->node;
    if (!node.children.empty() && !task->elsewhere) {
        // Deeper levels continue from all rows, also from those that were loaded before.
        const bool all_fetched = node.relation != nullptr && task->keys.are_all();
        std::vector<void*> targets;
        if (!all_fetched) {
            targets = targets_of(*node.slot, task->parents);
        } else if (task->fetch) {
            targets = std::move(task->fetch->result().rows);
        }
        const auto rows = std::make_shared<const std::vector<void*>>(std::move(targets));
        schedule_.add(task, node.children, *rows, rows, !all_fetched, &node);
    }
    schedule_.remove(task);
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
