#pragma once

#include <kith/detail/check/condition_rules.hpp>
#include <kith/detail/check/key_type.hpp>
#include <kith/detail/check/sentence.hpp>
#include <kith/detail/check/value_shape.hpp>
#include <kith/detail/reflect/fixed_string.hpp>

#include <string_view>
#include <type_traits>

/// The messages for wrong conditions, and the variables whose use makes the compiler print them.
namespace kith::detail {

// ---- words

/// Returns the C++ type of a column.
constexpr std::string_view type_word(ColumnType type) {
    switch (type) {
    case ColumnType::boolean: return "bool";
    case ColumnType::int8: return "std::int8_t";
    case ColumnType::int16: return "std::int16_t";
    case ColumnType::int32: return "std::int32_t";
    case ColumnType::int64: return "std::int64_t";
    case ColumnType::uint8: return "std::uint8_t";
    case ColumnType::uint16: return "std::uint16_t";
    case ColumnType::uint32: return "std::uint32_t";
    case ColumnType::uint64: return "std::uint64_t";
    case ColumnType::float32: return "float";
    case ColumnType::float64: return "double";
    case ColumnType::text: return "std::string";
    case ColumnType::bytes: return "std::vector<std::byte>";
    case ColumnType::date: return "kith::Date";
    case ColumnType::timestamp: return "kith::Timestamp";
    case ColumnType::uuid: return "kith::Uuid";
    case ColumnType::decimal: return "kith::Decimal";
    case ColumnType::json: return "kith::Json";
    case ColumnType::local_timestamp: return "kith::LocalTimestamp";
    case ColumnType::enumeration: return "an enum";
    case ColumnType::any: break;
    }
    return {};
}

constexpr std::string_view column_word(const Member& column) {
    if (column.member == nullptr) return "a key of several columns";
    if (!column.check().enumeration.empty()) return "an enum";
    return type_word(column.member->type);
}

/// `type` is the name of the value's type; for a QuerySet, of its model.
constexpr void say_value(Sentence& s, const ValueShape& shape, std::string_view type) {
    if (shape.query) {
        s << "a QuerySet of " << unqualified(type);
        return;
    }
    s << (shape.list ? "a range of values: " : shape.pair ? "a std::pair: " : "");
    switch (shape.kind) {
    case ShapeKind::null: s << "nullptr"; break;
    case ShapeKind::boolean: s << "bool"; break;
    case ShapeKind::integer: s << "an integer"; break;
    case ShapeKind::floating: s << "a floating-point number"; break;
    case ShapeKind::text: s << "text"; break;
    case ShapeKind::bytes: s << "bytes"; break;
    case ShapeKind::date: s << "a date"; break;
    case ShapeKind::timestamp: s << "a time"; break;
    case ShapeKind::local_timestamp: s << "a time without a zone"; break;
    case ShapeKind::uuid: s << "a kith::Uuid"; break;
    case ShapeKind::decimal: s << "a kith::Decimal"; break;
    case ShapeKind::json: s << "a kith::Json"; break;
    case ShapeKind::row: s << "a row of " << unqualified(type); break;
    default: s << type;
    }
}

constexpr void say_member(Sentence& s, const Member& member) { s << member.model->name << "::" << member.member->name; }

/// `City::name is a std::string column` or `Person::hometown is a relation to City`.
constexpr void say_kind(Sentence& s, const Resolved& found) {
    say_member(s, found.last);
    if (found.is_relation()) {
        s << " is a relation to " << target_of(*found.last.member).name;
    } else {
        s << " is a column of type " << column_word(value_column(found.last));
    }
}

// ---- sentences

constexpr void say_path_fault(Sentence& s, const Resolved& wrong, std::string_view path) {
    switch (wrong.fault) {
    case LookupFault::no_member:
        s << wrong.model->name << " has no member `" << wrong.part << "` (in `" << path << "`)"
          << DidYouMean{wrong.part, wrong.model->members} << *wrong.model;
        return;
    case LookupFault::unknown_lookup:
        s << "`" << wrong.part << "` is no lookup of ";
        say_member(s, wrong.last);
        s << " (in `" << path << "`); lookups are";
        for (const LookupName& known : lookup_names) s << " " << known.name;
        return;
    case LookupFault::no_single_key:
        s << wrong.model->name << " has no primary key of one column, which `pk` could name (in `" << path << "`)";
        return;
    default: break;
    }
    say_member(s, wrong.last);
    switch (wrong.fault) {
    case LookupFault::column_has_no_members: s << " is a column and has no members"; break;
    case LookupFault::column_is_no_relation: s << " is a column and no relation"; break;
    case LookupFault::slot_is_no_column: s << " is a slot that a Prefetch fills, not a column or relation"; break;
    case LookupFault::annotation_of_other:
        s << " is an annotation, which a QuerySet of " << wrong.last.model->name << " itself can have, no other";
        break;
    case LookupFault::not_lazy: s << " is always loaded: only() and defer() take kith::Lazy columns"; break;
    case LookupFault::set_in_select_related: s << " is a set, and select_related takes single rows"; break;
    case LookupFault::through_generic:
        s << " is a generic foreign key, which leads to several models: it can be prefetched by itself, with a "
             "Prefetch and "
             "a QuerySet for what is to be loaded behind one of them, and takes no part in SQL";
        break;
    case LookupFault::lookup_in_path:
        s << " can only be assigned by itself, without a lookup or a path behind it";
        break;
    default: s << " has no value of its own: name a member of it"; break;
    }
    s << " (in `" << path << "`)";
}

constexpr void say_value_fault(Sentence& s, const Resolved& found, std::string_view path, const ValueShape& shape,
                               std::string_view type, PathUse use) {
    say_kind(s, found);
    s << "; `" << path << "` cannot be " << (use == PathUse::assignment ? "set to " : "compared with ");
    say_value(s, shape, type);
    if (found.is_relation() && shape.kind != ShapeKind::row) {
        const CheckedModel& target = target_of(*found.last.member);
        s << ", only with a " << target.name << ", a kith::Ref<" << target.name << ">, nullptr or a key ("
          << column_word(value_column({&target, primary_key_of(target)})) << ")";
    }
}

constexpr void say_lookup_fault(Sentence& s, ConditionFault fault, std::string_view path) {
    s << "`" << path << "` ";
    switch (fault) {
    case ConditionFault::takes_bool: s << "takes true or false"; break;
    case ConditionFault::takes_list: s << "takes a range of values or a QuerySet"; break;
    case ConditionFault::takes_pair: s << "takes a std::pair of the first and the last value"; break;
    case ConditionFault::takes_one:
        s << "takes one value: use __in for a range or a QuerySet, __range for a std::pair";
        break;
    case ConditionFault::takes_text: s << "takes text"; break;
    case ConditionFault::takes_value: s << "takes a value of the program, no expression"; break;
    case ConditionFault::text_columns_only: s << "looks into text, which the column does not hold"; break;
    case ConditionFault::date_columns_only: s << "takes a part of a date, which the column does not hold"; break;
    default: s << "takes an integer"; break;
    }
}

constexpr Sentence describe_fault(const ConditionVerdict& wrong, std::string_view path, std::string_view other,
                                  const ValueShape& shape, std::string_view type, PathUse use = PathUse::condition) {
    Sentence s;
    s << "kith: ";
    switch (wrong.fault) {
    case ConditionFault::none: break;
    case ConditionFault::path: say_path_fault(s, wrong.left, path); break;
    case ConditionFault::other_path: say_path_fault(s, wrong.right, other); break;
    case ConditionFault::value_type: say_value_fault(s, wrong.left, path, shape, type, use); break;
    case ConditionFault::never_null:
        say_kind(s, wrong.left);
        s << " that is never NULL; `" << path << "` cannot be nullptr";
        break;
    case ConditionFault::other_query:
        say_kind(s, wrong.left);
        s << "; `" << path << "` cannot take ";
        say_value(s, shape, type);
        break;
    case ConditionFault::other_field:
        say_kind(s, wrong.left);
        s << "; `" << path << "` cannot be " << (use == PathUse::assignment ? "set to `" : "compared with `") << other
          << "`, a column of type " << column_word(value_column(wrong.right.last));
        break;
    case ConditionFault::not_writable:
        say_member(s, wrong.left.last);
        s << " is no column that can be written (in `" << path << "`)";
        break;
    default: say_lookup_fault(s, wrong.fault, path);
    }
    return s;
}

// ---- checks

/// The check of one `"path"_f = value`, by the types of both sides.
template <FixedString Path, class V>
struct Compares {
    static constexpr std::string_view path = Path.view();
    static constexpr std::string_view other{};

