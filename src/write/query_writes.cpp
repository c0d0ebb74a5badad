#include "connection/write_call.hpp"
#include "model/path.hpp"
#include "query/coerce.hpp"
#include "query/refine.hpp"
#include "query/resolve.hpp"
#include "rows/row_value.hpp"
#include "rows/saved.hpp"
#include "run/execute.hpp"
#include "run/query_state.hpp"
#include "run/set_query.hpp"
#include "sql/change.hpp"
#include "sql/select.hpp"
#include "write/bulk_update.hpp"
#include "write/changes.hpp"
#include "write/conflict.hpp"
#include "write/generic_children.hpp"
#include "write/insert.hpp"
#include "write/links.hpp"
#include "write/new_sets.hpp"
#include "write/refused_row.hpp"
#include "write/row_values.hpp"
#include "write/updated_rows.hpp"
#include "write/validate.hpp"

#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/sets.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <optional>

/// The writing methods of QuerySets.
namespace kith::detail {

namespace {

/// `"price"_f = 10` as an assignment: a column of the model itself, compared by `exact`.
query::ResolvedCondition resolve_assignment(const ModelInfo& model, const Expr& expr) {
    auto condition = query::resolve_condition(model, expr);
    const ErrorContext context{.model = model.name, .lookup = expr.path};
    if (condition.kind != Expr::Kind::compare || condition.lookup != FieldLookup::exact ||
        !condition.path.relations.empty()) {
        throw FieldError(fmt::format("\"{}\" is not an assignment to a column of {}: write \"column\"_f = value",
                                     expr.path, model.name),
                         context);
    }
    const auto& column = *condition.path.column;
    if (column.generated) throw FieldError(fmt::format("{} is computed by the database", column.label()), context);
    if (column.row_version) {
        throw FieldError(fmt::format("{} counts the writes of a row: each raises it by itself", column.label()),
                         context);
    }
    if (auto* value = std::get_if<Value>(&condition.right)) {
        condition.right = query::coerce_value(column, std::move(*value));
        write::require_length(column, std::get<Value>(condition.right));
    } else if (const auto* computed = std::get_if<query::ResolvedValuePtr>(&condition.right)) {
        query::require_taken(column, **computed);
    } else if (!std::holds_alternative<query::ColumnPath>(condition.right)) {
        throw FieldError(fmt::format("{} can be set to one value, or to another column", column.label()), context);
    }
    return condition;
}

/// Throws FieldError unless each assignment names a column of the model by itself. `author__id` and `title__exact` lead
/// to one too, but a literal with a path or a lookup is refused.
void require_own_columns(const ModelInfo& model, const std::vector<Expr>& assignments) {
    for (const auto& expr : assignments) {
        if (expr.kind != Expr::Kind::compare) continue;
        const auto walked = model::walk(model, expr.path, true);
        if (walked.relations.empty() && !walked.lookup && !walked.member->column.empty()) continue;
        throw FieldError(fmt::format("\"{}\" cannot be assigned: name a column of {} itself, without a lookup",
                                     expr.path, model.name),
                         {.model = model.name, .lookup = expr.path});
    }
}

/// The columns that `assignments` name; throws as require_own_columns().
std::vector<const FieldInfo*> own_columns(const ModelInfo& model, const std::vector<Expr>& assignments) {
    require_own_columns(model, assignments);
    std::vector<const FieldInfo*> fields;
    for (const auto& expr : assignments) {
        if (expr.kind == Expr::Kind::compare) fields.push_back(model::walk(model, expr.path, true).member);
    }
    return fields;
}

/// Its options would have no effect.
void require_no_lock(const Query& query, std::string_view what) {
    if (!query.locking) return;
    throw ValueError(
        fmt::format("{} cannot {} what select_for_update() locks in the same statement: the statement locks "
                    "what it changes. Leave select_for_update() out, or load the rows with it first and "
                    "change those of their keys",
                    query.model->name, what),
        {.model = query.model->name});
}

/// The assignments of an update of the rows of `query`.
std::vector<query::ResolvedCondition> resolve_assignments(const Query& query, const std::vector<Expr>& assignments) {
    query::require_unsliced(query, "update");
    require_no_lock(query, "update");
    write::require_writable(*query.model);
    require_own_columns(*query.model, assignments);
    std::vector<query::ResolvedCondition> resolved;
    const auto& dialect = connection::Session::dialect(query.db);
    for (const auto& expr : assignments) {
        const auto& one = resolved.emplace_back(resolve_assignment(*query.model, expr));
        const auto* value = std::get_if<Value>(&one.right);
        if (value != nullptr) write::require_size(*one.path.column, *value, dialect);
    }
    return resolved;
}

/// Assigns to members; returns whether the whole primary key was assigned.
bool assign_to_row(void* row, const ModelInfo& model, const std::vector<Expr>& assignments) {
    auto missing = model.primary_key;
    for (const auto& expr : assignments) {
        const auto assignment = resolve_assignment(model, expr);
        const auto* value = std::get_if<Value>(&assignment.right);
        if (value == nullptr) {
            throw FieldError(
                fmt::format("{} of a single row needs a value, not another column", assignment.path.column->label()),
                {.model = model.name, .lookup = expr.path});
        }
        rows::write_value(row, *assignment.path.column, *value);
        std::erase(missing, assignment.path.column);
    }
    return missing.empty();
}

/// The member of the set that a QuerySet represents; null for all others.
const RelationState* member_of(const RowHandle& set) { return static_cast<const RelationState*>(set.get()); }

void link_to_owner(connection::Session& session, const query::SetOwner& owner, std::span<const write::NewRow> rows,
                   connection::WriteTransaction* ends) {
    const auto& key = *owner.relation->target_columns.front();
    auto keys = std::make_shared<sql::KeySet>(std::span(&key.type, 1));
    for (const auto& fresh : rows) keys->add(rows::read_value(fresh.row, key));
    write::add_links(session, *owner.relation, owner.key.front(), keys, sql::Links::may_exist, ends);
}

void lead_to_owner(const query::SetOwner& owner, void* row) {
    const auto& columns = owner.relation->target_columns;
    for (std::size_t i = 0; i < columns.size(); ++i) rows::write_value(row, *columns[i], owner.key[i]);
}

bool is_linked(const Query& query) { return query.owner && query.owner->relation->join_table; }

/// To precede the insertion of `rows`: lets them refer to the owner, if `query` is a set, and validates them.
void prepare(const Query& query, std::span<const write::NewRow> rows) {
    if (query.owner && !is_linked(query)) {
        for (const auto& fresh : rows) lead_to_owner(*query.owner, fresh.row);
    }
    write::require_valid(*query.model, rows);
}

/// Inserts prepared rows; if `query` is a set, as its members. Nothing else will be written in `ends`, if it is given.
void insert_as_asked(connection::Session& session, const Query& query, std::span<const write::NewRow> rows,
                     connection::WriteTransaction* ends, write::InsertWatch* watch = nullptr,
                     write::Conflict* conflict = nullptr) {
    if (conflict != nullptr) {
        conflict->insert(session, rows, *watch);
    } else {
        write::insert(session, *query.model, rows, is_linked(query) ? nullptr : ends, watch);
    }
    if (is_linked(query)) link_to_owner(session, *query.owner, rows, ends);
}

/// A resident copy of `row`, to be inserted.
write::NewRow copy_into(rows::Segment& segment, const ModelInfo& model, const void* row) {
    return {.row = segment.append_copy(row), .knows_key = rows::is_known_saved(row, model)};
}

/// A new resident row in a graph of its own, filled by `fill` and inserted, as the last write in `ends` if that is
/// given.
template <class Fill>
RowHandle insert_new(const Query& query, const observe::CallInfo& call, Fill&& fill,
                     connection::WriteTransaction* ends = nullptr) {
    const run::Evaluation evaluation(query.db);
    auto& segment = evaluation.graph().new_segment(*query.model, run::mode_of(query));
    const write::NewRow fresh = fill(segment);
    segment.finish();
    prepare(query, std::span(&fresh, 1));
    connection::Session session(query.db, call);
    if (ends != nullptr || !query.owner) {
        insert_as_asked(session, query, std::span(&fresh, 1), ends);
    } else {
        connection::WriteTransaction writing(session);
        insert_as_asked(session, query, std::span(&fresh, 1), &writing);
        writing.commit();
    }
    return RowHandle(fresh.row);
}

/// Writes `fields` of a row that was just read. If it is not in the database as it was read: false, or if `is_last`, an
/// error that says why.
bool update_as_read(connection::Session& session, const ModelInfo& model, void* row, write::Fields fields,
                    bool is_last) {
    try {
        if (write::update(session, model, row, fields)) return true;
    } catch (const StaleRow&) {
        if (is_last) throw;
    } catch (const DoesNotExist&) {
        if (is_last) throw;
    }
    if (is_last) write::throw_gone(model);
    return false;
}

/// The conditions of a lookup as assignments, overridden and completed by `defaults`.
std::vector<Expr> with_defaults(std::vector<Expr> conditions, const std::vector<Expr>& defaults) {
    for (const auto& assignment : defaults) {
        const auto same = std::ranges::find(conditions, assignment.path, &Expr::path);
        if (same != conditions.end()) {
            *same = assignment;
        } else {
            conditions.push_back(assignment);
        }
    }
    return conditions;
}

} // namespace

namespace {

/// Runs `work`, a whole call of a QuerySet that writes: see connection::write_call.
template <class State, class Work>
auto write_call_of(const State* state, const RowHandle& set, const Work& work) {
    if (state != nullptr) return connection::write_call(state->query->db, work);
    if (set.get() == nullptr) return work(); // throws: no database
    return connection::write_call(rows::place_of(member_of(set)).segment.db(), work);
}

} // namespace

RowHandle QueryHandle::create(const void* row, std::source_location where) const {
    return write_call_of(state_.get(), set_, [&] {
        const auto query = this->query();
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) return set_create(*set, row, where);
        return insert_new(*query, {.name = "create", .model = query->model, .where = where},
                          [&](rows::Segment& segment) { return copy_into(segment, *query->model, row); });
    });
}

