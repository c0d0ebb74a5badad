#pragma once

#include "support/press_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Random queries over the press, as data.
namespace press {

/// `path` is a column, possibly through relations to one row; `lookup` is exact, gte, lt, in, contains or isnull.
struct Test {
    std::vector<std::string> path{};
    std::string lookup{};
    Cell value{};
    std::vector<std::int64_t> list{};
    bool excluded{false};
};

struct Term {
    std::vector<std::string> path{};
    bool descending{false};
};

struct Asked;

struct AskedLookup {
    std::string path{};
    std::shared_ptr<Asked> rows{}; ///< null: all of them
    std::string slot{};
};

struct Asked {
    std::string model{};
    std::vector<Test> tests{};
    std::optional<std::vector<Term>> order{};
    bool reversed{false};
    bool distinct{false};
    bool nothing{false};
    bool annotated{false};
    std::optional<std::pair<std::size_t, std::size_t>> slice{};
    std::vector<std::string> selected{};
    std::vector<AskedLookup> lookups{};
};

// ---- as text, for messages

inline std::string describe(const Asked& asked);

inline std::string describe(const AskedLookup& lookup) {
    if (!lookup.rows && lookup.slot.empty()) return fmt::format("\"{}\"", lookup.path);
    return fmt::format("Prefetch({}, {}, {})", lookup.path, lookup.rows ? describe(*lookup.rows) : "None", lookup.slot);
}

inline std::string describe(const Asked& asked) {
    auto text = asked.model;
    for (const auto& test : asked.tests) {
        text += fmt::format(".{}({}__{} = {}{})", test.excluded ? "exclude" : "filter", fmt::join(test.path, "__"),
                            test.lookup, text_of(test.value), fmt::join(test.list, " "));
    }
    if (asked.annotated) text += ".annotate(…)";
    if (asked.order) {
        text += ".order_by(";
        for (const auto& term : *asked.order) {
            text += fmt::format("{}{} ", term.descending ? "-" : "", fmt::join(term.path, "__"));
        }
        text += ")";
    }
    if (asked.reversed) text += ".reverse()";
    if (asked.distinct) text += ".distinct()";
    for (const auto& path : asked.selected) text += fmt::format(".select_related({})", path);
    for (const auto& lookup : asked.lookups) text += fmt::format(".prefetch_related({})", describe(lookup));
    if (asked.slice) text += fmt::format(".slice({}, {})", asked.slice->first, asked.slice->second);
    if (asked.nothing) text += ".none()";
    return text;
}

// ---- generated at random

class Asking {
public:
    explicit Asking(Dice& dice) : dice_(dice) {}

    /// A question whose lookups are up to `depth` steps deep.
    Asked question(std::string_view model, std::size_t depth) {
        Asked asked = rows_of(model, true);
        asked.lookups = lookups(model, depth, 1 + dice_.below(5));
        return asked;
    }

    std::vector<AskedLookup> lookups(std::string_view model, std::size_t depth, std::size_t count) {
        std::vector<AskedLookup> list;
        while (list.size() < count) add_lookup(list, model, depth);
        return list;
    }

private:
    void add_lookup(std::vector<AskedLookup>& list, std::string_view model, std::size_t depth) {
        AskedLookup lookup;
        const auto steps = 1 + dice_.below(depth);
        auto here = model;
        std::size_t taken = 0;
        // Sometimes continues from a slot that an earlier lookup fills.
        if (const auto* earlier = dice_.one_in(4) ? slot_in(list) : nullptr) {
            if (earlier->steps < depth) {
                lookup.path = earlier->path + "__";
                here = earlier->target;
                taken = earlier->steps;
            }
        }
        const Relation* last = nullptr;
        for (auto step = taken; step < std::max(steps, taken + 1); ++step) {
            last = &some_relation(here);
            if (step > taken) lookup.path += "__";
            lookup.path += last->name;
            here = last->target;
        }
        const auto used = std::max(steps, taken + 1);
        if (dice_.one_in(2)) make_prefetch(lookup, *last, depth - used, used);
        list.push_back(std::move(lookup));
    }

    void make_prefetch(AskedLookup& lookup, const Relation& relation, std::size_t depth, std::size_t steps) {
        if (!dice_.one_in(5)) {
            lookup.rows = std::make_shared<Asked>(rows_of(relation.target, false, relation.many));
            if (depth > 0 && dice_.one_in(2))
                lookup.rows->lookups = lookups(relation.target, depth, 1 + dice_.below(2));
        }
        std::vector<const Slot*> fitting;
        for (const auto& slot : slots()) {
            if (slot.model == relation.model && slot.target == relation.target && slot.many == relation.many) {
                fitting.push_back(&slot);
            }
        }
        if (fitting.empty() || dice_.one_in(3)) return;
        lookup.slot = dice_.pick(fitting)->name;
        filled_.push_back({lookup.path, lookup.slot, std::string(relation.target), steps});
    }

    struct Filled {
        std::string path{};
        std::string slot{};
        std::string target{};
        std::size_t steps{0};
    };
    /// A path to one of the slots that `list` fills.
    const Filled* slot_in(const std::vector<AskedLookup>& list) {
        std::vector<Filled> ways;
        for (const auto& lookup : list) {
            if (lookup.slot.empty()) continue;
            for (const auto& filled : filled_) {
                if (filled.path != lookup.path || filled.slot != lookup.slot) continue;
                const auto cut = lookup.path.rfind("__");
                const auto front = cut == std::string::npos ? std::string{} : lookup.path.substr(0, cut + 2);
                ways.push_back({front + lookup.slot, lookup.slot, filled.target, filled.steps});
                break;
            }
        }
        if (ways.empty()) return nullptr;
        way_ = dice_.pick(ways);
        return &way_;
    }

