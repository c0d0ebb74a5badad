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

sql::Statement main_statement(const detail::Query& query, const sql::Dialect& dialect, sql::RowPlan& plan) {
    if (query.raw == nullptr) return sql::select_rows(query, dialect, plan);
    return {.text = query.raw->text, .binds = {query.raw->parameters.begin(), query.raw->parameters.end()}};
}

void complete(sql::RowPlan& plan, const detail::Query& query, backend::Cursor& cursor) {
    if (query.raw != nullptr) plan.parts.push_back(part_of(query, cursor.column_names()));
}

std::unique_ptr<backend::Cursor> stream_rows(connection::Session& session, const detail::Query& query,
                                             sql::RowPlan& plan, std::size_t batch) {
    auto cursor = session.stream(main_statement(query, session.dialect(), plan), batch);
    complete(plan, query, *cursor);
    return cursor;
}

} // namespace kith::run
