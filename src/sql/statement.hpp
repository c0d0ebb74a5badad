#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <kith/detail/value.hpp>

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
        std::vector<std::int64_t> integers{};  ///< for integer types
        std::vector<Value> values{};           ///< for all others
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
    /// `count` keys from `first` on, at most up to the end; of one column.
    KeySet part(std::size_t first, std::size_t count) const {
        const auto cut = [&](const auto& all, auto& some) {
            const auto begin = std::min(first, all.size());
            const auto at = all.begin() + static_cast<std::ptrdiff_t>(begin);
            some.assign(at, at + static_cast<std::ptrdiff_t>(std::min(count, all.size() - begin)));
        };
        KeySet keys(std::span(&columns_.front().type, 1));
        cut(columns_.front().integers, keys.columns_.front().integers);
        cut(columns_.front().values, keys.columns_.front().values);
        return keys;
    }
    /// Adds a key to a set of one column. What no integer column can hold (2.5, 2^63) equals nothing in it: left out.
    void add(Value key) {
        auto& column = columns_.front();
        if (!detail::is_integer(column.type)) {
            column.values.push_back(std::move(key));
        } else if (const auto* number = std::get_if<std::int64_t>(&key)) {
            column.integers.push_back(*number);
        }
    }

private:
    std::vector<Column> columns_;
};

/// A parameter: one value, or a whole set of keys.
using Bind = std::variant<Value, std::shared_ptr<const KeySet>>;

/// A statement ready to run. Values never stand in the text.
struct Statement {
    std::string text{};
    std::vector<Bind> binds{};
};

}  // namespace kith::sql