RowHandle QueryHandle::create(const void* row, std::span<const NewSet> sets, std::source_location where) const {
    if (std::ranges::all_of(sets, [](const NewSet& set) { return set.rows.empty(); })) return create(row, where);
    return write_call_of(state_.get(), set_, [&] {
        const auto query = this->query();
        const run::Evaluation evaluation(query->db);
        auto& segment = evaluation.graph().new_segment(*query->model, run::mode_of(*query));
        const auto fresh = copy_into(segment, *query->model, row);
        segment.finish();
        prepare(*query, std::span(&fresh, 1));
        write::NewSets given(query->db, *query->model, sets);
        connection::Session session(query->db, {.name = "create", .model = query->model, .where = where});
        if (is_linked(*query) || !given.insert_with(session, *query->model, fresh)) {
            connection::WriteTransaction writing(session);
            insert_as_asked(session, *query, std::span(&fresh, 1), nullptr);
            given.insert_behind(session, fresh.row, writing);
            writing.commit();
        }
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) run::forget_set(*set);
        return RowHandle(fresh.row);
    });
}

namespace {

/// One call that inserts many rows.
class BulkInsert {
public:
    BulkInsert(const Query& query, const QueryHandle::RowArray& given, const QueryHandle::BulkCreate& how)
        : query_(query), given_(given), how_(how) {
        if (how_.conflict == nullptr || !query_.owner) return;
        const bool ignores = how_.conflict->updated.empty();
        if (!is_linked(query_) && !ignores) require_owner_in_key();
        if (!is_linked(query_) || !ignores) return;
        throw ValueError(
            fmt::format("A row of {} that on_conflict ignores cannot be linked: use update, or add the row "
                        "that exists",
                        query_.model->name),
            {.model = query_.model->name});
    }

