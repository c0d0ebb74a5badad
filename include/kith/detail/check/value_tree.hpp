#pragma once

#include <kith/detail/check/condition_messages.hpp>
#include <kith/detail/core/value_rules.hpp>

#include <cstddef>
#include <string_view>

/// Checks computed values at compile time. The type of an expression is a tree of these types; only programs that
/// compute values instantiate them.
namespace kith::detail {

/// A part of an expression: its type, and the path if it is a column.
struct ValuePart {
    ValueType is{};
    Resolved found{};
    bool is_column{false};
};

/// What an expression is, or the first thing that is wrong with it.
struct TreeVerdict {
    ValueFault fault{ValueFault::none};
    ValuePart whole{};
    bool many{false};        ///< it leads through a set
    bool open{false};        ///< some of its paths are known only at run time
    std::size_t hops{0};     ///< the most relations on a path in it
    ValueKind function{};    ///< with a fault: the operation
    ValuePart wrong{};       ///< with a fault: its operand
    ValuePart other{};       ///< and another one that does not go with it
    std::string_view path{}; ///< with a fault of a path: the path
};

constexpr void merge(TreeVerdict& whole, const TreeVerdict& part) {
    whole.many = whole.many || part.many;
    whole.open = whole.open || part.open;
    whole.hops = part.hops > whole.hops ? part.hops : whole.hops;
}

/// `"stock"_f`.
template <FixedString Text>
struct ColumnTree {
    static constexpr TreeVerdict judge(const CheckedModel& model) {
        TreeVerdict verdict;
        auto& found = verdict.whole.found = resolve(model, Text.view(), PathUse::order);
        verdict.whole.is_column = true;
        verdict.path = Text.view();
        if (found.fault != LookupFault::none) {
            verdict.fault = ValueFault::path;
            return verdict;
        }
        const Member column = value_column(found.last);
        verdict.whole.is = {
            .type = column.member->type, .enumeration = column.check().enumeration, .nullable = found.nullable};
        verdict.many = found.many;
        verdict.hops = found.hops;
        return verdict;
    }
    template <class M>
    static constexpr bool conditions_ok = true;
};

/// The type of the column that could hold a value of type `V`.
template <class V>
consteval ValueType constant_type() {
    constexpr ValueShape shape = shape_of<V>;
    ValueType type{.nullable = is_optional<V> || shape.kind == ShapeKind::null,
                   .constant = true,
                   .null = shape.kind == ShapeKind::null};
    switch (shape.kind) {
    case ShapeKind::boolean: type.type = ColumnType::boolean; break;
    case ShapeKind::integer: type.type = ColumnType::int64; break;
    case ShapeKind::floating: type.type = ColumnType::float64; break;
    case ShapeKind::text: type.type = ColumnType::text; break;
    case ShapeKind::bytes: type.type = ColumnType::bytes; break;
    case ShapeKind::date: type.type = ColumnType::date; break;
    case ShapeKind::timestamp: type.type = ColumnType::timestamp; break;
    case ShapeKind::local_timestamp: type.type = ColumnType::local_timestamp; break;
    case ShapeKind::uuid: type.type = ColumnType::uuid; break;
    case ShapeKind::decimal: type.type = ColumnType::decimal; break;
    case ShapeKind::json: type.type = ColumnType::json; break;
    case ShapeKind::enumeration:
        if constexpr (std::is_enum_v<unwrapped<V>>) type.type = column_kind<unwrapped<V>>().type;
        type.enumeration = shape.type;
        break;
    default: break;
    }
    return type;
}

/// A value of the program.
template <class V>
struct ConstantTree {
    static constexpr TreeVerdict judge(const CheckedModel&) {
        constexpr ValueShape shape = shape_of<V>;
        TreeVerdict verdict;
        verdict.whole.is = constant_type<V>();
        const bool single = !shape.list && !shape.pair && !shape.query;
        if (!single || shape.kind == ShapeKind::row || shape.kind == ShapeKind::unsupported) {
            verdict.fault = ValueFault::no_value;
        }
        return verdict;
    }
    template <class M>
    static constexpr bool conditions_ok = true;
};

/// What is known only when the statement is made.
struct UnknownTree {
    static constexpr TreeVerdict judge(const CheckedModel&) { return {.open = true}; }
    template <class M>
    static constexpr bool conditions_ok = true;
};

/// A value whose type does not depend on the model.
template <ColumnType Type>
struct TypedTree {
    static constexpr TreeVerdict judge(const CheckedModel&) {
        TreeVerdict verdict;
        verdict.whole.is.type = Type;
        return verdict;
    }
    template <class M>
    static constexpr bool conditions_ok = true;
};

/// The time of the statement.
struct NowTree : TypedTree<ColumnType::timestamp> {};
/// Whether a condition holds.
struct HoldsTree : TypedTree<ColumnType::boolean> {};

/// `a + b` and the like.
template <ValueKind Kind, class A, class B>
struct ArithmeticTree {
    static constexpr TreeVerdict judge(const CheckedModel& model) {
        const TreeVerdict a = A::judge(model);
        if (a.fault != ValueFault::none) return a;
        const TreeVerdict b = B::judge(model);
        if (b.fault != ValueFault::none) return b;
        TreeVerdict verdict{.function = Kind, .wrong = a.whole, .other = b.whole};
        merge(verdict, a);
        merge(verdict, b);
        if (verdict.fault = judge_number(a.whole.is); verdict.fault != ValueFault::none) return verdict;
        if (verdict.fault = judge_number(b.whole.is); verdict.fault != ValueFault::none) {
            verdict.wrong = b.whole;
            return verdict;
        }
        const ValueVerdict both = judge_arithmetic(Kind, a.whole.is, b.whole.is);
        verdict.fault = both.fault;
        verdict.whole.is = both.is;
        return verdict;
    }
    template <class M>
    static constexpr bool conditions_ok = A::template conditions_ok<M> && B::template conditions_ok<M>;
};

/// `Lower(a)` and the like.
template <ValueKind Kind, class A>
struct TextTree {
    static constexpr TreeVerdict judge(const CheckedModel& model) {
        TreeVerdict verdict = A::judge(model);
        if (verdict.fault != ValueFault::none) return verdict;
        const ValueVerdict result = judge_text_function(Kind, verdict.whole.is);
        verdict.function = Kind;
        verdict.wrong = verdict.whole;
        verdict.fault = result.fault;
        verdict.whole = {.is = result.is};
        return verdict;
    }
    template <class M>
    static constexpr bool conditions_ok = A::template conditions_ok<M>;
};

/// One of several values: of Coalesce or Case.
template <ValueKind Kind, class... Values>
struct ChoiceTree {
    static constexpr TreeVerdict judge(const CheckedModel& model) {
        TreeVerdict verdict{.function = Kind};
        verdict.whole.is.null = true; // what has no type yet
        bool never_null = false;
        (void)(add(verdict, Values::judge(model), never_null) && ...);
        // Coalesce is NULL only if all of its values are.
        if (Kind == ValueKind::coalesce && never_null) verdict.whole.is.nullable = false;
        return verdict;
    }
    template <class M>
    static constexpr bool conditions_ok = (Values::template conditions_ok<M> && ...);

private:
    static constexpr bool add(TreeVerdict& verdict, const TreeVerdict& next, bool& never_null) {
        if (next.fault != ValueFault::none) {
            verdict = next;
            return false;
        }
        merge(verdict, next);
        never_null = never_null || !next.whole.is.nullable;
        const ValueVerdict both = judge_choice(verdict.whole.is, next.whole.is);
        if (both.fault != ValueFault::none) {
            verdict.fault = both.fault;
            verdict.wrong = verdict.whole;
            verdict.other = next.whole;
            return false;
        }
        const bool first_column = verdict.whole.is.null || verdict.whole.is.constant;
        if (first_column) verdict.whole = next.whole; // for messages
        verdict.whole.is = both.is;
        return true;
    }
};

/// `When(condition, value)`.
template <class V, class... Tests>
struct WhenTree {
    static constexpr TreeVerdict judge(const CheckedModel& model) { return V::judge(model); }
    template <class M>
    static constexpr bool conditions_ok = V::template conditions_ok<M> && (condition_ok<M, Tests> && ...);
};

// ---- sentences

/// `Book::title is a column of type std::string`, `this is a value of type double`.
constexpr void say_part(Sentence& s, const ValuePart& part) {
    if (part.is_column) {
        say_kind(s, part.found);
        return;
    }
    s << "this is a value of type "
      << (!part.is.enumeration.empty() ? "an enum"
          : part.is.null               ? "nullptr"
                                       : type_word(part.is.type));
}

constexpr void say_value_tree_fault(Sentence& s, const TreeVerdict& wrong) {
    switch (wrong.fault) {
    case ValueFault::path: say_path_fault(s, wrong.whole.found, wrong.path); return;
    case ValueFault::no_value:
        s << "an expression takes paths and single values: numbers, text, dates and the like";
        return;
    default: say_part(s, wrong.wrong); break;
    }
    switch (wrong.fault) {
    case ValueFault::needs_numbers: s << ", and " << name_of(wrong.function) << " takes numbers"; break;
    case ValueFault::needs_text: s << ", and " << name_of(wrong.function) << " takes text"; break;
    case ValueFault::unsigned_number:
        s << ", and " << name_of(wrong.function)
          << " does not take unsigned numbers of 64 bits: databases compute with signed ones";
        break;
    case ValueFault::decimal_quotient:
        s << ", and each database would round a quotient of Decimals differently: multiply instead, or divide doubles";
        break;
    case ValueFault::decimal_with_real:
    case ValueFault::different_types:
        s << " and ";
        say_part(s, wrong.other);
        s << (wrong.fault == ValueFault::decimal_with_real
                  ? ": a Decimal is exact, and a double is not, so that they do not go together in "
                  : ": they do not go together in ")
          << name_of(wrong.function);
        break;
    default: break;
    }
}

// ---- where expressions are used

/// The check of `"path"_f = expression`.
template <FixedString Path, class Tree>
struct Computes {
    static constexpr ConditionVerdict judge(const CheckedModel& model, PathUse use) {
        ConditionVerdict verdict = judge_left(model, use);
        if (verdict.fault != ConditionFault::none) return verdict;
        const TreeVerdict right = Tree::judge(model);
        const Member column = value_column(verdict.left.last);
        const ValueType& is = right.whole.is;
        const bool assigns = use == PathUse::assignment;
        const auto suits = [&] {
            const auto enumeration = column.check().enumeration;
            return assigns ? takes(column.member->type, enumeration, is)
                           : is_comparable(column.member->type, enumeration, is);
        };
        if (right.fault != ValueFault::none || (assigns && right.hops > 0) || column.member == nullptr || !suits()) {
            verdict.fault = ConditionFault::value_type;
        } else if (assigns && is.null && !verdict.left.nullable) {
            verdict.fault = ConditionFault::never_null;
        }
        return verdict;
    }
    static constexpr Sentence describe(const CheckedModel& model, PathUse use) {
        const ConditionVerdict left = judge_left(model, use);
        if (left.fault != ConditionFault::none) return describe_fault(left, Path.view(), {}, {}, {});
        const TreeVerdict right = Tree::judge(model);
        Sentence s;
        s << "kith: ";
        if (right.fault != ValueFault::none) {
            say_value_tree_fault(s, right);
        } else if (use == PathUse::assignment && right.hops > 0) {
            s << "`" << Path.view() << "` can be computed from columns of " << model.name
              << " itself, not from those of related rows";
        } else {
            say_kind(s, left.left);
            s << "; `" << Path.view() << "` cannot " << (use == PathUse::assignment ? "take " : "be compared with ")
              << "a computed value of type "
              << (!right.whole.is.enumeration.empty() ? "an enum"
                  : right.whole.is.null               ? "nullptr"
                                                      : type_word(right.whole.is.type));
        }
        return s;
    }
    template <class M>
    static constexpr bool conditions_ok = Tree::template conditions_ok<M>;

private:
    static constexpr ConditionVerdict judge_left(const CheckedModel& model, PathUse use) {
        if (use == PathUse::assignment) return judge_target(model, Path.view());
        ConditionVerdict verdict{.left = resolve(model, Path.view(), PathUse::condition)};
        if (verdict.left.fault != LookupFault::none) {
            verdict.fault = ConditionFault::path;
        } else if (!verdict.left.lookup.empty() && !compares(find_lookup(verdict.left.lookup)->lookup)) {
            verdict.fault = ConditionFault::takes_value;
        }
        return verdict;
    }
};

/// The check of kith::Exists: its own QuerySet was checked before.
struct HasRows {
    static constexpr ConditionVerdict judge(const CheckedModel&, PathUse use) {
        return {.fault = use == PathUse::assignment ? ConditionFault::not_writable : ConditionFault::none};
    }
    static constexpr Sentence describe(const CheckedModel&, PathUse) {
        Sentence s;
        s << "kith: kith::Exists is a condition, and no value that a column could be set to";
        return s;
    }
    template <class M>
    static constexpr bool conditions_ok = true;
};

/// The check of `kith::runtime(…) = expression`: of what the compiler can know.
template <class Tree>
struct ComputesRuntime {
    static constexpr ConditionVerdict judge(const CheckedModel& model, PathUse) {
        return {.fault =
                    Tree::judge(model).fault == ValueFault::none ? ConditionFault::none : ConditionFault::value_type};
    }
    static constexpr Sentence describe(const CheckedModel& model, PathUse) {
        Sentence s;
        s << "kith: ";
        say_value_tree_fault(s, Tree::judge(model));
        return s;
    }
    template <class M>
    static constexpr bool conditions_ok = Tree::template conditions_ok<M>;
};

} // namespace kith::detail
