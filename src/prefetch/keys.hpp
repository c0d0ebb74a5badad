#pragma once

#include "query/query.hpp"
#include "sql/statement.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace kith::prefetch {

using detail::FieldInfo;

/// The parents whose member is not loaded yet, and the distinct keys of their related rows.
class ParentKeys {
public:
    ParentKeys() = default;
    ParentKeys(const ParentKeys&) = delete;
    ParentKeys(ParentKeys&&) = default;
    ParentKeys& operator=(const ParentKeys&) = delete;
    ParentKeys& operator=(ParentKeys&&) = default;

    std::span<void* const> parents() const noexcept { return parents_; }
    /// The index in `keys` of the key of parent `i`. Parents with equal keys share it.
    std::uint32_t ordinal(std::size_t i) const noexcept {
        return ordinals_.empty() ? static_cast<std::uint32_t>(i) : ordinals_[i];
    }
    /// Whether parent `i` alone has key `i`.
    bool one_to_one() const noexcept { return ordinals_.empty(); }
    const std::shared_ptr<sql::KeySet>& keys() const noexcept { return keys_; }
    std::size_t size() const noexcept { return keys_->size(); }
    /// Whether no parent was skipped because its member leads to rows that were loaded before.
    bool are_all() const noexcept { return are_all_; }

private:
    friend class KeyCollector;

    std::vector<void*> chosen_{}; // if only some of the given rows are parents
    std::span<void* const> parents_{};
    std::vector<std::uint32_t> ordinals_{};
    std::shared_ptr<sql::KeySet> keys_{};
    bool are_all_{true};
};

/// Walks over `parents`, which the result may refer to. Members that are loaded are skipped; those with a null key are
/// collected in `without_key`.
ParentKeys collect_keys(const detail::RelationInfo& relation, const FieldInfo& slot, std::span<void* const> parents,
                        std::vector<void*>& without_key);

} // namespace kith::prefetch