    std::vector<RowHandle> run(connection::Session& session) const {
        const run::Evaluation evaluation(query_.db);
        const auto rows = copies(evaluation, 0, given_.count);
        std::vector<RowHandle> handles;
        handles.reserve(rows.size()); // now: nothing may fail once the rows are committed
        write::InsertWatch watch{.all = rows.size()};
        if (how_.options != nullptr) watch.progress = how_.options->progress;
        std::optional<write::Conflict> conflict;
        if (how_.conflict != nullptr) conflict.emplace(*query_.model, *how_.conflict);
        try {
            connection::WriteTransaction writing(session);
            auto* ends = watch.progress || conflict ? nullptr : &writing; // what comes last may still undo all
            insert_as_asked(session, query_, rows, ends, &watch, conflict ? &*conflict : nullptr);
            writing.commit();
        } catch (const Error& e) {
            name_refused(session, e, watch, rows);
            throw;
        }
        for (const auto& fresh : rows) {
            handles.emplace_back(conflict && conflict->is_ignored(fresh.row) ? nullptr : fresh.row);
        }
        return handles;
    }

private:
    /// A row that exists is one of the set then.
    void require_owner_in_key() const {
        const auto& key = how_.conflict->key;
        for (const auto* column : query_.owner->relation->target_columns) {
            const auto is_it = [&](std::string_view name) { return query_.model->find(name) == column; };
            if (std::ranges::any_of(key, is_it)) continue;
            throw ValueError(fmt::format("on_conflict({}) in a set may update a row of another owner: {} must be part "
                                         "of the key. Use the QuerySet of all {} for such rows",
                                         fmt::join(key, ", "), column->label(), query_.model->name),
                             {.model = query_.model->name, .lookup = column->name});
        }
    }

