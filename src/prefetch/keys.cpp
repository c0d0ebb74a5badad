#include "prefetch/keys.hpp"

#include "rows/key_index.hpp"
#include "rows/page.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

namespace kith::prefetch {

using detail::ColumnType;
using detail::Value;
using rows::state_of;

/// Takes the parents one by one and numbers their keys.
class KeyCollector {
public:
    KeyCollector(std::span<const FieldInfo* const> source, const FieldInfo& slot, std::span<void* const> parents,
                 std::vector<void*>& without_key)
        : source_(*source.front()), columns_(source), slot_(slot), given_(parents), without_key_(without_key) {
        result_.keys_ = std::make_shared<sql::KeySet>(source | std::views::transform(&FieldInfo::type));
        integers_ = &result_.keys_->column(0).integers;
        values_ = &result_.keys_->column(0).values;
        if (!detail::is_integer(source_.type)) return;
        const bool are_distinct = columns_.size() == 1 && source_.primary_key;
        integers_->reserve(are_distinct ? parents.size() : std::min<std::size_t>(parents.size(), 1024));
    }

    ParentKeys collect() && {
        const bool plain = rows::is_plain_integer(source_);
        if (columns_.size() > 1) {
            take_composite();
        } else if (plain && detail::is_relation(source_.kind)) {
            each([&](std::size_t i) { take_foreign_key(i); });
        } else if (plain) {
            each([&](std::size_t i) { take(i, number(rows::plain_integer(given_[i], source_))); });
        } else {
            each([&](std::size_t i) { take_value(i); });
        }
        sort();
        result_.parents_ = taken_ == given_.size() ? given_ : std::span<void* const>(result_.chosen_);
        return std::move(result_);
    }

private:
    template <class Take>
    void each(const Take& take_one) {
        for (std::size_t i = 0; i < given_.size(); ++i) {
            const auto& member = state_of(given_[i], slot_);
            if (!rows::is_loaded(member)) {
                take_one(i);
                continue;
            }
            pass_over(i);
            if (!rows::is_null_key(member)) result_.are_all_ = false;
        }
    }

    void take_foreign_key(std::size_t i) {
        const auto& member = state_of(given_[i], source_);
        if (rows::is_null_key(member)) return leave_without_key(i);
        take(i, number(rows::plain_integer(given_[i], source_)));
    }
    void take_value(std::size_t i) {
        auto key = rows::read_value(given_[i], source_);
        if (detail::is_null(key)) return leave_without_key(i);
        take(i, detail::is_integer(source_.type) ? number(detail::integer_bits(key)) : number(std::move(key)));
    }
    void take_composite() {
        rows::CompositeIndex index;
        each([&](std::size_t i) {
            auto key = rows::read_values(given_[i], columns_);
            if (rows::leads_to_null(key)) return leave_without_key(i);
            const auto known = index.size();
            const auto found = index.insert(key);
            if (found == known) result_.keys_->add(std::move(key));
            take(i, found);
        });
    }
    void leave_without_key(std::size_t i) {
        pass_over(i);
        without_key_.push_back(given_[i]);
    }

    // Both are called for each parent, from three loops that are otherwise small.
    /// Ascending integers, which is how most parents arrive, need no index: each is new.
    [[gnu::always_inline]] std::uint32_t number(std::int64_t key) {
        if (!index_) {
            if (integers_->empty() || key > integers_->back()) {
                integers_->push_back(key);
                return static_cast<std::uint32_t>(integers_->size() - 1);
            }
            if (key == integers_->back()) return static_cast<std::uint32_t>(integers_->size() - 1);
            begin_index();
        }
        const auto found = index_->insert(key);
        if (found == integers_->size()) integers_->push_back(key);
        return found;
    }
    void begin_index() {
        index_.emplace();
        for (const auto earlier : *integers_) index_->insert(earlier);
    }
    std::uint32_t number(Value key) {
        if (!index_) index_.emplace();
        const auto found = index_->insert(key);
        if (found == values_->size()) values_->push_back(std::move(key));
        return found;
    }

    /// Ordinals and parents are stored only from the first one on that differs from its index.
    [[gnu::always_inline]] void take(std::size_t i, std::uint32_t ordinal) {
        if (result_.ordinals_.empty() && ordinal != taken_) write_ordinals();
        if (!result_.ordinals_.empty()) result_.ordinals_.push_back(ordinal);
        if (taken_ != i) result_.chosen_.push_back(given_[i]);
        ++taken_;
    }
    void write_ordinals() {
        result_.ordinals_.reserve(given_.size());
        for (std::uint32_t ordinal = 0; ordinal < taken_; ++ordinal) result_.ordinals_.push_back(ordinal);
    }
    void pass_over(std::size_t i) {
        if (taken_ == i) result_.chosen_.assign(given_.begin(), given_.begin() + static_cast<std::ptrdiff_t>(i));
    }

    /// Databases find keys fastest in ascending order.
    void sort() {
        if (!index_ || integers_->empty()) return;
        const auto ranks = index_->sort(*integers_);
        if (ranks.empty()) return;
        if (result_.ordinals_.empty()) write_ordinals();
        for (auto& ordinal : result_.ordinals_) ordinal = ranks[ordinal];
    }

    const FieldInfo& source_;
    std::span<const FieldInfo* const> columns_;
    const FieldInfo& slot_;
    std::span<void* const> given_;
    std::vector<void*>& without_key_;
    std::vector<std::int64_t>* integers_;
    std::vector<Value>* values_;
    std::optional<rows::KeyIndex> index_;
    std::size_t taken_{0};
    ParentKeys result_{};
};

ParentKeys collect_keys(const detail::RelationInfo& relation, const FieldInfo& slot, std::span<void* const> parents,
                        std::vector<void*>& without_key) {
    return KeyCollector(relation.source_columns, slot, parents, without_key).collect();
}

} // namespace kith::prefetch
