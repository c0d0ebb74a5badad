#include "prefetch/load.hpp"

#include "connection/database_core.hpp"
#include "observe/detectors.hpp"
#include "prefetch/attach.hpp"
#include "prefetch/key_runs.hpp"
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
    begin(nodes, parents, options.fresh);
    while (!is_done()) {
        Statements statements;
        const bool is_last = begin_round(statements);
        // A single statement fails here; of several, each fails when its cursor is read.
        auto cursors = naming(*round_.front()->node,
                              [&] { return session_.query_all(statements, is_last ? options.last : nullptr); });
        end_round(cursors);
    }
}

bool Loader::go_ahead(const detail::Query& query, Statements& statements) {
    const auto plan = plan_ahead(query, query.strategy.value_or(db_.options().load_strategy), session_.dialect(),
                                 {.sends_together = session_.sends_together(),
                                  .one_state = !session_.is_inside_block(),
                                  .round_trip = session_.round_trip()});
    choice_ = plan.choice;
    sent_.reserve(plan.lookups.size());
    for (const auto& lookup : plan.lookups) {
        auto fetch = fetch_of(*lookup.node, lookup.from, shape_for(*lookup.node, 0)); // pairs would need the keys
        statements.push_back({&fetch->statement(), lookup.node->path});
        sent_.push_back({.node = lookup.node, .fetch = std::move(fetch)});
    }
    return plan.are_all;
}

void Loader::take_ahead(Cursors cursors) {
    for (std::size_t i = 0; i < sent_.size(); ++i) sent_[i].cursor = std::move(cursors[i]);
}

void Loader::begin(std::span<const query::LookupNode> nodes, std::span<void* const> parents, bool fresh) {
    report_.reserve(nodes.size());
    schedule_.add(schedule_.end(), nodes, parents, nullptr, !fresh, nullptr);
    load_sent();
}

bool Loader::begin_round(Statements& statements) {
    round_ = schedule_.next_round(session_.sends_together());
    bool is_last = round_.size() == schedule_.size();
    for (const auto task : round_) {
        if (!task->begun) begin(*task);
        is_last = is_last && task->node->children.empty() && task->is_last_statement();
        if (task->fetch != nullptr) statements.push_back({&task->fetch->statement(), task->node->path});
    }
    return is_last;
}

std::size_t Loader::end_round(Cursors cursors) {
    std::size_t taken = 0;
    for (const auto task : round_) finish(task, task->fetch != nullptr ? std::move(cursors[taken++]) : nullptr);
    load_sent();
    return taken;
}

bool Loader::is_sent(const query::LookupNode& node) const {
    return std::ranges::any_of(sent_, [&](const Sent& sent) { return sent.node == &node; });
}

/// Loads what went ahead and whose parents are there.
void Loader::load_sent() {
    while (!sent_.empty() && !schedule_.empty()) {
        auto round = schedule_.next_round(true);
        std::erase_if(round, [&](Schedule::Position task) { return !is_sent(*task->node); });
        if (round.empty()) return;
        begin(*round.front());
        finish(round.front(), nullptr);
    }
    while (!sent_.empty()) pass_over(sent_.front()); // there were no rows above
}

/// Reads a statement that was sent ahead but is not needed: only then is it known to have succeeded.
void Loader::pass_over(Sent& sent) {
    naming(*sent.node, [&] {
        while (sent.cursor->next()) {}
    });
    sent_.erase(sent_.begin() + (&sent - sent_.data()));
}

/// Reads and attaches the rows of a task that has begun; `cursor` is null if they were sent ahead, or are none.
void Loader::finish(Schedule::Position task, std::unique_ptr<backend::Cursor> cursor) {
    const bool is_complete = task->is_last_statement();
    if (task->cursor != nullptr) cursor = std::move(task->cursor);
    if (task->fetch != nullptr) naming(*task->node, [&] { task->fetch->read(std::move(cursor)); });
    if (!is_complete) return;
    if (task->fetch != nullptr) attach(*task);
    open_children(task);
}

