#pragma once

#include "backend/backend.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

/// The loops of a RowLoop, built from a cursor's operations on one row. `step` moves to the next row, and returns false
/// at the end.
namespace kith::backend {

/// `read(row)` decodes the current row into `row`.
template <class Step, class Read>
bool read_each_row(RowSink& sink, std::size_t most, std::size_t& count, const Step& step, const Read& read) {
    for (; count < most; ++count) {
        if (!step()) return false;
        read(sink.next_row());
    }
    return true;
}

/// `read(cells)` writes the first `columns` integers of the current row to `cells`.
template <class Step, class Read>
bool read_each_integer(int columns, std::span<std::int64_t> cells, std::size_t& count, const Step& step,
                       const Read& read) {
    auto* cell = cells.data();
    auto room = cells.size() / static_cast<std::size_t>(columns);
    for (count = 0; room > 0; --room, ++count, cell += columns) {
        if (!step()) return false;
        read(cell);
    }
    return true;
}

} // namespace kith::backend
