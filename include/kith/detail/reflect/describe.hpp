#pragma once

#include <kith/detail/core/model_description.hpp>
#include <kith/detail/reflect/fixed_string.hpp>
#include <kith/detail/reflect/member_names.hpp>
#include <kith/model.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Makes the ModelDescription of a struct, one constexpr table for each model. Lookups are checked against it at
/// compile time, and the core makes the ModelInfo from it.
namespace kith {

template <class T, detail::MemberOption auto... Options>
class ForeignKey;
template <class T, detail::MemberOption auto... Options>
class OneToOne;
template <class T, detail::MemberOption auto... Options>
class ManyToMany;
template <class T, detail::FixedString Field>
class ReverseSet;
template <class T, detail::FixedString Field>
class ReverseOne;
template <class T>
class PrefetchedSet;
template <class T>
class PrefetchedOne;
template <class T>
class Annotation;
template <class M>
class QuerySet;
template <class T, detail::MemberOption auto... Options>
class Lazy;
template <class... T>
class GenericForeignKey;
template <class T, detail::FixedString Field>
class ReverseGeneric;
template <class M>
class Faults;

namespace detail {

// ---- columns

/// The ColumnType of `T`, if it has one.
struct ColumnKind {
    bool supported{false};
    ColumnType type{};
};

template <class T>
consteval ColumnKind integer_kind() {
    constexpr ColumnType of_signed[]{ColumnType::int8, ColumnType::int16, ColumnType::int32, ColumnType::int64};
    constexpr ColumnType of_unsigned[]{ColumnType::uint8, ColumnType::uint16, ColumnType::uint32, ColumnType::uint64};
    constexpr std::size_t width = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return {true, std::is_signed_v<T> ? of_signed[width] : of_unsigned[width]};
}

template <class T>
inline constexpr bool is_character =
    std::is_same_v<T, char> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> ||
    std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;

template <class T> concept NamedEnum = std::is_enum_v<T> && requires { std::size(EnumNames<T>::names); };

template <NamedEnum E>
consteval auto enum_entries() {
    constexpr auto& names = EnumNames<E>::names;
    std::array<EnumTable::Entry, std::size(names)> entries{};
    for (std::size_t i = 0; i < entries.size(); ++i) {
        entries[i] = {static_cast<std::int64_t>(static_cast<std::underlying_type_t<E>>(names[i].value)), names[i].name};
    }
    return entries;
}
template <NamedEnum E>
inline constexpr auto entries_of = enum_entries<E>();

/// Whether each name belongs to one enumerator and each enumerator has one name, so that both directions are unique.
template <NamedEnum E>
consteval bool has_distinct_names() {
    for (std::size_t i = 0; i < entries_of<E>.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (entries_of<E>[i].name == entries_of<E>[j].name || entries_of<E>[i].value == entries_of<E>[j].value)
                return false;
        }
    }
    return true;
}

template <NamedEnum E>
inline constexpr EnumTable enum_table{entries_of<E>.data(), entries_of<E>.size(), sizeof(E)};

template <class T>
constexpr const EnumTable* enum_table_of() {
    if constexpr (NamedEnum<T>) {
        static_assert(has_distinct_names<T>(),
                      "kith: kith::EnumNames must give each enumerator one name, and each name to one enumerator");
        return &enum_table<T>;
    } else {
        return nullptr;
    }
}

template <class T>
consteval ColumnKind column_kind() {
    if constexpr (std::is_same_v<T, bool>)
        return {true, ColumnType::boolean};
    else if constexpr (NamedEnum<T>)
        return {true, ColumnType::enumeration};
    else if constexpr (std::is_enum_v<T>)
        return column_kind<std::underlying_type_t<T>>();
    else if constexpr (std::is_integral_v<T> && !is_character<T>)
        return integer_kind<T>();
    else if constexpr (std::is_same_v<T, float>)
        return {true, ColumnType::float32};
    else if constexpr (std::is_same_v<T, double>)
        return {true, ColumnType::float64};
    else if constexpr (std::is_same_v<T, std::string>)
        return {true, ColumnType::text};
    else if constexpr (std::is_same_v<T, std::vector<std::byte>>)
        return {true, ColumnType::bytes};
    else if constexpr (std::is_same_v<T, Date>)
        return {true, ColumnType::date};
    else if constexpr (std::is_same_v<T, Timestamp>)
        return {true, ColumnType::timestamp};
    else if constexpr (std::is_same_v<T, LocalTimestamp>)
        return {true, ColumnType::local_timestamp};
    else if constexpr (std::is_same_v<T, Uuid>)
        return {true, ColumnType::uuid};
    else if constexpr (std::is_same_v<T, Decimal>)
        return {true, ColumnType::decimal};
    else if constexpr (std::is_same_v<T, Json>)
        return {true, ColumnType::json};
    else
        return {};
}

template <class T>
void* engage_optional(void* member) {
    return &static_cast<std::optional<T>*>(member)->emplace();
}
template <class T>
void reset_optional(void* member) {
    static_cast<std::optional<T>*>(member)->reset();
}
template <class T>
const void* peek_optional(const void* member) {
    const auto& optional = *static_cast<const std::optional<T>*>(member);
    return optional ? &*optional : nullptr;
}
template <class T>
inline constexpr ColumnAccess optional_access{&engage_optional<T>, &reset_optional<T>, &peek_optional<T>};

/// Accesses a Field with a server default, which is empty while no value was given. The value may be a std::optional.
template <class F>
struct DefaultedField {
    static void* engage(void* member) {
        F& field = *static_cast<F*>(member);
        field.state.set_given(true);
        if constexpr (is_optional<decltype(field.value)>) {
            return &field.value.emplace();
        } else {
            return &field.value;
        }
    }
    static void reset(void* member) {
        F& field = *static_cast<F*>(member);
        field.state.set_given(false);
        field.value = {};
    }
    static const void* peek(const void* member) {
        const F& field = *static_cast<const F*>(member);
        if (!field.state.is_given()) return nullptr;
        if constexpr (is_optional<std::remove_const_t<decltype(field.value)>>) {
            return field.value ? &*field.value : nullptr;
        } else {
            return &field.value;
        }
    }
    static constexpr ColumnAccess access{&engage, &reset, &peek};
};

/// Accesses a member that begins with a ValueMark. The value may be a std::optional. The writer sets the mark after the
/// value, because other threads may read.
template <class Member>
struct MarkedAccess {
    static void* engage(void* at) {
        Member& member = *static_cast<Member*>(at);
        if constexpr (is_optional<decltype(member.value_)>) {
            return &member.value_.emplace();
        } else {
            return &member.value_;
        }
    }
    static void reset(void* at) { static_cast<Member*>(at)->value_ = {}; }
    static const void* peek(const void* at) {
        const Member& member = *static_cast<const Member*>(at);
        if (!member.mark_.is_there()) return nullptr;
        if constexpr (is_optional<std::remove_const_t<decltype(member.value_)>>) {
            return member.value_ ? &*member.value_ : nullptr;
        } else {
            return &member.value_;
        }
    }
    static constexpr ColumnAccess access{&engage, &reset, &peek};
};

// ---- members

/// What the checks need to know of a member beyond its MemberDescription.
struct MemberCheck {
    bool supported{true};
    std::string_view enumeration{}; ///< the name of the enum, if the column holds one
};

template <class T>
consteval std::string_view enum_name() {
    if constexpr (std::is_enum_v<T>) {
        return type_name<T>();
    } else {
        return {};
    }
}

/// How a member of type `F` is described. The general case is a plain column.
template <class F>
struct MemberTraits {
    using Value = without_optional<F>;
    static constexpr bool nullable = is_optional<F>;
    static constexpr MemberCheck check{column_kind<Value>().supported, enum_name<Value>()};

