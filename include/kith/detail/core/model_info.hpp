#pragma once

#include <kith/detail/core/value.hpp>
#include <kith/on_delete.hpp>
#include <kith/table.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith {
struct Fault;
}

namespace kith::detail {

/// The largest row: pages of rows are made for it (rows::Page).
inline constexpr std::size_t most_row_bytes = 3900;

enum class MemberKind : std::uint8_t {
    column,
    foreign_key,
    one_to_one,
    many_to_many,
    reverse_set,
    reverse_one,
    prefetched_set,
    prefetched_one,
    annotation,
    generic_key,
    composite_key, ///< a foreign key whose columns are other members of the model
};

/// A member that holds a value and leads to no rows.
constexpr bool is_value(MemberKind k) { return k == MemberKind::column || k == MemberKind::annotation; }
constexpr bool is_relation(MemberKind k) { return !is_value(k); }
/// A member with a column in the table of its model.
constexpr bool has_column(MemberKind k) { return k <= MemberKind::one_to_one; }
/// A relation to at most one row.
constexpr bool is_to_one(MemberKind k) {
    return k == MemberKind::foreign_key || k == MemberKind::one_to_one || k == MemberKind::reverse_one ||
           k == MemberKind::prefetched_one || k == MemberKind::composite_key;
}
/// A relation to one row whose key is stored on this side.
constexpr bool is_forward_key(MemberKind k) {
    return k == MemberKind::foreign_key || k == MemberKind::one_to_one || k == MemberKind::composite_key;
}
/// A member that only a Prefetch fills.
constexpr bool is_slot(MemberKind k) { return k == MemberKind::prefetched_set || k == MemberKind::prefetched_one; }

/// A constant that a column begins with: kith::default_value.
struct DefaultValue {
    enum class Kind : std::uint8_t { none, boolean, integer, real, text };
    Kind kind{Kind::none};
    std::int64_t integer{0}; ///< of a boolean and an enumerator too
    double real{0};
    std::string_view text{};
    std::string_view enumeration{}; ///< the full name of the enum, if it is an enumerator

    constexpr explicit operator bool() const noexcept { return kind != Kind::none; }
};

struct Query;
/// Returns the default query of the model, made from the query for all rows. Null if the model declares none.
using ApplyObjects = std::shared_ptr<const Query> (*)(std::shared_ptr<const Query> all);

/// Appends what validate() of the model finds wrong in a row.
using ValidateRow = void (*)(const void* row, std::vector<Fault>& faults);

struct ModelDescription;
using DescribeModel = const ModelDescription& (*)();

/// A member as it was declared: constants only, made by the templates of describe.hpp, read by src/model.
struct MemberDescription {
    std::string_view name{};
    MemberKind kind{MemberKind::column};
    ColumnType type{};                   ///< of plain columns; a foreign key has the type of the key it refers to
    const ColumnAccess* access{nullptr}; ///< of wrapped values, such as std::optional
    const EnumTable* names{nullptr};     ///< of enums that are stored as text
    bool nullable{false};
    bool unique{false};
    bool indexed{false};
    bool primary_key{false};
    bool keeps_mark{false}; ///< the member is a key and updates its mark: see key_mark.hpp
    bool server_default{false};
    bool generated{false};
    bool lazy{false}; ///< only() and defer() may leave it out
    bool row_version{false};
    bool auto_now{false};
    bool auto_now_add{false};
    std::uint8_t checks{0}; ///< the number of kith::check
    std::uint32_t max_length{0};
    std::string_view check{}; ///< a condition in SQL
    DefaultValue default_value{};
    std::string_view column{};
    std::string_view to_field{};
    std::span<const std::string_view> from_fields{}; ///< the members that form a composite key
    OnDelete on_delete{OnDelete::cascade};
    std::string_view join_table{};
    bool symmetrical{false};
    std::string_view json_name{}; ///< empty: the name of the member
    bool hidden{false};           ///< not in JSON
    DescribeModel through{nullptr};
    std::string_view through_from{};
    std::string_view through_to{};
    DescribeModel target{nullptr};
    std::string_view reverse_of{};            ///< the target's member whose other end this is
    bool generic{false};                      ///< that member is a GenericForeignKey
    std::span<const DescribeModel> targets{}; ///< of a GenericForeignKey, in its order
};

/// A struct as it was declared. Lives for the whole program.
struct ModelDescription {
    std::string_view name{};
    Table table{};
    std::span<const MemberDescription> members{};
    std::size_t size{0};
    std::size_t align{0};
    void (*construct)(void* at){nullptr};
    void (*copy)(void* at, const void* from){nullptr};
    void (*destroy)(void* row){nullptr};
    void (*offsets)(std::uint32_t* out){nullptr}; ///< one offset per member, in declaration order
    ApplyObjects objects{nullptr};
    ValidateRow validate{nullptr}; ///< null if the model has no validate()
};

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

/// Returns the model of a description, with all models that its relations reach. Made once; safe from many threads.
/// Throws ValueError if declarations contradict each other in a way that the compiler cannot see.
const ModelInfo& model_info(const ModelDescription& description);

/// Returns `order_line` for `OrderLine`: lower case, words separated by `_`.
std::string snake_case(std::string_view name);

} // namespace kith::detail
