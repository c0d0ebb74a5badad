#pragma once

#include "rows/key_index.hpp"
#include "sql/statement.hpp"

#include <kith/detail/core/lookup_spec.hpp>
#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/value_access.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace kith::write {

/// Distinct keys, for one parameter.
class DistinctKeys {
public:
    explicit DistinctKeys(const detail::FieldInfo& field)
        : field_(field), keys_(std::make_shared<sql::KeySet>(std::span(&field.type, 1))) {}
    /// The keys of `rows`, the members of a set that are given to the member `set`. Throws ValueError naming `action`
    /// for a row that was never saved, and for an empty Ref.
    DistinctKeys(const detail::FieldInfo& field, std::span<const detail::RowOrKey> rows, const detail::FieldInfo& set,
                 const char* action);

    void add(detail::Value key) {
        if (index_.insert(key) == keys_->size()) keys_->add(std::move(key));
    }
    bool contains(const detail::Value& key) const { return index_.find(key) != rows::IntegerIndex::none; }
    bool empty() const { return keys_->size() == 0; }
    std::size_t size() const { return keys_->size(); }
    const std::shared_ptr<sql::KeySet>& get() const { return keys_; }
    detail::Value at(std::size_t i) const {
        const auto& column = keys_->columns().front();
        return detail::is_integer(field_.type) ? detail::integer_value(field_.type, column.integers[i])
                                               : column.values[i];
    }

private:
    const detail::FieldInfo& field_;
    rows::KeyIndex index_;
    std::shared_ptr<sql::KeySet> keys_;
};

} // namespace kith::write