    static constexpr void describe(MemberDescription& member) {
        member.type = column_kind<Value>().type;
        member.names = enum_table_of<Value>();
        if constexpr (nullable) {
            member.nullable = true;
            member.access = &optional_access<Value>;
        }
    }
};

template <class T>
struct MemberTraits<PrimaryKey<T>> : MemberTraits<T> {
    static constexpr void describe(MemberDescription& member) {
        static_assert(sizeof(PrimaryKey<T>) == sizeof(T), "the value of a PrimaryKey is all of it");
        MemberTraits<T>::describe(member);
        member.primary_key = true;
        member.keeps_mark = true;
    }
};

template <class T, auto... Options>
struct MemberTraits<Field<T, Options...>> : MemberTraits<T> {
    static constexpr void describe(MemberDescription& member) {
        MemberTraits<T>::describe(member);
        (decltype(Options)::apply(member), ...);
        member.keeps_mark = Field<T, Options...>::is_key; // its value is the first in it
        if constexpr (Field<T, Options...>::has_server_default) {
            member.access = &DefaultedField<Field<T, Options...>>::access;
        }
    }
};

template <class T>
struct MemberTraits<Annotation<T>> : MemberTraits<T> {
    static constexpr void describe(MemberDescription& member) {
        MemberTraits<T>::describe(member);
        member.kind = MemberKind::annotation;
        member.access = &MarkedAccess<Annotation<T>>::access;
    }
};

template <class T, auto... Options>
struct MemberTraits<Lazy<T, Options...>> : MemberTraits<T> {
    static constexpr void describe(MemberDescription& member) {
        MemberTraits<T>::describe(member);
        (decltype(Options)::apply(member), ...);
        member.lazy = true;
        member.access = &MarkedAccess<Lazy<T, Options...>>::access;
    }
};

template <MemberKind Kind, class T, auto... Options>
struct RelationTraits {
    using Target = T;
    static constexpr MemberCheck check{};