    static constexpr ConditionVerdict judge(const CheckedModel& model, PathUse use) {
        return use == PathUse::assignment ? judge_assignment(model, path, shape_of<V>)
                                          : judge_condition(model, path, shape_of<V>);
    }
    static constexpr ValueShape shape() { return shape_of<V>; }
    static consteval std::string_view type() { return type_name<shown_type<V>>(); }
};

/// `"path"_f = "other"_f`.
template <FixedString Path, FixedString Other>
struct ComparesFields {
    static constexpr std::string_view path = Path.view();
    static constexpr std::string_view other = Other.view();

    static constexpr ConditionVerdict judge(const CheckedModel& model, PathUse use) {
        if (use == PathUse::assignment) {
            if (const auto target = judge_target(model, path); target.fault != ConditionFault::none) return target;
        }
        return judge_fields(model, path, other);
    }
    static constexpr ValueShape shape() { return {}; }
    static consteval std::string_view type() { return {}; }
};

/// `"path"_f = kith::runtime(…)`: only the path can be checked.
template <FixedString Path>
struct ComparesRuntime {
    static constexpr std::string_view path = Path.view();
    static constexpr std::string_view other{};

    static constexpr ConditionVerdict judge(const CheckedModel& model, PathUse use) {
        if (use == PathUse::assignment) return judge_target(model, path);
        ConditionVerdict verdict{.left = resolve(model, path, PathUse::condition)};
        if (verdict.left.fault != LookupFault::none) verdict.fault = ConditionFault::path;
        return verdict;
    }
    static constexpr ValueShape shape() { return {}; }
    static consteval std::string_view type() { return {}; }
};

/// A test that describes its own faults, and may have further conditions inside.
template <class Test> concept DescribesItself =
    requires(const CheckedModel& model, PathUse use) { Test::describe(model, use); };

template <class M, class Test, PathUse Use>
struct WrongCondition {
    static consteval Sentence say() {
        if constexpr (DescribesItself<Test>) {
            return Test::describe(description<M>, Use);
        } else {
            return describe_fault(Test::judge(description<M>, Use), Test::path, Test::other, Test::shape(),
                                  Test::type(), Use);
        }
    }
    static constexpr Sentence sentence = say();
};

template <class M, class Test, PathUse Use>
consteval bool check_condition() {
    if constexpr (Test::judge(description<M>, Use).fault == ConditionFault::none) {
        if constexpr (DescribesItself<Test>) return Test::template conditions_ok<M>;
        return true;
    } else {
        return stop<WrongCondition<M, Test, Use>>();
    }
}

/// Whether a condition is right for rows of `M`. If not, naming this stops the compiler.
template <class M, class Test, PathUse Use = PathUse::condition>
inline constexpr bool condition_ok = check_condition<M, Test, Use>();

// ---- keys and rows given to relations

/// Whether `V` is a row of `M`, a Ref, a pointer, or a key that fits.
template <class M, class V>
consteval bool stands_for_row() {
    constexpr ValueShape shape = shape_of<V>;
    if constexpr (shape.list || shape.pair)
        return false;
    else if constexpr (shape.kind == ShapeKind::row)
        return shape.type == description<M>.type;
    else
        return fits(value_column({&description<M>, primary_key_of(description<M>)}), shape, false);
}

template <class M, class V>
struct WrongRow {
    static consteval Sentence say() {
        Sentence s;
        s << "kith: a row of " << description<M>.name << ", a kith::Ref<" << description<M>.name << "> or a key ("
          << column_word(value_column({&description<M>, primary_key_of(description<M>)}))
          << ") is needed here, but this is ";
        say_value(s, shape_of<V>, type_name<shown_type<V>>());
        return s;
    }
    static constexpr Sentence sentence = say();
};

template <class M, class V>
consteval bool check_row_or_key() {
    if constexpr (stands_for_row<M, V>())
        return true;
    else
        return stop<WrongRow<M, V>>();
}
template <class M, class V>
inline constexpr bool row_or_key_ok = check_row_or_key<M, V>();

template <class Target, class V>
struct WrongKey {
    static consteval Sentence say() {
        Sentence s;
        s << "kith: set_key takes a key of " << description<Target>.name << ", but this is ";
        say_value(s, shape_of<V>, type_name<shown_type<V>>());
        s << (shape_of<V>.kind == ShapeKind::row ? ": assign it instead" : "");
        return s;
    }
    static constexpr Sentence sentence = say();
};

/// Whether `V` is a key that a foreign key to `T`, or to its member `to_field`, can hold.
template <class T, class V>
consteval bool fits_key(std::string_view to_field) {
    KnownMember member = to_field.empty() ? primary_key_of(description<T>) : find_member(description<T>, to_field);
    constexpr ValueShape shape = shape_of<V>;
    return !shape.list && !shape.pair && fits(value_column({&description<T>, member}), shape, false);
}

template <class T, class V, bool Fits>
consteval bool check_key() {
    if constexpr (Fits)
        return true;
    else
        return stop<WrongKey<T, V>>();
}
template <class T, class V, auto... Options>
inline constexpr bool key_ok = check_key<T, V, fits_key<T, V>(to_field_of<Options...>())>();

template <class Target, FixedString Field>
struct WrongRemoval {
    static consteval Sentence say() {
        Sentence s;
        const bool composite = !find_member(description<Target>, Field.view())->from_fields.empty();
        s << "kith: " << description<Target>.name << "::" << Field.view()
          << (composite ? " consists of members that are no std::optional, so that a "
                        : " is not kith::null, so that a ")
          << description<Target>.name << " cannot be taken out of this set: delete the row, or add it to another set";
        return s;
    }
    static constexpr Sentence sentence = say();
};

template <class Target, FixedString Field>
consteval bool check_removable() {
    constexpr KnownMember forward = find_member(description<Target>, Field.view());
    if constexpr (forward == nullptr || forward->nullable || forward->kind == MemberKind::many_to_many)
        return true;
    else
        return stop<WrongRemoval<Target, Field>>();
}
/// Whether rows can be removed from the ReverseSet of `Target::Field`.
template <class Target, FixedString Field>
inline constexpr bool removable_ok = check_removable<Target, Field>();

} // namespace kith::detail