    std::vector<write::NewRow> copies(const run::Evaluation& evaluation, std::size_t first, std::size_t count) const {
        auto& segment = evaluation.graph().new_segment(*query_.model, run::mode_of(query_));
        std::vector<write::NewRow> rows;
        rows.reserve(count);
        const auto* row = static_cast<const std::byte*>(given_.first) + first * given_.bytes;
        for (std::size_t i = 0; i < count; ++i, row += given_.bytes) {
            rows.push_back(copy_into(segment, *query_.model, row));
        }
        segment.finish();
        prepare(query_, rows);
        return rows;
    }

    /// Throws `error` with the place of the row that caused it, if there is one.
    void name_refused(connection::Session& session, const Error& error, const write::InsertWatch& watch,
                      std::span<const write::NewRow> rows) const {
        if (!how_.names_rows) return;
        std::optional<std::size_t> place;
        try {
            place = place_of_refused(session, error, watch, rows);
        } catch (...) { // NOLINT(bugprone-empty-catch): the caller throws `error`
        }
        if (!place) return;
        write::throw_naming(error, *query_.model,
                            {.place = *place,
                             .all = rows.size(),
                             .row = rows[*place].row,
                             .shows_values = query_.db.options().parameter_values == ParameterValues::shown});
    }

    std::optional<std::size_t> place_of_refused(connection::Session& session, const Error& error,
                                                const write::InsertWatch& watch,
                                                std::span<const write::NewRow> rows) const {
        if (watch.refused != nullptr) {
            const auto found = std::ranges::find(rows, watch.refused, &write::NewRow::row);
            return static_cast<std::size_t>(found - rows.begin());
        }
        const bool is_of_rows = dynamic_cast<const OperationalError*>(&error) == nullptr &&
                                dynamic_cast<const LimitExceeded*>(&error) == nullptr;
        if (!watch.at_database || !is_of_rows) return std::nullopt;
        return write::find_refused(session, rows.size(), error, [&](std::size_t first, std::size_t count) {
            const run::Evaluation evaluation(query_.db);
            const auto part = copies(evaluation, first, count);
            write::InsertWatch unwatched{.all = count};
            std::optional<write::Conflict> conflict;
            if (how_.conflict != nullptr) conflict.emplace(*query_.model, *how_.conflict);
            insert_as_asked(session, query_, part, nullptr, &unwatched, conflict ? &*conflict : nullptr);
        });
    }