    static constexpr void describe(MemberDescription& member) {
        member.kind = Kind;
        (decltype(Options)::apply(member), ...);
    }
};
template <class T, auto... Options>
struct MemberTraits<ForeignKey<T, Options...>> : RelationTraits<MemberKind::foreign_key, T, Options...> {};
template <class T, auto... Options>
struct MemberTraits<OneToOne<T, Options...>> : RelationTraits<MemberKind::one_to_one, T, Options...> {};
template <class T, auto... Options>
struct MemberTraits<ManyToMany<T, Options...>> : RelationTraits<MemberKind::many_to_many, T, Options...> {};
template <class T>
struct MemberTraits<PrefetchedSet<T>> : RelationTraits<MemberKind::prefetched_set, T> {};
template <class T>
struct MemberTraits<PrefetchedOne<T>> : RelationTraits<MemberKind::prefetched_one, T> {};

template <FixedString Field>
struct ReverseOfOption {
    static constexpr void apply(MemberDescription& member) { member.reverse_of = Field.view(); }
};
template <class T, FixedString Field>
struct MemberTraits<ReverseSet<T, Field>> : RelationTraits<MemberKind::reverse_set, T, ReverseOfOption<Field>{}> {};
template <class T, FixedString Field>
struct MemberTraits<ReverseOne<T, Field>> : RelationTraits<MemberKind::reverse_one, T, ReverseOfOption<Field>{}> {};

template <FixedString Field>
struct ReverseOfGenericOption {
    static constexpr void apply(MemberDescription& member) {
        member.reverse_of = Field.view();
        member.generic = true;
    }
};
template <class T, FixedString Field>
struct MemberTraits<ReverseGeneric<T, Field>>
    : RelationTraits<MemberKind::reverse_set, T, ReverseOfGenericOption<Field>{}> {};

template <class... T>
struct MemberTraits<GenericForeignKey<T...>> {
    using Targets = typename GenericForeignKey<T...>::Targets;
    static constexpr MemberCheck check{};

