#include "write/distinct_keys.hpp"

#include "rows/row_value.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::write {

DistinctKeys::DistinctKeys(const detail::FieldInfo& field, std::span<const detail::RowOrKey> rows,
                           const detail::FieldInfo& set, const char* action)
    : DistinctKeys(field) {
    for (const auto& given : rows) {
        if (given.row == nullptr && detail::is_null(*given.key)) {
            throw ValueError(fmt::format("{} was given an empty Ref", set.label()),
                             {.model = set.model->name, .lookup = set.name});
        }
        add(given.row != nullptr ? rows::saved_key(given.row, field, action) : *given.key);
    }
}

} // namespace kith::write
