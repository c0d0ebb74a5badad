// The compiler walks lookup paths that are literals, and the engine walks those that are text. Both must accept the
// same paths, and find the same members.

#include "model/path.hpp"
#include "query/lookups.hpp"
#include "query/resolve.hpp"
#include "unit/library.hpp"

#include <kith/detail/check/condition_rules.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <iterator>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace library;
using kith::detail::CheckedModel;
using kith::detail::Expr;
using kith::detail::FieldInfo;
using kith::detail::FieldLookup;
using kith::detail::LookupFault;
using kith::detail::MemberDescription;
using kith::detail::ModelInfo;
using kith::detail::Operand;
using kith::detail::PathUse;
using kith::detail::Resolved;
using kith::detail::Value;

// ---- what both sides say

/// What a path leads to, in a form that both sides can be compared in. Empty if the path is refused.
struct Verdict {
    std::string leads_to{};
    std::string why{}; ///< the path is refused

    bool is_accepted() const { return why.empty(); }
};

std::string written(const Verdict& verdict) {
    return verdict.is_accepted() ? verdict.leads_to : "refused: " + verdict.why;
}

std::string_view name_of(FieldLookup lookup) {
    for (const auto& known : kith::detail::lookup_names) {
        if (known.lookup == lookup) return known.name;
    }
    return "";
}

/// What the compiler says.
Verdict said(const Resolved& found, PathUse use) {
    if (found.fault != LookupFault::none) {
        return {.why = fmt::format("fault {} at `{}`", static_cast<int>(found.fault), found.part)};
    }
    Verdict verdict{.leads_to =
                        fmt::format("{}.{}, {} before", found.last.model->name, found.last.member->name, found.hops)};
    if (use == PathUse::condition) {
        verdict.leads_to += fmt::format(", lookup {}", found.lookup.empty() ? "exact" : found.lookup);
    }
    const auto column = kith::detail::value_column(found.last);
    const bool is_value = use == PathUse::condition || use == PathUse::order || use == PathUse::aggregate;
    if (is_value && column.member != nullptr) {
        verdict.leads_to += fmt::format(", type {}, many {}", static_cast<int>(column.member->type), found.many);
    }
    return verdict;
}

Verdict compiled(const CheckedModel& model, std::string_view path, PathUse use) {
    const bool descending = use == PathUse::order && path.starts_with('-');
    return said(kith::detail::resolve(model, descending ? path.substr(1) : path, use), use);
}

/// An assignment must also be writable.
Verdict compiled_assignment(const CheckedModel& model, std::string_view path) {
    const auto verdict = kith::detail::judge_target(model, path);
    if (verdict.fault == kith::detail::ConditionFault::not_writable) return {.why = "it cannot be written"};
    return said(verdict.left, PathUse::assignment);
}

/// The right-hand side of `"name"_f = "title"_f`.
Verdict compiled_other(const CheckedModel& model, std::string_view path) {
    return said(kith::detail::judge_fields(model, model.members.front().name, path).right, PathUse::order);
}

/// What the engine says: what `ask` returns, or what it throws.
template <class Ask>
Verdict asked(Ask&& ask) {
    try {
        return {.leads_to = ask()};
    } catch (const kith::Error& e) {
        return {.why = e.what()};
    }
}

std::string place(const FieldInfo& member, std::size_t before) {
    return fmt::format("{}.{}, {} before", member.model->name, member.name, before);
}

std::string value(const kith::query::ColumnPath& path) {
    return fmt::format(", type {}, many {}", static_cast<int>(path.column->type), kith::query::leads_to_many(path));
}

/// A QuerySet with all annotations of its model.
struct Annotated {
    std::vector<kith::query::ResolvedAnnotation> annotations{};
    kith::query::PathRoot root;

    explicit Annotated(const ModelInfo& model) : root(model) {
        for (const auto* field : model.marked) {
            if (field->kind != kith::detail::MemberKind::annotation) continue;
            annotations.push_back({field, std::make_shared<const kith::query::ResolvedValue>()});
        }
        root.annotations = annotations;
    }
};

