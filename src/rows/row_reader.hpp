#pragma once

#include "backend/backend.hpp"
#include "rows/graph.hpp"
#include "rows/known_rows.hpp"
#include "sql/select.hpp"

#include <optional>
#include <span>
#include <vector>

namespace kith::rows {

/// From cursor to segments: each result row becomes a row of the first part's model and the rows that select_related
/// joined to it. A forward relation that leads to a known row gets the row that was read the first time.
class RowReader final : private backend::RowSink {
public:
    /// `plan` must live as long as the reader. Segments are made in `graph`, below `owner` when the load is lazy.
    RowReader(Graph& graph, const sql::RowPlan& plan, FetchMode mode, Segment* owner, const Database* db = nullptr);

    /// Decodes the cursor's current row.
    void* read(backend::Cursor& cursor) {
        auto* row = first_->append();
        cursor.read(slots_, first_column_, row, *first_);
        if (is_unfinished_) finish_row(row, plan_.parts.front());
        if (!segments_.empty()) read_joined(cursor, row);
        return row;
    }
    /// Decodes the rows that follow, until `rows` holds `most`. False at the end of the data.
    bool read_on(backend::Cursor& cursor, std::vector<void*>& rows, std::size_t most = static_cast<std::size_t>(-1));
    /// To be called after the last row.
    void finish() noexcept;

    Segment& segment() const noexcept { return *first_; }

private:
    void* next_row() override;
    /// Completes a decoded row: marks of members that differ from a new row, and generic foreign keys.
    static void finish_row(void* row, const sql::RowPart& part);
    void read_joined(backend::Cursor& cursor, void* first);
    void read_part(backend::Cursor& cursor, std::size_t index);
    void* new_row(backend::Cursor& cursor, std::size_t index);

    const sql::RowPlan& plan_;
    // Empty if there is only one part:
    std::vector<Segment*> segments_;              // one per part
    std::vector<std::optional<KnownRows>> known_; // one per part; none for parts whose rows are not shared
    Segment* first_;
    std::span<const sql::ColumnSlot> slots_; // of the first part
    int first_column_;
    bool is_unfinished_;         // decoding leaves work to finish_row()
    std::vector<void*> current_; // the row just read for each part; null if the join found none or a known one
    std::vector<void*>* read_{nullptr};
};

/// Makes the other end of a one-to-one lead back to the row it was reached from, unless it is loaded already.
void publish_inverse(const detail::RelationInfo& relation, void* target, void* source) noexcept;

} // namespace kith::rows
