#include <kith/detail/check/name_argument.hpp>
#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/query_handle.hpp>
#include <kith/error.hpp>
#include <kith/prefetch.hpp>
#include <kith/query_calls.hpp>

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// The calls of a QuerySet with arguments that the compiler has checked.
namespace kith::detail {

namespace {

/// The names that were given to a call, which takes at most eight.
class GivenNames {
public:
    explicit GivenNames(std::span<const NameArgument> arguments) {
        for (const auto& argument : arguments) {
            if (!argument.path.empty()) names_[count_++] = argument.path;
        }
    }
    operator std::span<const std::string_view>() const noexcept { return {names_, count_}; }

private:
    std::string_view names_[8]{};
    std::size_t count_{0};
};

} // namespace

// ---- names

QueryHandle ordered(const QueryHandle& query, std::span<const NameArgument> arguments) {
    return query.order_by(GivenNames(arguments));
}
QueryHandle selected(const QueryHandle& query, std::span<const NameArgument> arguments) {
    return arguments[0].is_none() ? query.without_select_related() : query.select_related(GivenNames(arguments));
}
QueryHandle loading_only(const QueryHandle& query, std::span<const NameArgument> arguments) {
    return query.only(GivenNames(arguments));
}
QueryHandle deferring(const QueryHandle& query, std::span<const NameArgument> arguments) {
    return arguments[0].is_none() ? query.without_defer() : query.defer(GivenNames(arguments));
}
QueryHandle locked(const QueryHandle& query, LockSpec lock, const std::vector<NameArgument>& of) {
    for (const auto& name : of) {
        if (!name.path.empty()) lock.of.push_back(name.path);
    }
    return query.select_for_update(lock);
}

// ---- lookups

void LookupArgument::append_to(std::vector<LookupSpec>& lookups) const {
    if (size_ == is_spec) {
        lookups.push_back(*static_cast<const LookupSpec*>(data_));
    } else if (data_ != nullptr) {
        lookups.push_back({.path = std::string(static_cast<const char*>(data_), size_)});
    }
}

std::vector<LookupSpec> gather_lookups(std::span<const LookupArgument> arguments) {
    std::vector<LookupSpec> lookups;
    bool none = false;
    for (const auto& argument : arguments) {
        none = none || argument.is_none();
        argument.append_to(lookups);
    }
    if (none && !lookups.empty()) {
        throw ValueError("kith::None empties the lookups of a QuerySet and cannot be combined with others: call "
                         "prefetch_related(kith::None) first, then prefetch_related with the new ones");
    }
    return lookups;
}

QueryHandle prefetched(const QueryHandle& query, std::span<const LookupArgument> arguments) {
    auto lookups = gather_lookups(arguments);
    const bool clear = !arguments.empty() && lookups.empty() && arguments[0].is_none();
    return clear ? query.without_prefetch_related() : query.prefetch_related(std::move(lookups));
}

AnyPrefetch::AnyPrefetch(std::string_view path, const QueryHandle* rows, std::string_view slot)
    : spec_{.path = std::string(path),
            .queryset = rows == nullptr ? nullptr : rows->query(),
            .to_attr = std::string(slot)} {}
AnyPrefetch::AnyPrefetch(const AnyPrefetch&) = default;
AnyPrefetch::AnyPrefetch(AnyPrefetch&&) noexcept = default;
AnyPrefetch::~AnyPrefetch() = default;

// ---- conditions and annotations

namespace {

std::vector<Expr> gather(std::initializer_list<AnyCondition*> conditions) {
    return std::move(ConditionList(conditions).list());
}

/// The arguments of one get_or_create call.
struct CreateLists {
    std::vector<Expr> conditions{};
    std::vector<Expr> defaults{};

    explicit CreateLists(std::initializer_list<CreateArgument> arguments) {
        for (const auto& [condition, given] : arguments) {
            if (condition != nullptr) conditions.push_back(std::move(condition->expr()));
            if (given == nullptr) continue;
            for (Expr& assignment : given->list()) defaults.push_back(std::move(assignment));
        }
    }
};

} // namespace

QueryHandle filtered(const QueryHandle& query, std::initializer_list<AnyCondition*> conditions) {
    return query.filter(gather(conditions));
}
QueryHandle excluded(const QueryHandle& query, std::initializer_list<AnyCondition*> conditions) {
    return query.exclude(gather(conditions));
}
QueryHandle annotated(const QueryHandle& query, std::initializer_list<AnnotationArgument> annotations) {
    std::vector<AnnotationSpec> list;
    list.reserve(annotations.size());
    for (const auto& [aggregate, computed] : annotations) {
        if (aggregate != nullptr) {
            list.push_back({.slot = std::move(aggregate->slot), .aggregate = aggregate->aggregate.expr()});
        } else if (computed != nullptr) {
            Expr& expr = computed->expr();
            list.push_back({.slot = std::move(expr.path), .value = std::get<ValueExprPtr>(std::move(expr.operand))});
        }
    }
    return query.annotate(std::move(list));
}
RowHandle get_row(const QueryHandle& query, std::initializer_list<AnyCondition*> conditions,
                  std::source_location where) {
    return query.get(gather(conditions), where);
}
std::int64_t update_rows(const QueryHandle& query, std::initializer_list<AnyCondition*> assignments,
                         std::source_location where) {
    return query.update(gather(assignments), where);
}
std::vector<RowHandle> update_returning_rows(const QueryHandle& query, std::initializer_list<AnyCondition*> assignments,
                                             std::source_location where) {
    return query.update_returning(gather(assignments), where);
}
std::pair<RowHandle, bool> get_or_create_row(const QueryHandle& query, std::initializer_list<CreateArgument> arguments,
                                             std::source_location where) {
    CreateLists lists(arguments);
    return query.get_or_create(std::move(lists.conditions), std::move(lists.defaults), where);
}
std::pair<RowHandle, bool> update_or_create_row(const QueryHandle& query,
                                                std::initializer_list<CreateArgument> arguments,
                                                std::source_location where) {
    CreateLists lists(arguments);
    return query.update_or_create(std::move(lists.conditions), std::move(lists.defaults), where);
}
AnyCondition has_rows(const QueryHandle& rows) {
    return AnyCondition({.kind = Expr::Kind::exists, .operand = rows.query()});
}

} // namespace kith::detail
