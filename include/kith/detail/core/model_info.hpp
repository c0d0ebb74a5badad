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

namespace detail {

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

/// A member that holds a value rather than leading to rows.
constexpr bool is_value(MemberKind k) { return k == MemberKind::column || k == MemberKind::annotation; }
constexpr bool is_relation(MemberKind k) { return !is_value(k); }
/// A member with a column in the table of its model.
constexpr bool has_column(MemberKind k) { return k <= MemberKind::one_to_one; }
/// A relation whose member leads to one row at most.
constexpr bool is_to_one(MemberKind k) {
    return k == MemberKind::foreign_key || k == MemberKind::one_to_one || k == MemberKind::reverse_one ||
           k == MemberKind::prefetched_one || k == MemberKind::composite_key;
}
/// A relation to the one row whose key lies on this side.
constexpr bool is_forward_key(MemberKind k) {
    return k == MemberKind::foreign_key || k == MemberKind::one_to_one || k == MemberKind::composite_key;
}
/// A member that only a Prefetch fills.
constexpr bool is_slot(MemberKind k) { return k == MemberKind::prefetched_set || k == MemberKind::prefetched_one; }

struct Query;
/// Turns the query for all rows into the default one of the model. Null if the model declares none.
using ApplyObjects = std::shared_ptr<const Query> (*)(std::shared_ptr<const Query> all);

struct ModelDescription;
using DescribeModel = const ModelDescription& (*)();

/// A member as its declaration states it: constants only, made by the templates of reflect.hpp, read by src/model.
struct MemberDescription {
    std::string_view name{};
    MemberKind kind{MemberKind::column};
    ColumnType type{};                   ///< of plain columns; a foreign key has the type of the key it refers to
    const ColumnAccess* access{nullptr}; ///< of std::optional members
    const EnumTable* names{nullptr};     ///< of enums that are kept as text
    bool nullable{false};
    bool unique{false};
    bool indexed{false};
    bool primary_key{false};
    bool keeps_mark{false}; ///< the member serves as a key and keeps its mark right: see key_mark.hpp
    bool server_default{false};
    bool generated{false};
    bool lazy{false}; ///< only() and defer() may leave it out
    std::uint32_t max_length{0};
    std::string_view column{};
    std::string_view to_field{};
    std::span<const std::string_view> from_fields{}; ///< the members that a composite key consists of
    OnDelete on_delete{OnDelete::cascade};
    std::string_view join_table{};
    bool symmetrical{false};
    DescribeModel through{nullptr};
    std::string_view through_from{};
    std::string_view through_to{};
    DescribeModel target{nullptr};
    std::string_view reverse_of{};            ///< the target's member whose other end this is
    bool generic{false};                      ///< that member is a GenericForeignKey
    std::span<const DescribeModel> targets{}; ///< of a GenericForeignKey, in its order
};

/// A struct as its declaration states it. Lives for the whole program.
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
};

struct ModelInfo;
struct RelationInfo;
struct FieldInfo;

/// A GenericForeignKey: a foreign key for each model that it can lead to, all with the same column, of which one at
/// most is not null, and the column that says which.
struct GenericKey {
    std::string name{};
    const FieldInfo* type{nullptr};
    std::vector<const FieldInfo*> keys{};
    std::vector<std::string> types{}; ///< what the type column holds for each of the keys
};

/// One member of a model, column or relation, ready for use.
struct FieldInfo {
    const ModelInfo* model{nullptr};
    std::string name{};
    MemberKind kind{MemberKind::column};
    std::uint32_t offset{0};
    std::string column{}; ///< empty when the member has no column in its own table
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
    bool dynamic{false}; ///< of models made at run time: the member is a Value, and takes cells of any type
    bool as_text{false}; ///< of models made at run time: the database sends its own text of the value
    bool is_key{false};  ///< rows are looked for by its values: it is unique, or part of a key or a relation
    std::uint32_t max_length{0};
    OnDelete on_delete{OnDelete::cascade};
    const RelationInfo* relation{nullptr}; ///< null for columns and annotations
    const GenericKey* generic{nullptr};    ///< of which this is one of the keys, or the type