/// Without its lookup, every path can be compared with NULL, whatever the type of its column.
std::string condition(const ModelInfo& model, std::string_view path) {
    const auto walked = kith::model::walk(model, path, true);
    const auto lookup = walked.lookup ? name_of(*walked.lookup) : "exact";
    if (walked.lookup) path.remove_suffix(lookup.size() + 2);
    const Annotated annotated(model);
    const auto resolved = kith::query::resolve_condition(annotated.root, {.path = std::string(path)});
    const bool is_composite = resolved.kind != Expr::Kind::compare;
    return place(*walked.member, walked.relations.size()) + fmt::format(", lookup {}", lookup) +
           (is_composite ? std::string{} : value(resolved.path));
}

std::string column(const ModelInfo& model, std::string_view path) {
    const Annotated annotated(model);
    const auto walked = kith::model::walk(model, path, false);
    return place(*walked.member, walked.relations.size()) + value(kith::query::resolve_column(annotated.root, path));
}

std::string order(const ModelInfo& model, std::string_view path) {
    const Annotated annotated(model);
    const auto bare = path.starts_with('-') ? path.substr(1) : path;
    const auto walked = kith::model::walk(model, bare, false);
    const auto found = kith::query::resolve_order(annotated.root, path);
    EXPECT_EQ(found.descending, path.starts_with('-')) << path;
    return place(*walked.member, walked.relations.size()) + value(found.path);
}

std::string lazy(const ModelInfo& model, std::string_view path) {
    const auto found = kith::query::resolve_lazy(model, path);
    return place(*found.column, found.relations.size());
}

std::string selected(const ModelInfo& model, std::string_view path) {
    const auto relations = kith::query::resolve_selected(model, path);
    return place(*relations.back()->field, relations.size() - 1);
}

std::string prefetched(const ModelInfo& model, std::string_view path) {
    std::vector<kith::query::LookupNode> tree;
    // For rows, whose slots may be filled: the compiler does not know which ones are.
    kith::query::add_lookup(tree, model, {.path = std::string(path)}, kith::query::LookupsFor::rows, nullptr);
    std::size_t before = 0;
    const auto* node = &tree.front();
    for (; !node->children.empty(); node = &node->children.front()) ++before;
    return place(*node->slot, before);
}

/// Assigns another column, which needs no value of the right type.
std::string assigned(const ModelInfo& model, std::string_view path) {
    static const auto db = kith::connect("sqlite::memory:");
    const auto nothing = kith::detail::QueryHandle::of_model(db, model).none();
    (void)nothing.update({{.path = std::string(path), .operand = kith::detail::FieldName{model.fields.front().name}}});
    return place(*kith::model::walk(model, path, false).member, 0);
}

std::string compared(const ModelInfo& model, std::string_view path) {
    const Annotated annotated(model);
    const auto walked = kith::model::walk(model, path, false);
    const auto resolved = kith::query::resolve_condition(
        annotated.root, {.path = model.fields.front().name, .operand = kith::detail::FieldName{std::string(path)}});
    return place(*walked.member, walked.relations.size()) + value(std::get<kith::query::ColumnPath>(resolved.right));
}

// ---- paths

struct Model {
    const CheckedModel& declared;
    const ModelInfo& info;
};

template <class... M>
std::vector<Model> models() {
    return {Model{kith::detail::description<M>, kith::detail::model_info(kith::detail::describe<M>())}...};
}

template <class... M>
constexpr bool are_right = (kith::detail::model_ok<M> && ...);
static_assert(are_right<Country, Author, Genre, Book, Portrait, Club, Membership, Seat, Loan, Remark, Report>);

const std::vector<Model>& all_models() {
    static const auto all = models<Country, Author, Genre, Book, Portrait, Club, Membership, Seat, Loan, Remark>();
    return all;
}

