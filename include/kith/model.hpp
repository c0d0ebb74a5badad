#pragma once

#include <kith/detail/core/key_mark.hpp>
#include <kith/detail/core/model_description.hpp>
#include <kith/detail/reflect/fixed_string.hpp>
#include <kith/detail/reflect/member_names.hpp>
#include <kith/types.hpp>

#include <fmt/core.h>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// Columns with options, and the options of all members. A model is an aggregate whose members are columns and
/// relations (relation.hpp):
///
///     struct City {
///         kith::PrimaryKey<> id{};
///         kith::Field<std::string, kith::max_length<50>> name{};
///         std::optional<double> area{};                       // a column that may be NULL
///         kith::ForeignKey<Province, kith::null> province{};
///     };
///
/// Plain members may be bool, integers of all widths, float, double, std::string, std::vector<std::byte>, kith::Date,
/// kith::Timestamp, kith::LocalTimestamp, kith::Uuid, kith::Decimal, kith::Json, enums, and std::optional of these.
namespace kith {
namespace detail {

template <class M>
constexpr const ModelDescription& describe() noexcept;

struct NullOption {
    static constexpr void apply(MemberDescription& member) { member.nullable = true; }
};
struct UniqueOption {
    static constexpr void apply(MemberDescription& member) { member.unique = true; }
};
struct IndexedOption {
    static constexpr void apply(MemberDescription& member) { member.indexed = true; }
};
struct PrimaryKeyOption {
    static constexpr void apply(MemberDescription& member) { member.primary_key = true; }
};
struct ServerDefaultOption {
    static constexpr void apply(MemberDescription& member) { member.server_default = true; }
};
struct GeneratedOption {
    static constexpr void apply(MemberDescription& member) { member.generated = true; }
};
struct RowVersionOption {
    static constexpr void apply(MemberDescription& member) { member.row_version = true; }
};
struct AutoNowOption {
    static constexpr void apply(MemberDescription& member) { member.auto_now = true; }
};
struct AutoNowAddOption {
    static constexpr void apply(MemberDescription& member) { member.auto_now_add = true; }
};
template <FixedString Sql>
struct CheckOption {
    static_assert(!Sql.view().empty(), "kith::check needs a condition");
    static constexpr void apply(MemberDescription& member) {
        ++member.checks;
        member.check = Sql.view();
    }
};

/// A constant as a template argument: `kith::default_value<5>`, `kith::default_value<"draft">`.
template <class T>
struct Constant {
    T value;

