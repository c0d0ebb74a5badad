#include "rows/row_reader.hpp"

#include "rows/to_one.hpp"
#include "rows/value_mark.hpp"

namespace kith::rows {

namespace {

void mark_values(void* row, const sql::RowPart& part) noexcept {
    for (const auto* field : part.left_out) mark_of(row, *field).set_there(false);
    for (const auto* field : part.computed) mark_of(row, *field).set_there(true);
}

}  // namespace

RowReader::RowReader(Graph& graph, const sql::RowPlan& plan, FetchMode mode, Segment* owner)
    : plan_(plan), current_(plan.parts.size()) {
    segments_.reserve(plan.parts.size());
    for (const auto& part : plan.parts) {
        segments_.push_back(&graph.new_segment(*part.model, mode, owner));
    }
}

void* RowReader::read(backend::Cursor& cursor) {
    const auto& main = plan_.parts.front();
    auto* row = segments_.front()->append();
    cursor.read(main.slots, main.first_column, row, *segments_.front());
    mark_values(row, main);
    current_.front() = row;
    for (std::size_t part = 1; part < plan_.parts.size(); ++part) read_joined(cursor, part);
    return row;
}

void RowReader::read_joined(backend::Cursor& cursor, std::size_t index) {
    const auto& part = plan_.parts[index];
    auto* source = current_[part.parent];
    current_[index] = nullptr;
    if (source == nullptr) return;
    auto& member = state_of(source, *part.relation->field);
    if (cursor.is_null(part.key_column)) {
        if (!is_loaded(member)) publish_row(member, nullptr);
        return;
    }
    auto* row = segments_[index]->append();
    cursor.read(part.slots, part.first_column, row, *segments_[index]);
    mark_values(row, part);
    current_[index] = row;
    publish_row(member, row);
    publish_inverse(*part.relation, row, source);
}

void RowReader::finish() noexcept {
    for (auto* segment : segments_) segment->finish();
}

void publish_inverse(const detail::RelationInfo& relation, void* target, void* source) noexcept {
    if (relation.inverse == nullptr || !detail::is_to_one(relation.inverse->kind)) return;
    auto& back = state_of(target, *relation.inverse);
    if (!is_loaded(back)) publish_row(back, source);
}

}  // namespace kith::rows
