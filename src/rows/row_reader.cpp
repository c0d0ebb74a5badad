#include "rows/row_reader.hpp"

#include "rows/generic_key.hpp"
#include "rows/relation_state.hpp"
#include "rows/value_mark.hpp"

#include <utility>

namespace kith::rows {

namespace {

/// Whether several rows can lead to the same row of `part`: the other end of a one-to-one belongs to one row alone.
std::optional<KnownRows> known_rows_of(const sql::RowPart& part) {
    const bool shared = part.relation != nullptr && part.relation->forward && !part.model->primary_key.empty();
    return shared ? std::optional<KnownRows>(std::in_place, *part.model, part.key_columns) : std::nullopt;
}

bool needs_finish(const sql::RowPart& part) {
    return !part.left_out.empty() || !part.computed.empty() || !part.model->generic_keys.empty();
}

} // namespace

RowReader::RowReader(Graph& graph, const sql::RowPlan& plan, FetchMode mode, Segment* owner, const Database* db)
    : plan_(plan),
      slots_(plan.parts.front().slots),
      first_column_(plan.parts.front().first_column),
      is_unfinished_(needs_finish(plan.parts.front())) {
    first_ = &graph.new_segment(*plan.parts.front().model, mode, owner, db);
    if (plan.parts.size() == 1) return;
    current_.resize(plan.parts.size());
    segments_.push_back(first_);
    for (const auto& part : std::span(plan.parts).subspan(1)) {
        segments_.push_back(&graph.new_segment(*part.model, mode, owner, db));
    }
    known_.reserve(plan.parts.size());
    for (const auto& part : plan.parts) known_.push_back(known_rows_of(part));
}

bool RowReader::read_on(backend::Cursor& cursor, std::vector<void*>& rows, std::size_t most) {
    if (rows.capacity() == 0) rows.reserve(16); // most loads are small
    auto* loop = segments_.empty() && !is_unfinished_ ? cursor.row_loop() : nullptr;
    if (loop != nullptr) {
        read_ = &rows;
        auto count = rows.size();
        return loop->read_rows(slots_, first_column_, *this, *first_, most, count);
    }
    while (rows.size() < most) {
        if (!cursor.next()) return false;
        rows.push_back(read(cursor));
    }
    return true;
}

void* RowReader::next_row() { return read_->emplace_back(first_->append()); }

void RowReader::finish_row(void* row, const sql::RowPart& part) {
    for (const auto* field : part.left_out) mark_of(row, *field).set_there(false);
    for (const auto* field : part.computed) mark_of(row, *field).set_there(true);
    settle_generic_keys(row, *part.model);
}

void RowReader::read_joined(backend::Cursor& cursor, void* first) {
    current_.front() = first;
    for (std::size_t part = 1; part < plan_.parts.size(); ++part) read_part(cursor, part);
}

void RowReader::read_part(backend::Cursor& cursor, std::size_t index) {
    const auto& part = plan_.parts[index];
    auto* source = current_[part.parent];
    current_[index] = nullptr;
    if (source == nullptr) return;
    auto& member = state_of(source, *part.relation->field);
    if (is_loaded(member)) return; // its key is NULL
    if (cursor.is_null(part.key_columns.front())) {
        publish_row(member, nullptr);
        return;
    }
    auto& known = known_[index];
    auto* row = known ? known->find(cursor) : nullptr;
    if (row == nullptr) {
        row = new_row(cursor, index);
        if (known) known->remember(row);
        // A known row has the parts behind it already, so only a new one is current.
        current_[index] = row;
    }
    publish_row(member, row);
    publish_inverse(*part.relation, row, source);
}

void* RowReader::new_row(backend::Cursor& cursor, std::size_t index) {
    const auto& part = plan_.parts[index];
    auto* row = segments_[index]->append();
    cursor.read(part.slots, part.first_column, row, *segments_[index]);
    for (const auto& [slot, column] : part.shared) cursor.read(std::span(&slot, 1), column, row, *segments_[index]);
    finish_row(row, part);
    return row;
}

void RowReader::finish() noexcept {
    first_->finish();
    for (std::size_t i = 1; i < segments_.size(); ++i) segments_[i]->finish();
}

void publish_inverse(const detail::RelationInfo& relation, void* target, void* source) noexcept {
    if (relation.inverse == nullptr || !detail::is_to_one(relation.inverse->kind)) return;
    auto& back = state_of(target, *relation.inverse);
    if (!is_loaded(back)) publish_row(back, source);
}

} // namespace kith::rows
