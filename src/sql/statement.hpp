#pragma once

#include "base/few.hpp"
#include "sql/statement_text.hpp"

#include <kith/detail/core/value_access.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kith::detail {
struct FieldInfo;
}

namespace kith::sql {

using detail::ColumnType;
using detail::Value;

/// Whether keys of `type` are held as the integers that they are: not those of 64 bits without a sign.
constexpr bool is_signed_integer(ColumnType type) { return detail::is_integer(type) && type != ColumnType::uint64; }

/// Consecutive integers, the first and the last included; fewer than 2^63.
struct KeyRun {
    std::int64_t first{};
    std::int64_t last{};

    std::uint64_t size() const noexcept { return static_cast<std::uint64_t>(last - first) + 1; }
};

/// A set of keys, sent as one parameter however many there are. Key `i` has the ordinal `i + 1`, because SQL counts
/// from 1. If keys that are equal in SQL may differ in bytes, the ordinal is returned with every row that matched the
/// key; otherwise the key itself is (Dialect::matches_by_key).
class KeySet {
public:
    struct Column {
        ColumnType type{};
        std::vector<std::int64_t> integers{}; ///< for integer types; the bits for ColumnType::uint64
        std::vector<Value> values{};          ///< for all others

        friend bool operator==(const Column&, const Column&) = default;
    };

    template <std::ranges::input_range Types = std::span<const ColumnType>>
        requires std::convertible_to<std::ranges::range_value_t<Types>, ColumnType>
    explicit KeySet(const Types& types) {
        for (const auto type : types) columns_.add({.type = type});
    }

    std::size_t size() const noexcept {
        const auto& first = columns().front();
        if (!detail::is_integer(first.type)) return first.values.size();
        return first.integers.empty() ? numbers_in_runs() : first.integers.size();
    }
    std::span<const Column> columns() const noexcept { return columns_.all(); }
    Column& column(std::size_t i) { return columns_.all()[i]; }
    /// At most `count` keys from `first` on.
    KeySet part(std::size_t first, std::size_t count) const {
        const auto cut = [&](const auto& all, auto& some) {
            const auto begin = std::min(first, all.size());
            const auto at = all.begin() + static_cast<std::ptrdiff_t>(begin);
            some.assign(at, at + static_cast<std::ptrdiff_t>(std::min(count, all.size() - begin)));
        };
        KeySet keys({});
        for (const auto& column : columns()) {
            auto& some = keys.columns_.add({.type = column.type});
            cut(column.integers, some.integers);
            cut(column.values, some.values);
        }
        return keys;
    }
    /// What is sent behind the keys to fill the set: the last key once more, where each row is returned once, or NULL,
    /// which equals nothing.
    enum class Filling : std::uint8_t { last_key, null };
    /// The same keys, to be sent as at least `count`.
    KeySet filled_to(std::size_t count, Filling with) const {
        auto keys = *this;
        keys.filled_to_ = count;
        keys.filling_ = with;
        return keys;
    }
    /// How often `filling()` is sent behind the keys.
    std::size_t fillings() const noexcept { return size() == 0 ? 0 : std::max(filled_to_, size()) - size(); }
    Filling filling() const noexcept { return filling_; }
    /// Whether the keys are those of `other`, without what fills them.
    bool has_the_keys_of(const KeySet& other) const { return columns_ == other.columns_; }
    /// Sends these runs of integers instead of the keys, which all lie in them. If other integers do too, rows come
    /// back that belong to no key; otherwise the runs say which the keys are, and the keys are let go.
    void send_as(std::vector<KeyRun> runs) {
        runs_ = std::move(runs);
        if (!has_holes()) column(0).integers = std::vector<std::int64_t>(); // `= {}` would keep the memory
    }
    /// Empty if the keys are sent themselves.
    std::span<const KeyRun> runs() const noexcept { return runs_; }
    /// Whether the runs contain integers that are no keys.
    bool has_holes() const noexcept { return numbers_in_runs() > size(); }
    /// Adds a key to a set of one column. A value that no column of its type can hold (2.5, or 2^63 if it is signed)
    /// equals nothing there and is left out.
    void add(Value key) {
        auto& column = this->column(0);
        if (!detail::is_integer(column.type)) {
            column.values.push_back(std::move(key));
        } else if (fits(column.type, key)) {
            column.integers.push_back(detail::integer_bits(key));
        }
    }

    /// Adds a key of one value per column.
    void add(std::vector<Value> key) {
        for (std::size_t i = 0; i < key.size(); ++i) {
            auto& column = this->column(i);
            if (detail::is_integer(column.type)) {
                column.integers.push_back(detail::integer_bits(key[i]));
            } else {
                column.values.push_back(std::move(key[i]));
            }
        }
    }
    /// One column as a set of its own, which keeps the ordinals.
    KeySet only(std::size_t column) const {
        KeySet set({});
        set.columns_.add(columns()[column]);
        set.filled_to_ = filled_to_;
        set.filling_ = filling_;
        return set;
    }

private:
    std::uint64_t numbers_in_runs() const noexcept {
        std::uint64_t numbers = 0;
        for (const auto& run : runs_) numbers += run.size();
        return numbers;
    }

    static bool fits(ColumnType type, const Value& key) {
        if (std::holds_alternative<std::uint64_t>(key)) return type == ColumnType::uint64;
        const auto* number = std::get_if<std::int64_t>(&key);
        return number != nullptr && (type != ColumnType::uint64 || *number >= 0);
    }

    base::Few<Column> columns_;
    std::size_t filled_to_{0};
    Filling filling_{};
    std::vector<KeyRun> runs_{};
};

/// The marks of a set of keys in the text of a statement.
struct KeyMarks {
    struct Part {
        std::string before{};               ///< the number of keys in the parts before; empty if there is only one part
        std::vector<std::string> columns{}; ///< one for all keys of the part, or one for each of their columns
    };
    std::vector<Part> parts{};
};

/// A parameter: one value, or a whole set of keys.
using Bind = std::variant<Value, std::shared_ptr<const KeySet>>;

/// A statement ready to run. Its text never contains values.
struct Statement {
    StatementText text{};
    std::vector<Bind> binds{};
    /// Parallel to the binds: the column that each is stored in, null if it is not stored. Empty if none is.
    std::vector<const detail::FieldInfo*> stored{};
    /// Whether planning it for these values gains more than it costs.
    bool plan_for_values{false};
    /// The table, a model's or a join table's, whose rows it returns or changes; empty if there is not exactly one.
    std::string_view table{};
    /// Whether it reads for a call that writes, which counts the rows itself.
    bool belongs_to_write{false};
};

} // namespace kith::sql