    const Relation& some_relation(std::string_view model) {
        std::vector<const Relation*> list;
        for (const auto& relation : relations()) {
            if (relation.model == model) list.push_back(&relation);
        }
        return *dice_.pick(list);
    }

    Asked rows_of(std::string_view model, bool main, bool many = true) {
        Asked asked{.model = std::string(model)};
        for (auto left = dice_.below(3); left > 0 && !dice_.one_in(3); --left) asked.tests.push_back(some_test(model));
        if (dice_.one_in(2)) asked.order = some_order(model);
        asked.reversed = dice_.one_in(5);
        asked.annotated = (model == "Author" || model == "Book") && dice_.one_in(5);
        if (many && dice_.one_in(3)) {
            const auto first = dice_.below(3);
            const bool open = first > 0 && dice_.one_in(3);
            asked.slice = {first, open ? std::string::npos : first + dice_.below(4)};
        } else {
            asked.distinct = dice_.one_in(6);
        }
        // The rows that a slice keeps or a chunk holds must be determined; within a Prefetch, Kith ensures that.
        if (main && !has_total_order(asked)) {
            if (!asked.order) asked.order.emplace();
            asked.order->push_back({.path = {std::string(model_named(model).key)}});
        }
        asked.nothing = dice_.one_in(main ? 60 : 15);
        for (auto left = dice_.below(2); left > 0; --left) asked.selected.push_back(some_way_to_one(model));
        std::erase(asked.selected, std::string{});
        return asked;
    }

public:
    static bool has_total_order(const Asked& asked) {
        const auto& described = model_named(asked.model);
        const auto is_unique = [&](std::string_view column) {
            return column == described.key || (column == "name" && asked.model != "Country");
        };
        if (!asked.order) {
            return std::ranges::any_of(
                described.ordering, [&](auto name) { return is_unique(name.substr(name.starts_with('-') ? 1 : 0)); });
        }
        return std::ranges::any_of(*asked.order,
                                   [&](const Term& t) { return t.path.size() == 1 && is_unique(t.path.front()); });
    }

private:
    std::string some_way_to_one(std::string_view model) {
        std::string path;
        auto here = model;
        for (auto left = 1 + dice_.below(2); left > 0; --left) {
            std::vector<const Relation*> list;
            for (const auto& relation : relations()) {
                if (relation.model == here && !relation.many) list.push_back(&relation);
            }
            if (list.empty()) break;
            const auto* relation = dice_.pick(list);
            path += fmt::format("{}{}", path.empty() ? "" : "__", relation->name);
            here = relation->target;
        }
        return path;
    }

    /// A column of the model, or of a row that a to-one relation leads to.
    std::vector<std::string> some_column(std::string_view model, std::string_view& owner) {
        std::vector<std::string> path;
        owner = model;
        if (dice_.one_in(4)) {
            std::vector<const Relation*> list;
            for (const auto& relation : relations()) {
                if (relation.model == model && !relation.many) list.push_back(&relation);
            }
            if (!list.empty()) {
                const auto* relation = dice_.pick(list);
                path.emplace_back(relation->name);
                owner = relation->target;
            }
        }
        path.emplace_back(dice_.pick(model_named(owner).columns));
        return path;
    }

    static bool is_number(std::string_view column) {
        return column == "born" || column == "pages" || column == "stars" || column == "price";
    }
    static bool is_text(std::string_view column) {
        return column == "name" || column == "title" || column == "text" || column == "colour";
    }

    Test some_test(std::string_view model) {
        Test test{.excluded = dice_.one_in(3)};
        std::string_view owner;
        test.path = some_column(model, owner);
        const auto& column = test.path.back();
        if (is_number(column)) {
            const auto value = static_cast<std::int64_t>(dice_.below(4)) + (column == "born"    ? 1900
                                                                            : column == "pages" ? 100
                                                                                                : 0);
            if (dice_.one_in(4)) {
                test.lookup = "in";
                test.list = {value, value + 1, value + 200};
            } else {
                test.lookup = dice_.one_in(2) ? "gte" : "lt";
                test.value = value;
            }
        } else if (is_text(column)) {
            const std::vector<std::string> parts{"a", "e", "o", "1", "5", "y"};
            test.lookup = "contains";
            test.value = dice_.pick(parts);
        } else {
            test.lookup = "isnull";
            test.value = static_cast<std::int64_t>(dice_.one_in(3));
        }
        return test;
    }

    std::vector<Term> some_order(std::string_view model) {
        std::vector<Term> terms;
        std::string_view owner;
        for (auto left = dice_.below(3); left > 0; --left) {
            terms.push_back({.path = some_column(model, owner), .descending = dice_.one_in(2)});
        }
        if (!dice_.one_in(4)) {
            terms.push_back({.path = {std::string(model_named(model).key)}, .descending = dice_.one_in(2)});
        }
        return terms;
    }

    Dice& dice_;
    std::vector<Filled> filled_;
    Filled way_{};
};

} // namespace press
