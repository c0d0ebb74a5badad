#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "query/query.hpp"
#include "sql/statement.hpp"

namespace kith::prefetch {

/// The parents whose member is still to be loaded, and the distinct keys by which their related rows are found.
/// Parents with equal keys share an ordinal.
struct ParentKeys {
    std::vector<void*> parents{};
    std::vector<std::uint32_t> ordinals{};  ///< per parent; its key's place in `keys`
    std::shared_ptr<sql::KeySet> keys{};
    std::size_t size() const noexcept { return keys->size(); }
};

/// Goes over `parents` once. Members that are loaded are passed over; those with a null key become loaded as empty
/// (`without_key` collects them).
ParentKeys collect_keys(const detail::RelationInfo& relation, const detail::FieldInfo& slot,
                        std::span<void* const> parents, std::vector<void*>& without_key);

}  // namespace kith::prefetch
