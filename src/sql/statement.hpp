#pragma once

#include <kith/detail/core/value.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
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

/// A set of keys, sent as one parameter however many there are. Key `i` has the ordinal `i + 1`, for SQL counts from 1.
/// Where equal in SQL need not be equal in bytes, the ordinal comes back with every row that matched the key; elsewhere
/// the key itself does (Dialect::matches_by_key).
class KeySet {
public:
    struct Column {
        ColumnType type{};
        std::vector<std::int64_t> integers{}; ///< for integer types; of ColumnType::uint64 the bits
        std::vector<Value> values{};          ///< for all others
    };

    explicit KeySet(std::span<const ColumnType> types) {
        for (const auto type : types) columns_.push_back({.type = type});
    }

    std::size_t size() const noexcept {
        const auto& first = columns_.front();
        return detail::is_integer(first.type) ? first.integers.size() : first.values.size();
    }
    std::span<const Column> columns() const noexcept { return columns_; }
    Column& column(std::size_t i) { return columns_[i]; }
    /// `count` keys from `first` on, at most up to the end.
    KeySet part(std::size_t first, std::size_t count) const {
        const auto cut = [&](const auto& all, auto& some) {
            const auto begin = std::min(first, all.size());
            const auto at = all.begin() + static_cast<std::ptrdiff_t>(begin);
            some.assign(at, at + static_cast<std::ptrdiff_t>(std::min(count, all.size() - begin)));
        };
        KeySet keys({});
        for (const auto& column : columns_) {
            auto& some = keys.columns_.emplace_back(Column{.type = column.type});
            cut(column.integers, some.integers);
            cut(column.values, some.values);
        }
        return keys;
    }
    /// Adds a key to a set of one column. What no column of its type can hold (2.5, or 2^63 where it is signed) equals
    /// nothing in it: left out.
    void add(Value key) {
        auto& column = columns_.front();
        if (!detail::is_integer(column.type)) {
            column.values.push_back(std::move(key));
        } else if (fits(column.type, key)) {
            column.integers.push_back(detail::integer_bits(key));
        }
    }

    /// Adds a key to a set of as many columns.
    void add(std::vector<Value> key) {
        for (std::size_t i = 0; i < key.size(); ++i) {
            auto& column = columns_[i];
            if (detail::is_integer(column.type)) {
                column.integers.push_back(detail::integer_bits(key[i]));
            } else {
                column.values.push_back(std::move(key[i]));
            }
        }
    }
    /// One column of it as a set of its own, which keeps the ordinals.
    KeySet only(std::size_t column) const {
        KeySet set({});
        set.columns_.push_back(columns_[column]);
        return set;
    }

private:
    static bool fits(ColumnType type, const Value& key) {
        if (std::holds_alternative<std::uint64_t>(key)) return type == ColumnType::uint64;
        const auto* number = std::get_if<std::int64_t>(&key);
        return number != nullptr && (type != ColumnType::uint64 || *number >= 0);
    }

    std::vector<Column> columns_;
};

/// What stands for a set of keys in the text of a statement.
struct KeyMarks {
    struct Part {
        std::string before{}; ///< the number of keys in the parts before; empty where there is one part alone
        std::vector<std::string> columns{}; ///< all keys of the part, or one for each of their columns
    };
    std::vector<Part> parts{};
};

/// A parameter: one value, or a whole set of keys.
using Bind = std::variant<Value, std::shared_ptr<const KeySet>>;

/// A statement ready to run. Values never stand in the text.
struct Statement {
    std::string text{};
    std::vector<Bind> binds{};
    /// In step with the binds, the columns that they are stored in: null for those that are not. Empty where none is.
    std::vector<const detail::FieldInfo*> stored{};
    /// Whose rows it gives or changes, a model's or a join table's; empty where that is not one.
    std::string_view table{};
};

} // namespace kith::sql
