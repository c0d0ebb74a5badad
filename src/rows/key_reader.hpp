#pragma once

#include "backend/backend.hpp"
#include "rows/key_index.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

#include <kith/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace kith::rows {

/// Identifies the key that the current row belongs to, by a column that holds the ordinal of the key, or the key
/// itself.
class KeyReader {
public:
    /// `keys` must live as long as the reader.
    KeyReader(const sql::KeySet& keys, const sql::Dialect& dialect, int column = 0)
        : keys_(keys.columns().front()),
          column_(column),
          by_key_(!keys.runs().empty() || (keys.columns().size() == 1 && dialect.matches_by_key(keys_.type))),
          integer_(detail::is_integer(keys_.type)),
          runs_(keys.runs()),
          has_holes_(keys.has_holes()) {
        if (!runs_.empty()) run_ = runs_.front();
    }

    /// Whether the column holds integers.
    bool reads_integers() const noexcept { return !by_key_ || integer_; }

    static constexpr std::uint32_t no_key = IntegerIndex::none;

    /// The index of the key in its set; no_key if it is none, which only runs with holes return.
    std::uint32_t read(backend::Cursor& cursor) {
        if (reads_integers()) return read(cursor.integer(column_));
        return found(index().find(cursor.value(column_, keys_.type, nullptr)));
    }
    /// The same, from the integer in the column.
    std::uint32_t read(std::int64_t key) {
        if (!by_key_) return static_cast<std::uint32_t>(key - 1);
        if (!runs_.empty() && !has_holes_) return place_in_runs(key);
        // Rows of a statement that the keys drive come in key order: this key again, or the next one.
        const auto before = at_;
        for (const auto end = std::min(at_ + 2, keys_.integers.size()); at_ < end; ++at_) {
            if (keys_.integers[at_] == key) return static_cast<std::uint32_t>(at_);
        }
        const auto place = found(index().find(key));
        at_ = place != no_key ? place : before;
        return place;
    }

    /// The number of rows at the beginning of which row `i` belongs to key `i`, as all do if each key has one.
    /// `key_of(i)` is the integer in the column; the next row to read is the one behind them.
    template <class KeyOf>
    std::size_t pass_over_first(std::size_t rows, const KeyOf& key_of) {
        if (!by_key_ || !runs_.empty()) return 0;
        const auto most = std::min(rows, keys_.integers.size());
        std::size_t i = 0;
        while (i < most && keys_.integers[i] == key_of(i)) ++i;
        if (i != 0) at_ = i - 1;
        return i;
    }
    /// read() for the first of each two of `cells`.
    void read_pairs(std::span<const std::int64_t> cells, std::uint32_t* places) {
        if (!runs_.empty() && !has_holes_) {
            for (std::size_t i = 0; i < cells.size(); i += 2) *places++ = place_in_runs(cells[i]);
        } else {
            for (std::size_t i = 0; i < cells.size(); i += 2) *places++ = read(cells[i]);
        }
    }

private:
    std::uint32_t found(std::uint32_t place) const {
        if (place == no_key && !has_holes_)
            throw DatabaseError("The database returned a row for a key that was not requested");
        return place;
    }
    /// Without holes, all integers of the runs are keys.
    std::uint32_t place_in_runs(std::int64_t key) {
        if ((key < run_.first || key > run_.last) && !find_run(key)) return found(no_key);
        return static_cast<std::uint32_t>(before_run_ + static_cast<std::uint64_t>(key - run_.first));
    }
    [[gnu::noinline]] bool find_run(std::int64_t key) {
        std::uint64_t before = 0;
        for (const auto& run : runs_) {
            if (key >= run.first && key <= run.last) {
                run_ = run;
                before_run_ = before;
                return true;
            }
            before += run.size();
        }
        return false;
    }
    KeyIndex& index() {
        if (index_) return *index_;
        index_.emplace();
        for (const auto key : keys_.integers) index_->insert(key);
        for (const auto& key : keys_.values) index_->insert(key);
        return *index_;
    }

    const sql::KeySet::Column& keys_;
    int column_;
    bool by_key_;
    bool integer_;
    std::span<const sql::KeyRun> runs_;
    bool has_holes_;
    sql::KeyRun run_{}; // of the last key that was read, and the number of keys before it
    std::uint64_t before_run_{0};
    std::size_t at_{0};             // of the last key that was read
    std::optional<KeyIndex> index_; // made on demand
};

} // namespace kith::rows