    const Query& query_;
    QueryHandle::RowArray given_;
    QueryHandle::BulkCreate how_;
};

} // namespace

std::vector<RowHandle> QueryHandle::bulk_create(const RowArray& given, const BulkCreate& how,
                                                std::source_location where) const {
    return write_call_of(state_.get(), set_, [&]() -> std::vector<RowHandle> {
        const auto query = this->query();
        if (given.count == 0) return {};
        const BulkInsert inserting(*query, given, how);
        connection::Session session(query->db, {.name = "bulk_create", .model = query->model, .where = where});
        auto handles = inserting.run(session);
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) run::forget_set(*set);
        return handles;
    });
}

RowHandle QueryHandle::create(const void* row, const ConflictSpec& conflict, std::source_location where) const {
    return write_call_of(state_.get(), set_, [&] {
        const auto query = this->query();
        const BulkInsert inserting(*query, {row, 1, query->model->size}, {.conflict = &conflict, .names_rows = false});
        connection::Session session(query->db, {.name = "create", .model = query->model, .where = where});
        auto handles = inserting.run(session);
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) run::forget_set(*set);
        return std::move(handles.front());
    });
}

std::int64_t QueryHandle::bulk_update(std::span<const void* const> rows, std::span<const std::string_view> members,
                                      std::source_location where) const {
    return write_call_of(state_.get(), set_, [&]() -> std::int64_t {
        const auto query = this->query();
        query::require_unsliced(*query, "update");
        require_no_lock(*query, "update");
        write::require_writable(*query->model);
        if (rows.empty() || query->nothing) return 0;
        std::vector<const FieldInfo*> fields;
        for (const auto name : members) fields.push_back(query->model->find(name));
        connection::Session session(query->db, {.name = "bulk_update", .model = query->model, .where = where});
        const auto found = write::bulk_update(session, *query, fields, rows);
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) run::forget_set(*set);
        return found;
    });
}

std::pair<RowHandle, bool> QueryHandle::get_or_create(std::vector<Expr> conditions, std::vector<Expr> defaults,
                                                      std::source_location where) const {
    return write_call_of(state_.get(), set_, [&] {
        const auto query = this->query();
        require_own_columns(*query->model, defaults);
        return get_or_create_for(
            conditions, defaults,
            connection::numbered(query->db, {.name = "get_or_create", .model = query->model, .where = where}));
    });
}

std::pair<RowHandle, bool> QueryHandle::get_or_create_for(const std::vector<Expr>& conditions,
                                                          const std::vector<Expr>& defaults,
                                                          const observe::CallInfo& call) const {
    try {
        return {get_for(conditions, call), false};
    } catch (const DoesNotExist&) { // NOLINT(bugprone-empty-catch): it is created below
    }
    const auto query = this->query();
    const auto assignments = with_defaults(conditions, defaults);
    try {
        connection::Session session(query->db, call);
        connection::WriteTransaction writing(session);
        const auto fill = [&](rows::Segment& segment) {
            auto* fresh = segment.append();
            const bool has_key = assign_to_row(fresh, *query->model, assignments);
            return write::NewRow{.row = fresh, .knows_key = has_key};
        };
        auto row = insert_new(*query, call, fill, &writing);
        writing.commit();
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) run::forget_set(*set);
        return {std::move(row), true};
    } catch (const IntegrityError&) {
        // Another transaction created the row since: it is used. If there is none, the failure had another cause.
        const auto theirs = query::filtered(*query, conditions, false);
        auto found = QueryHandle(query::changed(*theirs, [](Query& q) { q.latest = true; })).first_for(call);
        if (found.get() == nullptr) throw;
        return {std::move(found), false};
    }
}

