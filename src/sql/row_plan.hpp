#pragma once

#include <kith/detail/core/model_info.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
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

/// A value of a joined row that a column of the row before it holds already.
struct SharedColumn {
    ColumnSlot slot{};
    int column{0};
};

/// The columns of a result that make up one row of one model. The first part is the requested row; select_related
/// joined the others.
struct RowPart {
    const detail::ModelInfo* model{nullptr};
    std::vector<ColumnSlot> slots{};
    int first_column{0};
    std::vector<SharedColumn> shared{};               ///< what the slots leave out
    std::vector<int> key_columns{};                   ///< the columns of the primary key; at least one
    std::size_t parent{0};                            ///< the part whose member leads here
    const detail::RelationInfo* relation{nullptr};    ///< null for the first part
    std::vector<const detail::FieldInfo*> left_out{}; ///< Lazy columns without a slot
    std::vector<const detail::FieldInfo*> computed{}; ///< annotations with a slot

    /// Whether the row is read with `column` of its model.
    bool has(const detail::FieldInfo& column) const {
        return !column.lazy || std::ranges::find(left_out, &column) == left_out.end();
    }
    /// The index of the result column that holds `field`.
    std::optional<int> column_of(const detail::FieldInfo& field) const {
        for (std::size_t i = 0; i < slots.size(); ++i) {
            if (slots[i].field == &field) return first_column + static_cast<int>(i);
        }
        for (const auto& [slot, column] : shared) {
            if (slot.field == &field) return column;
        }
        return std::nullopt;
    }
    /// Notes that `column` holds `field`, which may be part of the primary key.
    void holds(const detail::FieldInfo& field, int column) {
        for (std::size_t i = 0; i < model->primary_key.size(); ++i) {
            if (model->primary_key[i] == &field) key_columns[i] = column;
        }
    }
    /// Whether `next` leads to the row that this one was joined to: the other end of a one-to-one.
    bool leads_back(const detail::RelationInfo& next) const {
        return relation != nullptr && relation->inverse == next.field && detail::is_to_one(next.field->kind) &&
               detail::is_to_one(relation->field->kind);
    }
};

/// What the columns of a SELECT are.
struct RowPlan {
    std::vector<RowPart> parts{};
    int matched_column{0}; ///< with a key set: the column that identifies the key of a row (see select_related_rows)
};

} // namespace kith::sql