/// Collects the keys and prepares the statement, or takes the one that was sent ahead.
void Loader::begin(Task& task) {
    task.begun = true;
    const auto& node = *task.node;
    if (node.relation == nullptr) return;
    const auto* queryset = node.queryset.get();
    if (queryset != nullptr && !(queryset->db == db_)) return load_elsewhere(task);
    std::vector<void*> without_key;
    task.keys = collect_keys(*node.relation, *node.slot, task.parents, without_key);
    const auto& keys = task.keys;
    const bool nothing = queryset != nullptr && queryset->nothing;
    if (nothing) without_key.insert(without_key.end(), keys.parents().begin(), keys.parents().end());
    if (!without_key.empty()) {
        auto& segment = graph_.new_segment(*node.relation->target, mode_behind(node), owner_, &db_);
        attach_nothing(*node.relation, *node.slot, without_key, segment, node.queryset);
    }
    const auto sent = std::ranges::find(sent_, &node, &Sent::node);
    if (nothing || keys.size() == 0) {
        if (sent != sent_.end()) pass_over(*sent);
        return;
    }
    task.ahead = sent != sent_.end();
    task.shape = shape_for(node, task.ahead ? 0 : keys.size());
    if (!task.ahead) {
        const auto& relation = *node.relation;
        const bool is_direct = !relation.join_table;
        send_as_runs(*keys.keys(),
                     is_direct ? sql::KeyColumn::of(*relation.target_columns.front())
                               : sql::source_key_of_links(relation),
                     is_direct && may_read_others(relation), queryset, session_);
        task.fetch = fetch_of(node, sql::KeyOrigin(keys.keys()), task.shape);
        return;
    }
    task.fetch = std::move(sent->fetch);
    task.fetch->set_keys(keys.keys());
    task.cursor = std::move(sent->cursor);
    sent_.erase(sent);
}

Shape Loader::shape_for(const query::LookupNode& node, std::size_t keys) const {
    return choose_shape(*node.relation, node.queryset.get(), keys, db_.options().pairs_threshold);
}

FetchMode Loader::mode_behind(const query::LookupNode& node) const {
    if (node.queryset == nullptr) return mode_;
    return node.queryset->mode.value_or(node.is_default ? mode_ : db_.options().fetch_mode);
}

std::unique_ptr<Fetch> Loader::fetch_of(const query::LookupNode& node, const sql::KeyOrigin& from, Shape shape) {
    return std::make_unique<Fetch>(session_, *node.relation, from, node.queryset.get(), shape,
                                   Destination{graph_, mode_behind(node), owner_, &db_});
}

/// Loads a lookup whose queryset asks another database, with all lookups behind it.
void Loader::load_elsewhere(Task& task) {
    task.elsewhere = true;
    const auto& db = task.node->queryset->db;
    auto call = session_.call();
    call.evaluation = 0; // numbers and spans belong to one Database
    call.span.reset();
    auto& bound = elsewhere_[connection::DatabaseAccess::bounds(db).get()];
    if (bound != nullptr) call.bound = bound;
    connection::Session session(db, call);
    bound = session.call().bound;           // for the next lookup there
    connection::Snapshot snapshot(session); // each database has a snapshot of its own
    Loader loader(session, db, graph_, mode_, owner_, &elsewhere_);
    loader.load(std::span(task.node, 1), task.parents, {.fresh = !task.shared, .last = &snapshot});
    snapshot.commit();
    report_.insert(report_.end(), loader.report_.begin(), loader.report_.end());
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
    report_.push_back({node.path,
                       node.slot,
                       {.shape = task.shape,
                        .statements = statements,
                        .keys = task.keys.size(),
                        .rows = fetched.rows->size(),
                        .ahead = task.ahead,
                        .runs = task.keys.keys()->runs().size()}});
}

/// Replaces a finished lookup by the lookups behind it.
void Loader::open_children(Schedule::Position task) {
    const auto& node = *task->node;
    if (!node.children.empty() && !task->elsewhere) {
        // Deeper levels continue from all rows, also from those that were loaded before.
        const bool all_fetched = node.relation != nullptr && task->keys.are_all();
        Task::Rows rows;
        if (!all_fetched) {
            rows = std::make_shared<const std::vector<void*>>(targets_of(*node.slot, task->parents));
        } else if (task->fetch != nullptr) {
            rows = task->fetch->result().rows;
        } else {
            rows = std::make_shared<const std::vector<void*>>();
        }
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