    static constexpr void describe(MemberDescription& member) {
        member.kind = MemberKind::generic_key;
        member.nullable = GenericForeignKey<T...>::nullable;
    }
};

// ---- models

template <class M>
void construct_row(void* at) {
    ::new (at) M{};
}
template <class M>
void copy_row(void* at, const void* from) {
    ::new (at) M(*static_cast<const M*>(from));
}
template <class M>
void destroy_row(void* row) {
    static_cast<M*>(row)->~M();
}

template <class M>
void member_offsets(std::uint32_t* out) {
    alignas(M) std::byte room[sizeof(M)];
    construct_row<M>(room);
    const auto addresses = visit_members<member_count<M>>(*std::launder(reinterpret_cast<M*>(room)), ListAddresses{});
    for (const void* address : addresses.at) {
        *out++ = static_cast<std::uint32_t>(static_cast<const std::byte*>(address) - room);
    }
    destroy_row<M>(room);
}

/// Whether `M` declares a default queryset.
template <class M> concept HasObjects = requires(const QuerySet<M>& all) {
    { M::objects(all) } -> std::same_as<QuerySet<M>>;
};

template <class M>
std::shared_ptr<const Query> apply_objects(std::shared_ptr<const Query> all) {
    return M::objects(QuerySet<M>(std::move(all))).handle().query();
}

/// Descriptions point at this; it is instantiated where QuerySet is complete.
template <class M>
ApplyObjects default_objects() {
    if constexpr (HasObjects<M>) {
        return &apply_objects<M>;
    } else {
        static_assert(
            !requires { &M::objects; },
            "kith: a model's member `objects` is a static function that takes a kith::QuerySet of the model and "
            "returns one; it needs kith/query_set.hpp");
        return nullptr;
    }
}

template <class M>
consteval Table table_of() {
    if constexpr (requires { M::table; }) {
        static_assert(std::is_same_v<std::remove_cvref_t<decltype(M::table)>, Table>,
                      "kith: a model's member `table` is a static constexpr kith::Table");
        return M::table;
    } else {
        return {};
    }
}

/// What can be wrong with a lookup path.
enum class LookupFault : std::uint8_t {
    none,
    no_member,
    column_has_no_members,
    column_is_no_relation,
    slot_is_no_column,
    set_in_select_related,
    annotation_of_other,
    not_lazy,
    lookup_in_path,
    through_generic,
    relation_is_no_value,
    unknown_lookup,
    unfit_lookup,
    no_single_key,
};

/// Stops a constant evaluation with a message that names the model.
using Complain = void (*)(LookupFault fault, std::string_view part);

template <class M>
constexpr void complain(LookupFault fault, std::string_view part);

/// A ModelDescription with the data that only the checks need.
struct CheckedModel : ModelDescription {
    std::string_view type{}; ///< the full name of the struct
    const MemberCheck* checks{nullptr};
    Complain complain{nullptr};
};

/// Everything that is made from the declaration of a model.
template <std::size_t N>
struct ModelTables {
    MemberDescription members[N > 0 ? N : 1]{}; // plain arrays: the model points into these tables while they are made
    MemberCheck checks[N > 0 ? N : 1]{};
    CheckedModel model{};
};

template <class M, class... F>
consteval ModelTables<member_count<M>> describe_model(TypeList<F...>);

/// Making it for `M` makes it for all models that `M` reaches, each inside the one before. The steps between two models
/// are few, because compilers limit the depth: the usual limits of 900 and 1,024 allow a chain of about 250 models.
template <class M>
inline constexpr ModelTables<member_count<M>> model_tables = describe_model<M>(member_types<M>{});

/// `M` is not used, but makes the function a different one for each model: models with a foreign key to the same target
/// reach it while its description is being made, and a function that is being evaluated for one cannot serve another.
template <class M, class F>
consteval DescribeModel target_description() {
    if constexpr (requires { typename MemberTraits<F>::Target; }) {
        return &describe<typename MemberTraits<F>::Target>;
    } else {
        return nullptr;
    }
}

/// Whether one of the members that form `key` may be NULL, so that the key itself may be null.
constexpr bool has_optional_key(std::span<const MemberDescription> members, const MemberDescription& key) {
    // NOLINTNEXTLINE(modernize-loop-convert): GCC 12 takes the end of the span for no constant expression
    for (std::size_t i = 0; i < key.from_fields.size(); ++i) {
        for (const MemberDescription& member : members) {
            if (member.name == key.from_fields[i] && member.nullable) return true;
        }
    }
    return false;
}

template <class M, class... T>
inline constexpr DescribeModel generic_targets[]{&describe<T>...};

template <class M, class... T>
consteval std::span<const DescribeModel> target_descriptions(TypeList<T...>) {
    return generic_targets<M, T...>;
}
/// Returns the models that a GenericForeignKey leads to.
template <class M, class F>
consteval std::span<const DescribeModel> target_descriptions() {
    if constexpr (requires { typename MemberTraits<F>::Targets; }) {
        return target_descriptions<M>(typename MemberTraits<F>::Targets{});
    } else {
        return {};
    }
}

template <class M>
void validate_row(const void* row, std::vector<Fault>& faults) {
    static_cast<const M*>(row)->validate().append_to(faults);
}

template <class M>
consteval ValidateRow validate_of() {
    if constexpr (requires(M& row) { row.validate(); }) {
        static_assert(
            requires(const M& row) {
                { row.validate() } -> std::same_as<Faults<M>>;
            }, "kith: validate() of a model must be const and return kith::Faults of that model");
        return &validate_row<M>;
    } else {
        return nullptr;
    }
}

template <class M, class... F>
consteval ModelTables<member_count<M>> describe_model(TypeList<F...>) {
    ModelTables<member_count<M>> tables;
    [[maybe_unused]] std::size_t i = 0;
    ((tables.members[i].name = member_names<M>[i], MemberTraits<F>::describe(tables.members[i]),
      tables.members[i].target = target_description<M, F>(), tables.members[i].targets = target_descriptions<M, F>(),
      tables.checks[i] = MemberTraits<F>::check, ++i),
     ...);
    for (MemberDescription& member : tables.members)
        member.nullable = member.nullable || has_optional_key(tables.members, member);
    CheckedModel& model = tables.model;
    model.name = unqualified(type_name<M>());
    model.table = table_of<M>();
    model.members = std::span<const MemberDescription>(model_tables<M>.members).first(member_count<M>);
    model.size = sizeof(M);
    model.align = alignof(M);
    model.construct = &construct_row<M>;
    model.copy = &copy_row<M>;
    model.destroy = &destroy_row<M>;
    model.offsets = &member_offsets<M>;
    model.objects = &default_objects<M>;
    model.validate = validate_of<M>();
    model.type = type_name<M>();
    model.checks = model_tables<M>.checks;
    model.complain = &complain<M>;
    return tables;
}

/// The description of a model, with its checks.
template <class M>
inline constexpr const CheckedModel& description = model_tables<M>.model;

/// Returns the description of a model: usable in constant expressions, alive for the whole program. All models that its
/// relations reach must be complete where this is first used.
template <class M>
constexpr const ModelDescription& describe() noexcept {
    return model_tables<M>.model;
}

/// Returns the description of a model with its checks.
constexpr const CheckedModel& checked_model(DescribeModel model) { return static_cast<const CheckedModel&>(model()); }
/// Returns the target of a relation with its checks.
constexpr const CheckedModel& target_of(const MemberDescription& member) { return checked_model(member.target); }
/// Whether a GenericForeignKey can lead to rows of the model with the full name `type`.
constexpr bool leads_to(const MemberDescription& member, std::string_view type) {
    for (const DescribeModel target : member.targets) {
        if (checked_model(target).type == type) return true;
    }
    return false;
}

} // namespace detail
} // namespace kith
