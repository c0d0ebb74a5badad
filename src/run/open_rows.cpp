#include "run/open_rows.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kith::run {

namespace {

using detail::FieldInfo;
using detail::ModelInfo;

/// The member for a column of a raw statement: by the name of its column, annotations by their own name.
const FieldInfo* member_for(const ModelInfo& model, const std::string& column) {
    for (const auto& field : model.fields) {
        const bool is_annotation = field.kind == detail::MemberKind::annotation;
        if ((is_annotation ? field.name : field.column) == column) return &field;
    }
    return nullptr;
}

[[noreturn]] void refuse(const detail::Query& query, const std::string& why) {
    throw ValueError(fmt::format("the raw statement for {} {}", query.model->name, why),
                     {.model = query.model->name, .sql = query.raw->text});
}

/// The members of the result columns, and the members without one.
sql::RowPart part_of(const detail::Query& query, const std::vector<std::string>& names) {
    const auto& model = *query.model;
    sql::RowPart part{.model = &model};
    for (const auto& name : names) {
        const auto* field = member_for(model, name);
        if (field == nullptr) {
            refuse(query, fmt::format("has a column \"{}\" that belongs to no member: rename it with AS to the column "
                                      "of a member or to an Annotation, or leave it out",
                                      name));
        }
        const auto seen = [&](const sql::ColumnSlot& slot) { return slot.field == field; };
        if (std::ranges::any_of(part.slots, seen)) refuse(query, fmt::format("has the column \"{}\" twice", name));
        if (field->kind == detail::MemberKind::annotation) part.computed.push_back(field);
        part.slots.push_back(sql::slot_of(*field));
    }
    for (const auto* field : model.columns) {
        if (std::ranges::find(part.slots, field, &sql::ColumnSlot::field) != part.slots.end()) continue;
        if (!field->lazy) {
            refuse(query, fmt::format("must include the column \"{}\"{}: only kith::Lazy columns can be left out",
                                      field->column, field->primary_key ? " (the primary key)" : ""));
        }
        part.left_out.push_back(field);
    }
    return part;
}

} // namespace

sql::Select main_select(const detail::Query& query, const connection::Session& session) {
    if (query.raw == nullptr) return session.select_rows(query);
    return {
        .statement = {.text = query.raw->text, .binds = {query.raw->parameters.begin(), query.raw->parameters.end()}}};
}

void complete(sql::Select& select, const detail::Query& query, backend::Cursor& cursor) {
    if (query.raw == nullptr) return;
    auto plan = std::make_shared<sql::RowPlan>();
    plan->parts.push_back(part_of(query, cursor.column_names()));
    select.plan = std::move(plan);
}

std::unique_ptr<backend::Cursor> stream_rows(connection::Session& session, const detail::Query& query,
                                             std::shared_ptr<const sql::RowPlan>& plan, std::size_t batch) {
    auto select = main_select(query, session);
    auto cursor = session.stream(select.statement, batch);
    complete(select, query, *cursor);
    plan = std::move(select.plan);
    return cursor;
}

} // namespace kith::run
