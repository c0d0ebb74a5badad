#include "run/values.hpp"

#include "backend/doubt.hpp"
#include "connection/write_call.hpp"
#include "query/refine.hpp"
#include "query/resolve.hpp"
#include "run/execute.hpp"
#include "run/query_state.hpp"
#include "sql/select.hpp"

#include <kith/aggregate.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/raw.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::run {

std::vector<sql::ColumnSlot> slots_for(std::span<const detail::ValueTarget> targets) {
    std::vector<sql::ColumnSlot> slots;
    for (const auto& target : targets) {
        slots.push_back({.type = target.type,
                         .offset = static_cast<std::uint32_t>(target.offset),
                         .access = target.access,
                         .names = target.names});
    }
    return slots;
}

Aggregating::Aggregating(const detail::Query& query, std::span<const detail::AnyAggregate* const> aggregates,
                         std::span<const detail::ValueTarget> targets) {
    for (const auto* aggregate : aggregates) resolved_.push_back(query::resolve_aggregate(query, aggregate->expr()));
    slots_ = slots_for(targets);
    for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i].field = resolved_[i].path.column;
}

sql::Statement Aggregating::statement(const detail::Query& query, const sql::Dialect& dialect) const {
    return sql::select_aggregates(query, resolved_, dialect);
}

void Aggregating::read(backend::Cursor& cursor, void* values) const {
    NoKeys keys;
    while (cursor.next()) cursor.read(slots_, 0, values, keys);
}

std::int64_t sole_integer(backend::Cursor& cursor) {
    const auto number = cursor.next() ? cursor.integer(0) : 0;
    while (cursor.next()) {} // to the end, so that observers see the statement complete
    return number;
}

} // namespace kith::run

namespace kith::detail {

using run::NoKeys;
using run::slots_for;

void QueryHandle::values(std::span<const ValueTarget> targets, void* (*append)(void* list), void* list,
                         std::source_location where) const {
    const auto query = this->query();
    std::vector<query::ColumnPath> paths;
    for (const auto& target : targets) paths.push_back(query::resolve_column(*query, target.path));
    if (query->nothing) return;
    run::require_block(*query);
    auto slots = slots_for(targets);
    for (std::size_t i = 0; i < slots.size(); ++i) slots[i].field = paths[i].column;
    NoKeys keys;
    connection::Session session(query->db, {.name = "values_list", .model = query->model, .where = where});
    const auto cursor = session.query(sql::select_values(*query, paths, session.dialect()));
    while (cursor->next()) cursor->read(slots, 0, append(list), keys);
}

void QueryHandle::aggregate(std::initializer_list<const AnyAggregate*> aggregates, std::span<const ValueTarget> targets,
                            void* values, std::source_location where) const {
    const auto query = this->query();
    const run::Aggregating aggregating(*query, {aggregates.begin(), aggregates.size()}, targets);
    if (query->nothing) return;
    connection::Session session(query->db, {.name = "aggregate", .model = query->model, .where = where});
    const auto cursor = session.query(aggregating.statement(*query, session.dialect()));
    aggregating.read(*cursor, values);
}

void QueryHandle::groups(const GroupSpec& spec, std::span<const ValueTarget> targets, void* (*append)(void* list),
                         void* list, std::source_location where) const {
    const auto query = this->query();
    query::require_unsliced(*query, "group the rows of");
    if (query->distinct || query->raw != nullptr) {
        throw ValueError("group_by() takes the rows of a table: it does not go with distinct() and raw()",
                         {.model = query->model->name});
    }
    query::Grouping grouping;
    auto slots = slots_for(targets);
    for (std::size_t i = 0; i < targets.size() - spec.aggregates.size(); ++i) {
        slots[i].field = grouping.values.emplace_back(query::resolve_column(*query, targets[i].path)).column;
    }
    for (const auto& aggregate : spec.aggregates) {
        grouping.aggregates.push_back(query::resolve_aggregate(*query, aggregate));
    }
    for (const auto& having : spec.having) grouping.having.push_back(query::resolve_having(*query, having));
    if (query->nothing) return;
    NoKeys keys;
    connection::Session session(query->db, {.name = "group_by", .model = query->model, .where = where});
    const auto cursor = session.query(sql::select_groups(*query, grouping, session.dialect()));
    while (cursor->next()) cursor->read(slots, 0, append(list), keys);
}

std::int64_t execute_raw(const Database& db, std::string_view sql, ValueList parameters, std::source_location where) {
    const auto values = std::move(parameters).take();
    return connection::write_call(db, [&] {
        connection::Session session(db, {.name = "raw", .where = where});
        return session.execute({.text = std::string(sql), .binds = {values.begin(), values.end()}});
    });
}

namespace {

void read_columns(backend::Cursor& cursor, const sql::Statement& raw, std::span<const ValueTarget> targets,
                  void* (*append)(void* list), void* list) {
    if (const auto names = cursor.column_names(); names.size() != targets.size()) {
        throw ValueError(fmt::format("the raw statement returns {} columns, but {} types were given for them",
                                     names.size(), targets.size()),
                         {.sql = raw.text});
    }
    const auto slots = slots_for(targets);
    NoKeys keys;
    while (cursor.next()) cursor.read(slots, 0, append(list), keys);
}

} // namespace

void read_raw(const Database& db, std::string_view sql, ValueList parameters, std::span<const ValueTarget> targets,
              void* (*append)(void* list), void* list, std::source_location where) {
    const auto values = std::move(parameters).take();
    // It may write: INSERT … RETURNING.
    connection::write_call(db, [&] {
        connection::Session session(db, {.name = "raw", .where = where});
        const sql::Statement statement{.text = std::string(sql), .binds = {values.begin(), values.end()}};
        const auto cursor = session.query(statement);
        try {
            read_columns(*cursor, statement, targets, append, list);
        } catch (const Error& e) {
            if (backend::returns_what_it_wrote(statement)) session.note_half_done(e);
            throw;
        }
    });
}

} // namespace kith::detail