    consteval Constant(T content)
        requires(!std::is_pointer_v<T>)
        : value(content) {}
    template <std::size_t N>
        requires(std::same_as<T, FixedString<N>>)
    consteval Constant(const char (&literal)[N]) : value(literal) {}
};
template <std::size_t N>
Constant(const char (&)[N]) -> Constant<FixedString<N>>;

template <class T>
inline constexpr bool is_fixed_string = false;
template <std::size_t N>
inline constexpr bool is_fixed_string<FixedString<N>> = true;

template <class T>
consteval DefaultValue describe_default(const Constant<T>& constant) {
    using Kind = DefaultValue::Kind;
    if constexpr (is_fixed_string<T>) {
        return {.kind = Kind::text, .text = constant.value.view()};
    } else if constexpr (std::is_enum_v<T>) {
        return {
            .kind = Kind::integer, .integer = static_cast<std::int64_t>(constant.value), .enumeration = type_name<T>()};
    } else if constexpr (std::is_floating_point_v<T>) {
        return {.kind = Kind::real, .real = static_cast<double>(constant.value)};
    } else {
        static_assert(std::is_integral_v<T>,
                      "kith::default_value takes a number, true or false, an enumerator or a text");
        const bool is_boolean = std::is_same_v<T, bool>;
        return {.kind = is_boolean ? Kind::boolean : Kind::integer,
                .integer = static_cast<std::int64_t>(constant.value)};
    }
}

template <Constant Value>
struct DefaultValueOption {
    static constexpr auto& constant = Value.value;
    static constexpr void apply(MemberDescription& member) { member.default_value = describe_default(Value); }
};

template <std::uint32_t N>
struct MaxLengthOption {
    static constexpr void apply(MemberDescription& member) { member.max_length = N; }
};
template <FixedString Name>
struct ColumnOption {
    static constexpr void apply(MemberDescription& member) { member.column = Name.view(); }
};
template <FixedString Name>
struct ToFieldOption {
    static constexpr void apply(MemberDescription& member) { member.to_field = Name.view(); }
};
template <FixedString... Names>
struct FromFieldsOption {
    static_assert(sizeof...(Names) >= 2 && sizeof...(Names) <= 8,
                  "kith::from_fields takes two to eight names of members");
    static constexpr std::string_view names[]{Names.view()...};
    static constexpr void apply(MemberDescription& member) {
        if (member.kind == MemberKind::one_to_one) member.unique = true;
        if (is_forward_key(member.kind)) member.kind = MemberKind::composite_key;
        member.from_fields = names;
    }
};
template <OnDelete Action>
struct OnDeleteOption {
    static constexpr void apply(MemberDescription& member) { member.on_delete = Action; }
};
template <FixedString Name>
struct JoinTableOption {
    static constexpr void apply(MemberDescription& member) { member.join_table = Name.view(); }
};
template <FixedString Name>
struct JsonNameOption {
    static_assert(!Name.view().empty(), "kith::json needs a name");
    static constexpr void apply(MemberDescription& member) { member.json_name = Name.view(); }
};
struct HiddenOption {
    static constexpr void apply(MemberDescription& member) { member.hidden = true; }
};
struct SymmetricalOption {
    static constexpr void apply(MemberDescription& member) { member.symmetrical = true; }
};
template <class M, FixedString From, FixedString To>
struct ThroughOption {
    static constexpr void apply(MemberDescription& member) {
        member.through = &describe<M>;
        member.through_from = From.view();
        member.through_to = To.view();
    }
};

/// The type of an option: of one of the values below.
template <class O> concept MemberOption = requires(MemberDescription& member) { O::apply(member); };

template <class Wanted, auto... Options>
inline constexpr bool has_option = (std::same_as<Wanted, std::remove_const_t<decltype(Options)>> || ...);

template <class O>
inline constexpr bool is_from_fields = false;
template <FixedString... Names>
inline constexpr bool is_from_fields<FromFieldsOption<Names...>> = true;
/// Whether the key of a relation consists of other members of the model.
template <auto... Options>
inline constexpr bool is_composite = (is_from_fields<std::remove_const_t<decltype(Options)>> || ...);

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
struct WithoutOptional {
    using type = T;
};
template <class T>
struct WithoutOptional<std::optional<T>> {
    using type = T;
};
template <class T>
using without_optional = typename WithoutOptional<T>::type;

template <class O>
inline constexpr bool is_default_value = false;
template <auto Value>
inline constexpr bool is_default_value<DefaultValueOption<Value>> = true;
template <auto... Options>
inline constexpr bool has_default_value = (is_default_value<std::remove_const_t<decltype(Options)>> || ...);

/// `constant` as the first value of a column of `T`. One that the column cannot hold is reported with the model.
template <class T, class C>
constexpr T converted_default(const C& constant) {
    using V = without_optional<T>;
    if constexpr (is_fixed_string<C> && std::is_constructible_v<V, std::string_view>) {
        return T(V(constant.view()));
    } else if constexpr (std::is_same_v<V, C> || (std::is_arithmetic_v<V> && std::is_arithmetic_v<C>)) {
        return T(static_cast<V>(constant));
    } else if constexpr (std::is_same_v<V, Decimal> && std::is_integral_v<C>) {
        return T(Decimal(static_cast<std::int64_t>(constant)));
    } else {
        return T{};
    }
}

/// The value that a column of `T` with these options begins with.
template <class T, auto... Options>
constexpr T first_value() noexcept(!has_default_value<Options...> && std::is_nothrow_default_constructible_v<T>) {
    T value{};
    if constexpr (has_default_value<Options...>) {
        const auto take = [&]<class O>(const O&) {
            if constexpr (is_default_value<O>) value = converted_default<T>(O::constant);
        };
        (take(Options), ...);
    }
    return value;
}

template <class U, class Self> concept OtherThan = !std::same_as<std::remove_cvref_t<U>, Self>;

/// Whether a column of `T` is made from a `U`, which is no `T`. Arithmetic columns take their own type only, so that
/// the compiler warns of narrowing where the value is written.
template <class U, class T, class Self>
concept Fills = OtherThan<U, Self> && OtherThan<U, T> && !std::is_arithmetic_v<T> && std::convertible_to<U, T>;

/// Whether a value was given, for columns that the database can fill.
template <bool Tracked>
struct Given {
    static constexpr bool is_given() noexcept { return true; }
    constexpr void set_given(bool) noexcept {}
};
template <>
struct Given<true> {
    bool given{false};
    constexpr bool is_given() const noexcept { return given; }
    constexpr void set_given(bool now) noexcept { given = now; }
};

} // namespace detail

// ---- options

/// The column may be NULL. For relations; plain columns use std::optional.
inline constexpr detail::NullOption null{};
/// No two rows have the same value.
inline constexpr detail::UniqueOption unique{};
/// The column has an index. Foreign keys always have one.
inline constexpr detail::IndexedOption indexed{};
/// The column is the primary key, or a part of it if several members have this option.
inline constexpr detail::PrimaryKeyOption primary_key{};
/// The database has a default value: INSERT leaves the column out while no value was given, and reads it back.
/// create_tables() does not declare the default.
inline constexpr detail::ServerDefaultOption server_default{};
/// The database computes the column: it is read and never written. create_tables() does not declare the expression.
inline constexpr detail::GeneratedOption generated{};
/// For one integer column of 32 or 64 bits: it counts the writes of its row, from 1. save() and remove() of a row throw
/// StaleRow if another has written the row since it was read; update() of a QuerySet counts too.
inline constexpr detail::RowVersionOption row_version{};
/// Each write of the row by Kith sets the column to the time: a Timestamp, or a Date with the day in UTC. It is the
/// time of this machine's clock.
inline constexpr detail::AutoNowOption auto_now{};
/// As auto_now, but only when the row is inserted.
inline constexpr detail::AutoNowAddOption auto_now_add{};
/// The column begins with this constant, in the program and as DEFAULT in create_tables(): a number, true or false, an
/// enumerator, or a text, also for a Decimal. A foreign key that is null and must not be takes it on insert.
template <detail::Constant Value>
inline constexpr detail::DefaultValueOption<Value> default_value{};
/// A condition in SQL that create_tables() declares as CHECK, `kith::check<"price >= 0">`. Names in it are those of
/// columns. Violating it is an IntegrityError of the kind Violation::check.
template <detail::FixedString Sql>
inline constexpr detail::CheckOption<Sql> check{};
/// Maximum number of characters of a text column. Writing a longer text throws ValueError.
template <std::uint32_t N>
inline constexpr detail::MaxLengthOption<N> max_length{};
/// The name of the column. The default is the name of the member, with `_id` appended for a relation.
template <detail::FixedString Name>
inline constexpr detail::ColumnOption<Name> column{};
/// The member of the target that a ForeignKey or OneToOne refers to, instead of the primary key. It should be unique.
template <detail::FixedString Name>
inline constexpr detail::ToFieldOption<Name> to_field{};
/// The members that form a ForeignKey or OneToOne to a model with a composite primary key, in the order of that key.
/// They have the types of its columns, and may belong to other relations as well.
template <detail::FixedString... Names>
inline constexpr detail::FromFieldsOption<Names...> from_fields{};
/// The name of the member in JSON (kith/json.hpp). The default is the name of the member; the key of a relation has
/// `_id` appended.
template <detail::FixedString Name>
inline constexpr detail::JsonNameOption<Name> json{};
/// The member does not exist in JSON: kith::to_json leaves it out, and kith::from_json refuses its name.
inline constexpr detail::HiddenOption hidden{};
/// What the database does with this row when the row that it refers to is deleted. The default is `cascade`.
template <OnDelete Action>
inline constexpr detail::OnDeleteOption<Action> on_delete{};
/// The name of the join table of a ManyToMany. The default is `person_visitation` for Person::visitation.
template <detail::FixedString Name>
inline constexpr detail::JoinTableOption<Name> join_table{};
/// For a ManyToMany to its own model: each link leads both ways, and writes go both ways. Django does so by default,
/// Kith only with this option.
inline constexpr detail::SymmetricalOption symmetrical{};
/// The model of the join table of a ManyToMany, with the names of its foreign keys to this model and to the target.
template <class M, detail::FixedString From, detail::FixedString To>
inline constexpr detail::ThroughOption<M, From, To> through{};

// ---- columns

/// The primary key, `kith::PrimaryKey<> id{};`. The database generates an integer, Kith replaces a nil Uuid by a random
/// one when it inserts the row, and a std::string must be given. In an object that was never saved, 0, an empty text
/// and a nil Uuid mean that no key was given yet. In a row that came from a database or was written to one, and in its
/// copies, they are keys like all others. Assigning one of them removes the key: saving the object inserts a new row.
///
/// Converts to `const T&`; assign a `T` to it. A PrimaryKey cannot be assigned from another, so rows cannot be
/// assigned: otherwise sorting a QuerySet in place would change rows that others point at.
template <class T = std::int64_t>
struct PrimaryKey {
    static_assert((std::integral<T> && !std::same_as<T, bool>) || std::same_as<T, std::string> || std::same_as<T, Uuid>,
                  "kith::PrimaryKey is an integer, a std::string or a kith::Uuid");