/// Generates paths: many of them right, the others wrong in various ways.
class Paths {
    std::size_t below(std::size_t end) { return random_() % end; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    const auto& pick(const auto& from) { return std::data(from)[below(std::size(from))]; }

public:
    explicit Paths(std::uint64_t seed) : random_(seed) {}

    const Model& start() { return pick(all_models()); }

    std::string path(const CheckedModel& from) {
        std::string text = one_in(30) ? "-" : "";
        const auto* here = &from;
        for (auto parts = 1 + below(4); parts > 0; --parts) {
            text += part(here);
            if (parts > 1) text += separator();
        }
        if (one_in(4)) text += separator() + std::string(pick(kith::detail::lookup_names).name);
        if (one_in(60)) text = "__" + text;
        if (one_in(60)) text += "__";
        return text;
    }

private:
    std::string separator() {
        constexpr std::array wrong{"_", "___", "____", ""};
        return one_in(40) ? pick(wrong) : "__";
    }

    /// The next part of a path at the model `here`; `here` becomes the model that it leads to.
    std::string part(const CheckedModel*& here) {
        const auto& member = pick(here->members);
        const std::string name(member.name);
        if (one_in(12)) return key_of(here);
        if (one_in(12)) return other(name);
        if (kith::detail::is_relation(member.kind)) {
            here = member.targets.empty() ? &kith::detail::target_of(member)
                                          : &kith::detail::checked_model(pick(member.targets));
            if (one_in(8)) return member.column.empty() ? name + "_id" : std::string(member.column);
        }
        return name;
    }

    static std::string key_of(const CheckedModel*& here) {
        const auto key = kith::detail::primary_key_of(*here);
        if (key != nullptr && kith::detail::is_relation(key->kind)) here = &kith::detail::target_of(*key);
        return "pk";
    }

    /// A part that is probably no member of the model.
    std::string other(const std::string& name) {
        switch (below(7)) {
        case 0: return "";
        case 1: return name.substr(1);
        case 2: return name + "_id";
        case 3: return name + "_type";
        case 4: return name + "_";
        case 5: return std::string(pick(kith::detail::lookup_names).name);
        default: return std::string(pick(pick(all_models()).declared.members).name);
        }
    }

    std::mt19937_64 random_;
};

std::uint64_t seed_of_run() {
    const auto* given = std::getenv("KITH_TEST_SEED");
    return given == nullptr ? std::random_device{}() : std::stoull(given);
}

// ---- the comparison

using Compiler = std::function<Verdict(const CheckedModel&, std::string_view)>;
using Engine = std::function<std::string(const ModelInfo&, std::string_view)>;

void compare(const Compiler& compiler, const Engine& engine) {
    constexpr int count = 10'000;
    const auto seed = seed_of_run();
    std::cout << "KITH_TEST_SEED=" << seed << "\n";
    Paths paths(seed);
    int accepted = 0;
    int differences = 0;
    for (int i = 0; i < count && differences < 10; ++i) {
        const auto& model = paths.start();
        const auto path = paths.path(model.declared);
        const auto literal = compiler(model.declared, path);
        const auto text = asked([&] { return engine(model.info, path); });
        accepted += literal.is_accepted() ? 1 : 0;
        if (literal.leads_to == text.leads_to) continue;
        ++differences;
        ADD_FAILURE() << model.declared.name << " \"" << path << "\", KITH_TEST_SEED=" << seed
                      << "\n  as a literal: " << written(literal) << "\n  as text:      " << written(text);
    }
    if (differences == 0) {
        EXPECT_GT(accepted, 50) << "too few paths were right to compare anything";
    }
}

void compare(PathUse use, const Engine& engine) {
    compare([&](const CheckedModel& model, std::string_view path) { return compiled(model, path, use); }, engine);
}

TEST(PathGrammar, OfConditions) { compare(PathUse::condition, condition); }
TEST(PathGrammar, OfComparedColumns) { compare(compiled_other, compared); }
TEST(PathGrammar, OfOrders) { compare(PathUse::order, order); }
TEST(PathGrammar, OfAggregates) { compare(PathUse::aggregate, column); }
TEST(PathGrammar, OfAssignments) { compare(compiled_assignment, assigned); }
TEST(PathGrammar, OfLazyColumns) { compare(PathUse::lazy, lazy); }
TEST(PathGrammar, OfSelectRelated) { compare(PathUse::select, selected); }
TEST(PathGrammar, OfPrefetchRelated) { compare(PathUse::prefetch, prefetched); }

} // namespace
