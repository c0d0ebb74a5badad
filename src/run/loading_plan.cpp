#include <kith/loading_plan.hpp>

#include <fmt/format.h>

#include <string_view>

namespace kith {

namespace {

using Lookup = LoadingPlan::Lookup;

std::string plural(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string statements_of(const Lookup& lookup) {
    switch (lookup.source) {
    case LoadingPlan::Source::nothing: return "no statement";
    case LoadingPlan::Source::joined: return "no statement: joined by select_related";
    case LoadingPlan::Source::above: return fmt::format("no statement: the {} above", lookup.model);
    case LoadingPlan::Source::statement: break;
    }
    if (lookup.pairs_beyond) {
        return fmt::format("join: 1 statement up to {} parents; pairs: 2 beyond; 0 without keys", *lookup.pairs_beyond);
    }
    return fmt::format("{}1 statement, 0 without keys", lookup.shape == LoadingPlan::Shape::join ? "join: " : "");
}

std::string what_it_took(const Lookup& lookup) {
    if (!lookup.taken) return " — took no statement: there were no keys";
    const auto& taken = *lookup.taken;
    const auto runs = taken.runs == 0 ? std::string{} : fmt::format(" in {}", plural(taken.runs, "run"));
    return fmt::format(" — took {} for {}{}, {}{}", taken.statements, plural(taken.keys, "key"), runs,
                       plural(taken.rows, "row"), taken.ahead ? ", sent with the main statement" : "");
}

void add_lookups(std::string& text, const LoadingPlan& plan, const std::vector<Lookup>& lookups, std::size_t depth) {
    for (const auto& lookup : lookups) {
        text += fmt::format("{:{}}{} → {}  {}", "", depth * 2, lookup.member, lookup.model, lookup.kind);
        if (lookup.member != lookup.relation) text += fmt::format(" {} into {}", lookup.relation, lookup.member);
        if (lookup.is_default_queryset) {
            text += fmt::format(", with the default queryset of {}", lookup.model);
        } else if (lookup.has_queryset) {
            text += ", with a queryset of its own";
        }
        text += fmt::format("; {}", statements_of(lookup));
        if (plan.is_evaluated && lookup.source == LoadingPlan::Source::statement) text += what_it_took(lookup);
        text += "\n";
        add_lookups(text, plan, lookup.lookups, depth + 1);
    }
}

} // namespace

std::size_t LoadingPlan::Lookup::statements(std::size_t distinct_keys) const noexcept {
    if (source != Source::statement || distinct_keys == 0) return 0;
    return pairs_beyond && distinct_keys > *pairs_beyond ? 2 : 1;
}

std::string LoadingPlan::text() const {
    auto text = fmt::format("{}  {}\n", model, statements == 0 ? "no statement" : plural(statements, "statement"));
    for (const auto& [path, target] : joined) {
        text += fmt::format("  {} → {}  joined by select_related; no statement\n", path, target);
    }
    add_lookups(text, *this, lookups, 1);
    if (!strategy_reason.empty()) {
        text += fmt::format("{}: {}\n", strategy == LoadStrategy::one_trip ? "one trip" : "level by level",
                            strategy_reason);
    }
    switch (isolation) {
    case Isolation::statement: return text + "no transaction: a single statement\n";
    case Isolation::snapshot: return text + "all in one snapshot\n";
    case Isolation::transaction: return text + "in the transaction that is open, whose isolation is kept\n";
    }
    return text;
}

} // namespace kith