    T value{}; ///< the key; assign the PrimaryKey itself to remove a key

    PrimaryKey() = default;
    PrimaryKey(T key) noexcept(std::is_nothrow_move_constructible_v<T>) : value(std::move(key)) {}
    template <detail::Fills<T, PrimaryKey> U>
    PrimaryKey(U&& key) : value(std::forward<U>(key)) {}
    constexpr PrimaryKey(const PrimaryKey& other) : value(other.value) { detail::note_copied_key(value, other.value); }
    constexpr PrimaryKey(PrimaryKey&& other) noexcept(std::is_nothrow_move_constructible_v<T>)
        : value(std::move(other.value)) {
        detail::note_copied_key(value, other.value);
    }
    constexpr ~PrimaryKey() { detail::note_destroyed_key(value); }
    PrimaryKey& operator=(const PrimaryKey&) = delete;
    template <detail::OtherThan<PrimaryKey> U>
        requires std::assignable_from<T&, U>
    PrimaryKey& operator=(U&& key) {
        value = std::forward<U>(key);
        detail::note_assigned_key(value);
        return *this;
    }

    operator const T&() const noexcept { return value; }

    friend bool operator==(const PrimaryKey& a, const PrimaryKey& b) { return a.value == b.value; }
    friend auto operator<=>(const PrimaryKey& a, const PrimaryKey& b) { return a.value <=> b.value; }
};

/// A column with options, `kith::Field<std::string, kith::unique, kith::max_length<50>> name{};`. `T` is any type that
/// a plain member may have, including std::optional.
///
/// Converts to `const T&`; assign a `T` to it. `*` and `->` access the value, also inside a std::optional, which must
/// not be empty. A column with `server_default` counts as given once it was assigned: assign it, not its `value`.
template <class T, detail::MemberOption auto... Options>
struct Field {
    /// Whether it has the option primary_key. Like a PrimaryKey, it then cannot be assigned from another.
    static constexpr bool is_key = detail::has_option<detail::PrimaryKeyOption, Options...>;
    /// Whether it has the option server_default.
    static constexpr bool has_server_default = detail::has_option<detail::ServerDefaultOption, Options...>;
    /// `T` without std::optional.
    using Inner = detail::without_optional<T>;

