#pragma once

#include <kith/detail/core/model_info.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

/// What the columns of a result are.
namespace kith::sql {

/// Where one result column goes. Built once per statement from a ModelInfo; decoding loops over these.
struct ColumnSlot {
    detail::ColumnType type{};
    std::uint32_t offset{0};                     ///< from the start of the row
    bool to_one{false};                          ///< writes the key of a to-one RelationState rather than a value
    const detail::ColumnAccess* access{nullptr}; ///< of optional members
    const detail::EnumTable* names{nullptr};     ///< of ColumnType::enumeration
    const detail::FieldInfo* field{nullptr};     ///< for messages: NULL in Person.name, 300 in an 8-bit Person.age

    /// Whether the member can hold NULL.
    bool takes_null() const noexcept {
        if (to_one) return field == nullptr || field->nullable;
        if (access == nullptr) return false;
        const bool is_member = field != nullptr && access == field->access;
        return !is_member || field->nullable || field->server_default;
    }
};

/// The slot of a column, or of an annotation.
inline ColumnSlot slot_of(const detail::FieldInfo& field) {
    return {.type = field.member_type(),
            .offset = field.offset,
            .to_one = field.relation != nullptr,
            .access = field.access,
            .names = field.names,
            .field = &field};
}

/// The columns of a result that make up one row of one model. The first part is the requested row; select_related
/// joined the others.
struct RowPart {
    const detail::ModelInfo* model{nullptr};
    std::vector<ColumnSlot> slots{};
    int first_column{0};
    std::vector<int> key_columns{};                   ///< the columns of the primary key; at least one
    std::size_t parent{0};                            ///< the part whose member leads here
    const detail::RelationInfo* relation{nullptr};    ///< null for the first part
    std::vector<const detail::FieldInfo*> left_out{}; ///< Lazy columns without a slot
    std::vector<const detail::FieldInfo*> computed{}; ///< annotations with a slot
};

/// What the columns of a SELECT are.
struct RowPlan {
    std::vector<RowPart> parts{};
    int matched_column{0}; ///< with a key set: the column that identifies the key of a row (see select_related_rows)
};

} // namespace kith::sql