    /// The type of the member, where `type` is that of the column.
    ColumnType member_type() const noexcept { return dynamic ? ColumnType::any : type; }

    /// `Person.hometown`, for messages.
    std::string label() const;
};

/// The table between the two ends of a many-to-many. Column lists run parallel to the keys they hold.
struct JoinTable {
    std::string name{};
    std::string schema{};
    std::vector<std::string> source_columns{};
    std::vector<std::string> target_columns{};
    const ModelInfo* through{nullptr}; ///< a model of the user's own, else Kith creates the table
};

/// That a relation of a GenericForeignKey is meant only where its type column says so.
struct TypeCondition {
    const FieldInfo* column{nullptr};
    std::string type{};
};

/// A relation as data: which columns hold the keys. One algorithm loads every kind from this alone.
struct RelationInfo {
    const FieldInfo* field{nullptr};
    const ModelInfo* source{nullptr};
    const ModelInfo* target{nullptr};
    bool many{false};                               ///< a set rather than one row
    bool forward{false};                            ///< the key column is the source's own
    std::vector<const FieldInfo*> source_columns{}; ///< members of the source whose values the related rows share
    std::vector<const FieldInfo*> target_columns{}; ///< members of the target that hold those values
    std::optional<JoinTable> join_table{};
    bool symmetrical{false};                  ///< a link leads both ways: the join table has it twice
    std::optional<TypeCondition> only_type{}; ///< of the source where `forward`, else of the target
    const FieldInfo* inverse{nullptr};        ///< the target's member for the other end, null where none was declared
};

/// A column of a default order, over relations from its model.
struct OrderColumn {
    std::vector<const RelationInfo*> relations{};
    const FieldInfo* column{nullptr};
    bool joined{false}; ///< the value is the key in the join table of the last relation
    bool descending{false};
};

/// Where a relation member lies, and what the link of its RelationState is before anything is read into it: resident, a
/// foreign key null, a set not loaded.
struct InitialLink {
    std::uint32_t offset{0};
    std::uintptr_t link{0};
};

/// A model, from a C++ struct or from a live schema. Everything beyond the typed shell works on this.
struct ModelInfo {
    std::string name{};
    std::string table{};
    std::string schema{};
    bool read_only{false};
    std::vector<FieldInfo> fields{};         ///< in declaration order; addresses are stable once built
    std::vector<const FieldInfo*> columns{}; ///< the fields that have a column
    std::vector<const FieldInfo*> primary_key{};
    std::vector<const FieldInfo*> states{};   ///< the relation members, each a RelationState in the row
    std::vector<InitialLink> initial_links{}; ///< the same, as they are in a new row
    std::vector<const FieldInfo*> marked{};   ///< the members that begin with a ValueMark
    std::vector<OrderColumn> ordering{};      ///< the default order
    std::vector<std::vector<const FieldInfo*>> unique{};
    std::vector<std::vector<const FieldInfo*>> indexes{};
    std::vector<std::unique_ptr<RelationInfo>> relations{};
    std::string generic_type{}; ///< what stands for the model where a GenericForeignKey leads to it
    std::vector<std::unique_ptr<GenericKey>> generic_keys{};
    std::size_t size{0};
    std::size_t align{0};
    void (*construct)(void* at){nullptr};
    void (*copy)(void* at, const void* from){nullptr};
    void (*destroy)(void* row){nullptr};
    ApplyObjects objects{nullptr};

    const FieldInfo* find(std::string_view field_name) const noexcept;
    /// The relation member at `offset` of a row.
    const FieldInfo& state_at(std::size_t offset) const noexcept;
    /// The single primary key column; throws ValueError for composite keys where only one column can serve.
    const FieldInfo& key() const;
};

/// The model behind a description, with all models that its relations reach. Made once; safe from many threads.
/// Throws ValueError when declarations contradict each other in a way that the compiler could not see.
const ModelInfo& model_info(const ModelDescription& description);

/// `order_line` for `OrderLine`: lower case, words parted by `_`.
std::string snake_case(std::string_view name);

} // namespace detail
} // namespace kith