    T value = detail::first_value<T, Options...>(); ///< the content of the column
    /// Internal.
    [[no_unique_address]] detail::Given<has_server_default> state{};

    Field() = default;
    Field(T content) : value(std::move(content)) { state.set_given(true); }
    template <detail::Fills<T, Field> U>
    Field(U&& content) : value(std::forward<U>(content)) {
        state.set_given(true);
    }
    Field(const Field&)
        requires(!is_key)
    = default;
    Field(Field&&)
        requires(!is_key)
    = default;
    ~Field()
        requires(!is_key)
    = default;
    constexpr Field(const Field& other)
        requires(is_key)
        : value(other.value), state(other.state) {
        detail::note_copied_key(value, other.value);
    }
    constexpr Field(Field&& other) noexcept(std::is_nothrow_move_constructible_v<T>)
        requires(is_key)
        : value(std::move(other.value)), state(other.state) {
        detail::note_copied_key(value, other.value);
    }
    constexpr ~Field()
        requires(is_key)
    {
        detail::note_destroyed_key(value);
    }
    Field& operator=(const Field&)
        requires(is_key)
    = delete;
    Field& operator=(const Field&)
        requires(!is_key)
    = default;
    template <detail::OtherThan<Field> U>
        requires std::assignable_from<T&, U>
    Field& operator=(U&& content) {
        value = std::forward<U>(content);
        state.set_given(true);
        if constexpr (is_key) detail::note_assigned_key(value);
        return *this;
    }

