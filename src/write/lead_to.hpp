#pragma once

#include <kith/detail/core/model_info.hpp>

namespace kith::write {

/// Makes the foreign key of `child` behind `relation`, the other end of one, refer to `owner`, which has its key.
void lead_to(void* child, const detail::RelationInfo& relation, void* owner);

} // namespace kith::write
