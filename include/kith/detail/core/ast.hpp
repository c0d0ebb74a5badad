#pragma once

#include <kith/detail/core/value.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kith::detail {

struct Query;

/// The lookups that may end a path, by Django's names.
enum class FieldLookup : std::uint8_t {
    // clang-format off
    exact, iexact, contains, icontains, startswith, istartswith, endswith, iendswith,
    gt, gte, lt, lte, in, range, isnull, regex, iregex, year, month, day,
    // clang-format on
};

/// Another field of the same row as the right-hand side: `"stock__lt"_f = "sold"_f`.
struct FieldName {
    std::string path{};
};

/// Rows as the right-hand side: for each row, all values that a foreign key to it could hold. `fields` names them.
struct RowKeys {
    bool is_list{false};
    std::vector<std::string> fields{};
    std::vector<std::vector<Value>> rows{};
};

using Operand =
    std::variant<Value, std::vector<Value>, std::pair<Value, Value>, FieldName, std::shared_ptr<const Query>, RowKeys>;

/// The aggregates, by SQL's and Django's names.
enum class AggregateFunction : std::uint8_t { count, sum, avg, min, max };

constexpr std::string_view name_of(AggregateFunction function) {
    constexpr std::string_view names[]{"Count", "Sum", "Avg", "Min", "Max"};
    return names[static_cast<std::size_t>(function)];
}

/// A condition as it was written: a tree of comparisons. Paths are texts; src/query resolves them against a model.
struct Expr {
    enum class Kind : std::uint8_t { compare, all, any, negate };

    Kind kind{Kind::compare};
    std::string path{};           ///< compare: `author__name__icontains`
    Operand operand{};            ///< compare: the right-hand side
    bool is_text{false};          ///< compare: a kith::Text, to be read as the column and the lookup need it
    std::vector<Expr> children{}; ///< all, any: two or more; negate: one
};

/// An aggregate as it was written: `Count("visitation"_f).distinct()`.
struct AggregateExpr {
    AggregateFunction function{};
    std::string path{}; ///< empty: the rows themselves
    bool distinct{false};
    std::vector<Expr> conditions{}; ///< all of them hold for the rows that it is computed from
};

} // namespace kith::detail
