#pragma once

#include <kith/detail/core/value.hpp>
#include <kith/on_delete.hpp>
#include <kith/table.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
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
    ApplyObjects (*objects)(){nullptr};           ///< null, or returns null, without a default queryset
    ValidateRow validate{nullptr};                ///< null if the model has no validate()
};

struct ModelInfo;

/// Returns the model of a description, with all models that its relations reach. Made once; safe from many threads.
/// Throws ValueError if declarations contradict each other in a way that the compiler cannot see.
const ModelInfo& model_info(const ModelDescription& description);

} // namespace kith::detail