    operator const T&() const noexcept { return value; }
    /// Whether the std::optional has a value.
    explicit operator bool() const noexcept
        requires(detail::is_optional<T>)
    {
        return value.has_value();
    }

    /// Whether a value was given to a column with `server_default`; always true for other columns.
    bool is_given() const noexcept { return state.is_given(); }

    Inner& operator*() noexcept { return inner(*this); }
    const Inner& operator*() const noexcept { return inner(*this); }
    Inner* operator->() noexcept { return &inner(*this); }
    const Inner* operator->() const noexcept { return &inner(*this); }

    friend bool operator==(const Field& a, const Field& b) { return a.value == b.value; }
    friend auto operator<=>(const Field& a, const Field& b)
        requires(std::three_way_comparable<T>)
    {
        return a.value <=> b.value;
    }

private:
    template <class Self>
    static auto& inner(Self& self) noexcept {
        if constexpr (detail::is_optional<T>) {
            return *self.value;
        } else {
            return self.value;
        }
    }
};

namespace detail {
template <class C>
inline constexpr bool is_column = false;
template <class T>
inline constexpr bool is_column<PrimaryKey<T>> = true;
template <class T, auto... Options>
inline constexpr bool is_column<Field<T, Options...>> = true;

/// Whether `C` is a column and `U` is none: they compare as the column's value does.
template <class C, class U> concept ColumnBeside = is_column<C> && !is_column<U>;

/// The value of a PrimaryKey, Field, Lazy or Annotation.
template <class C>
const auto& value_of(const C& column) {
    if constexpr (requires { column.value(); }) {
        return column.value();
    } else {
        return column.value;
    }
}
} // namespace detail

/// Compares the value of a column with another value.
template <class C, class U>
    requires detail::ColumnBeside<C, U> && requires(const C& a, const U& b) { detail::value_of(a) == b; }
bool operator==(const C& a, const U& b) {
    return detail::value_of(a) == b;
}
template <class C, class U>
    requires detail::ColumnBeside<C, U> && requires(const C& a, const U& b) { detail::value_of(a) <=> b; }
auto operator<=>(const C& a, const U& b) {
    return detail::value_of(a) <=> b;
}

} // namespace kith

/// Formats as its value.
template <class T, class Char>
struct fmt::formatter<kith::PrimaryKey<T>, Char> : fmt::formatter<T, Char> {
    template <class Context>
    auto format(const kith::PrimaryKey<T>& key, Context& context) const {
        return fmt::formatter<T, Char>::format(key.value, context);
    }
};

/// Formats as its value, if {fmt} can format that.
template <class T, kith::detail::MemberOption auto... Options, class Char>
    requires(fmt::is_formattable<T, Char>::value)
struct fmt::formatter<kith::Field<T, Options...>, Char> : fmt::formatter<T, Char> {
    template <class Context>
    auto format(const kith::Field<T, Options...>& field, Context& context) const {
        return fmt::formatter<T, Char>::format(field.value, context);
    }
};
