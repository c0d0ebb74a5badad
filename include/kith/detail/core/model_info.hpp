#pragma once

#include <kith/detail/core/model_description.hpp>
#include <kith/detail/core/value.hpp>
#include <kith/on_delete.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::detail {

struct ModelInfo;
struct RelationInfo;
struct FieldInfo;

/// A GenericForeignKey: a foreign key for each model that it can lead to, all in one column, and the column of the
/// type, which says which of them is meant. At most one of the keys is not null.
struct GenericKey {
    std::string name{};
    const FieldInfo* type{nullptr};
    std::vector<const FieldInfo*> keys{};
    std::vector<std::string> types{}; ///< the value of the type column for each of the keys
};

/// One member of a model, column or relation, ready for use.
struct FieldInfo {
    const ModelInfo* model{nullptr};
    std::string name{};
    MemberKind kind{MemberKind::column};
    std::uint32_t offset{0};
    std::string column{}; ///< empty if the member has no column in its own table
    ColumnType type{};
    const ColumnAccess* access{nullptr};
    const EnumTable* names{nullptr}; ///< of ColumnType::enumeration
    bool nullable{false};
    bool unique{false};
    bool indexed{false};
    bool primary_key{false};
    bool keeps_mark{false};
    bool server_default{false};
    bool generated{false};
    bool lazy{false};
    bool dynamic{false}; ///< in models made at run time: the member is a Value that takes cells of any type
    bool as_text{false}; ///< in models made at run time: the database sends its own text of the value
    bool is_key{false};  ///< rows are found by its values: it is unique, or part of a key or a relation
    bool row_version{false};
    bool auto_now{false};
    bool auto_now_add{false};
    std::uint32_t max_length{0};
    std::string_view check{}; ///< a condition in SQL
    DefaultValue default_value{};
    std::string json_name{}; ///< empty: the name of the member
    bool hidden{false};      ///< not in JSON
    OnDelete on_delete{OnDelete::cascade};
    const RelationInfo* relation{nullptr}; ///< null for columns and annotations
    const GenericKey* generic{nullptr};    ///< the GenericForeignKey that this is a key or the type of; else null

    /// Returns the type of the member, which may differ from that of the column.
    ColumnType member_type() const noexcept { return dynamic ? ColumnType::any : type; }

    /// `Person.hometown`, for messages.
    std::string label() const;
};

/// The join table of a many-to-many. The lists of columns have the order of the keys that they hold.
struct JoinTable {
    std::string name{};
    std::string schema{};
    std::vector<std::string> source_columns{};
    std::vector<std::string> target_columns{};
    const ModelInfo* through{nullptr}; ///< the model that was declared for it; null: Kith creates the table
};

/// The condition that the type column of a GenericForeignKey has this value.
struct TypeCondition {
    const FieldInfo* column{nullptr};
    std::string type{};
};

/// A relation as data: the columns that hold the keys. One algorithm loads every kind of relation from this.
struct RelationInfo {
    const FieldInfo* field{nullptr};
    const ModelInfo* source{nullptr};
    const ModelInfo* target{nullptr};
    bool many{false};                               ///< it leads to a set, not to one row
    bool forward{false};                            ///< the source has the key column
    std::vector<const FieldInfo*> source_columns{}; ///< members of the source whose values the related rows share
    std::vector<const FieldInfo*> target_columns{}; ///< members of the target that hold those values
    std::optional<JoinTable> join_table{};
    bool symmetrical{false};                  ///< each link leads both ways: the join table has it twice
    std::optional<TypeCondition> only_type{}; ///< of the source if `forward`, else of the target
    const FieldInfo* inverse{nullptr};        ///< the target's member for the other end; null if none was declared
};

/// A column of a default order, reached through relations of the model.
struct OrderColumn {
    std::vector<const RelationInfo*> relations{};
    const FieldInfo* column{nullptr};
    bool joined{false}; ///< the value is the key in the join table of the last relation
    bool descending{false};
};

/// The offset of a relation member, and the link of its RelationState in a new row of a graph: resident; a foreign key
/// is null, a set is not loaded.
struct InitialLink {
    std::uint32_t offset{0};
    std::uintptr_t link{0};
};

/// A model, made from a C++ struct or from the schema of a database. Everything behind the typed shell works on this.
struct ModelInfo {
    std::string name{};
    std::string table{};
    std::string schema{};
    bool read_only{false};
    bool made_at_run_time{false};            ///< from the schema of a database: it may go before the program ends
    std::vector<FieldInfo> fields{};         ///< in declaration order; addresses are stable once built
    std::vector<const FieldInfo*> columns{}; ///< the fields that have a column
    std::vector<const FieldInfo*> primary_key{};
    std::vector<const FieldInfo*> states{};   ///< the relation members, each a RelationState in the row
    std::vector<InitialLink> initial_links{}; ///< the same members, with their state in a new row
    std::vector<const FieldInfo*> marked{};   ///< the members that begin with a ValueMark
    std::vector<const FieldInfo*> timed{};    ///< the columns that writes set to the time
    const FieldInfo* version{nullptr};        ///< the column that counts the writes of a row
    std::vector<OrderColumn> ordering{};      ///< the default order
    std::vector<std::vector<const FieldInfo*>> unique{};
    std::vector<std::vector<const FieldInfo*>> indexes{};
    std::vector<std::unique_ptr<RelationInfo>> relations{};
    std::string generic_type{}; ///< the value for this model in the type column of a GenericForeignKey
    std::vector<std::unique_ptr<GenericKey>> generic_keys{};
    std::size_t size{0};
    std::size_t align{0};
    void (*construct)(void* at){nullptr};
    void (*copy)(void* at, const void* from){nullptr};
    void (*destroy)(void* row){nullptr};
    ApplyObjects objects{nullptr};
    ValidateRow validate{nullptr}; ///< as in ModelDescription

    const FieldInfo* find(std::string_view field_name) const noexcept;
    /// The relation member at `offset` of a row.
    const FieldInfo& state_at(std::size_t offset) const noexcept;
    /// Returns the column of the primary key. Throws ValueError if there is none, or if there are several.
    const FieldInfo& key() const;
};

/// Returns `order_line` for `OrderLine`: lower case, words separated by `_`.
std::string snake_case(std::string_view name);

} // namespace kith::detail