std::pair<RowHandle, bool> QueryHandle::update_or_create(std::vector<Expr> conditions, std::vector<Expr> defaults,
                                                         std::source_location where) const {
    return write_call_of(state_.get(), set_, [&]() -> std::pair<RowHandle, bool> {
        const auto query = this->query();
        const auto assigned = own_columns(*query->model, defaults);
        connection::Session session(query->db, {.name = "update_or_create", .model = query->model, .where = where});
        const auto attempt = [&](const QueryHandle& fresh, bool is_last) -> std::pair<RowHandle, bool> {
            connection::WriteTransaction writing(session);
            auto [row, created] = fresh.get_or_create_for(conditions, defaults, session.call());
            if (!created && !defaults.empty()) {
                assign_to_row(row.get(), *query->model, defaults);
                write::require_valid(*query->model, row.get());
                if (write::updates_in_one_statement(*query->model)) writing.expect_last();
                if (!update_as_read(session, *query->model, row.get(), assigned, is_last)) row = {};
            }
            writing.commit();
            return {std::move(row), created};
        };
        auto found = attempt(QueryHandle(query), false); // not from a loaded set: its rows may be old
        if (found.first.get() == nullptr) {              // another has deleted or written the row since it was read
            found = attempt(QueryHandle(query::changed(*query, [](Query& q) { q.latest = true; })), true);
        }
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) run::forget_set(*set);
        return found;
    });
}

std::int64_t QueryHandle::update(std::vector<Expr> assignments, std::source_location where) const {
    return write_call_of(state_.get(), set_, [&]() -> std::int64_t {
        const auto query = this->query();
        const auto resolved = resolve_assignments(*query, assignments);
        if (resolved.empty() || query->nothing) return 0;
        connection::Session session(query->db, {.name = "update", .model = query->model, .where = where});
        const auto changed = session.execute(sql::update_rows(*query, resolved, session.dialect()));
        write::note_count(session, ChangeKind::updated, *query->model, changed);
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) run::forget_set(*set);
        return changed;
    });
}

std::vector<RowHandle> QueryHandle::update_returning(std::vector<Expr> assignments, std::source_location where) const {
    return write_call_of(state_.get(), set_, [&]() -> std::vector<RowHandle> {
        const auto query = this->query();
        const auto resolved = resolve_assignments(*query, assignments);
        if (resolved.empty()) {
            throw ValueError("update_returning() was given nothing to update", {.model = query->model->name});
        }
        if (query->nothing) return {};
        const run::Evaluation evaluation(query->db);
        std::vector<RowHandle> handles;
        {
            connection::Session session(query->db, {.name = "update_returning", .model = query->model, .where = where});
            connection::WriteTransaction writing(session);
            const auto rows = write::update_and_read(session, *query, resolved, evaluation.graph());
            for (auto* row : rows) {
                handles.emplace_back(row);
                write::note_change(session, ChangeKind::updated, *query->model, row);
            }
            writing.commit();
        }
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) run::forget_set(*set);
        return handles;
    });
}

std::int64_t QueryHandle::remove(std::source_location where) const {
    return write_call_of(state_.get(), set_, [&]() -> std::int64_t {
        const auto query = this->query();
        query::require_unsliced(*query, "delete rows of");
        require_no_lock(*query, "delete rows of");
        write::require_writable(*query->model);
        if (query->nothing) return 0;
        connection::Session session(query->db, {.name = "remove", .model = query->model, .where = where});
        write::GenericChildren children(session, *query->model);
        children.remove_of(*query);
        const auto statement = sql::delete_rows(*query, session.dialect());
        children.expect_last();
        const auto removed = session.execute(statement);
        write::note_count(session, ChangeKind::deleted, *query->model, removed);
        children.commit();
        if (const auto* set = member_of(state_ != nullptr ? state_->set : set_)) run::forget_set(*set);
        return removed;
    });
}

} // namespace kith::detail
