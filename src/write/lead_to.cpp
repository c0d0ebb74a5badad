#include "write/lead_to.hpp"

#include "rows/generic_key.hpp"
#include "rows/relation_state.hpp"

#include <kith/detail/core/to_one.hpp>

#include <string_view>

namespace kith::write {

void lead_to(void* child, const detail::RelationInfo& relation, void* owner) {
    const auto& back = *relation.inverse;
    const auto to_field = relation.source_columns.size() == 1 ? std::string_view(relation.source_columns.front()->name)
                                                              : std::string_view{};
    rows::clear_other_keys(child, back);
    detail::to_one_assign(rows::state_of(child, back), owner, to_field);
}

} // namespace kith::write
