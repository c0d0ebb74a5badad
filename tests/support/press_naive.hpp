#pragma once

#include "support/press_random.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// A slow reference implementation: it follows every relation of every row separately, over tables in memory. It knows
/// what an instance is, what has been loaded into it, and how many keys each lookup would send.
namespace press {

/// Lookups would need two querysets for the same path, or a queryset for a joined relation.
struct Conflict : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A lookup in the tree that all lookups of a question are merged into.
struct Node {
    std::string name{}; ///< of the member that is filled
    std::string path{};
    const Relation* relation{nullptr};
    std::shared_ptr<const Asked> rows{};
    std::vector<Node> children{};
};

namespace naive {

inline Node* find(std::vector<Node>& nodes, std::string_view name) {
    const auto found = std::ranges::find_if(nodes, [&](const Node& n) { return n.name == name; });
    return found == nodes.end() ? nullptr : &*found;
}

inline std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> parts;
    while (true) {
        const auto at = path.find("__");
        parts.emplace_back(path.substr(0, at));
        if (at == std::string_view::npos) return parts;
        path.remove_prefix(at + 2);
    }
}

inline void prefix(std::vector<Node>& nodes, const std::string& before) {
    for (auto& node : nodes) {
        node.path = before + "__" + node.name;
        prefix(node.children, node.path);
    }
}

std::vector<Node> tree_of(const Asked& asked);

inline void add(std::vector<Node>& tree, const AskedLookup& lookup, std::string_view model) {
    auto* nodes = &tree;
    std::string path;
    const auto parts = split(lookup.path);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool last = i + 1 == parts.size();
        const auto& name = last && !lookup.slot.empty() ? lookup.slot : parts[i];
        path += (i == 0 ? "" : "__") + name;
        auto* node = find(*nodes, name);
        if (node != nullptr && last && lookup.rows) throw Conflict(path);
        if (node == nullptr) {
            Node made{.name = name, .path = path, .relation = find_relation(model, parts[i])};
            if (last && lookup.rows) {
                made.rows = std::make_shared<const Asked>(*lookup.rows);
                made.children = tree_of(*lookup.rows);
                prefix(made.children, path);
            }
            nodes->push_back(std::move(made));
            node = &nodes->back();
        }
        model = node->relation->target;
        nodes = &node->children;
    }
}

/// Throws Conflict if a lookup below has a queryset of its own for what `selected` joins, or for the path `back` to the
/// row that was joined.
inline void check_joined(const std::vector<std::string>& selected, std::string_view back,
                         const std::vector<Node>& nodes) {
    for (const auto& node : nodes) {
        std::vector<std::string> behind;
        bool joined = false;
        for (const auto& path : selected) {
            joined = joined || split(path).front() == node.name;
            if (path.starts_with(node.name + "__")) behind.push_back(path.substr(node.name.size() + 2));
        }
        if (node.rows == nullptr) {
            check_joined(behind, joined ? node.relation->inverse : std::string_view{}, node.children);
        } else if (joined || node.name == back) {
            throw Conflict(node.path);
        } else {
            check_joined(node.rows->selected, {}, node.children);
        }
    }
}

inline std::vector<Node> tree_of(const Asked& asked) {
    std::vector<Node> tree;
    for (const auto& lookup : asked.lookups) add(tree, lookup, asked.model);
    check_joined(asked.selected, {}, tree);
    return tree;
}

} // namespace naive

/// A loaded row, one instance for each time that it is decoded, with what has been loaded into it.
struct Instance {
    std::string_view model;
    const Record* record;
    std::int64_t annotation{-1};
    struct Loaded {
        std::vector<Instance*> rows{};
        bool ordered{true};
    };
    std::map<std::string, Loaded, std::less<>> loaded{};

    const Cell& operator[](std::string_view column) const { return record->find(column)->second; }
};

class Naive {
public:
    explicit Naive(const Tables& tables) : tables_(tables) {}

    /// The main rows of a question, without its lookups; in chunks of a stream unless `chunk` is 0.
    std::vector<Instance*> rows(const Asked& asked, std::size_t chunk = 0) {
        std::vector<const Record*> found;
        if (!asked.nothing) {
            for (const auto& record : tables_.of(asked.model)) found.push_back(&record);
        }
        refine(found, asked, false);
        joined_.clear();
        std::vector<Instance*> instances;
        for (const auto* record : found) {
            if (chunk != 0 && instances.size() % chunk == 0) joined_.clear();
            instances.push_back(&decode(asked.model, *record, &asked));
        }
        return instances;
    }

    /// Loads `nodes` into `parents`. `keys` gets for each path the number of distinct keys that must be sent.
    void load(const std::vector<Node>& nodes, const std::vector<Instance*>& parents,
              std::map<std::string, std::vector<std::size_t>>& keys, bool in_order = true) {
        if (parents.empty()) return;
        for (const auto& node : nodes) {
            const bool was_there =
                std::ranges::all_of(parents, [&](const Instance* row) { return row->loaded.contains(node.name); });
            keys[node.path].push_back(load_missing(node, parents, in_order));
            std::vector<Instance*> targets;
            std::set<Instance*> seen;
            for (auto* parent : parents) {
                for (auto* row : parent->loaded.find(node.name)->second.rows) {
                    if (seen.insert(row).second) targets.push_back(row);
                }
            }
            load(node.children, targets, keys, in_order && was_there);
        }
    }

    /// Whether children lead back to the first of several instances of one row whose order is not determined.
    bool is_ambiguous() const { return ambiguous_; }

private:
    std::size_t load_missing(const Node& node, const std::vector<Instance*>& parents, bool in_order) {
        const auto& relation = *node.relation;
        std::map<Cell, std::vector<Instance*>> by_key;
        std::vector<Cell> keys; // in the order of the parents, without duplicates
        std::vector<Instance*> missing;
        for (auto* parent : parents) {
            if (parent->loaded.contains(node.name)) continue;
            missing.push_back(parent);
            const auto& key = (*parent)[relation.near];
            if (std::holds_alternative<std::monostate>(key)) continue;
            if (by_key[key].empty()) keys.push_back(key);
            by_key[key].push_back(parent);
        }
        for (auto* parent : missing) parent->loaded[node.name]; // what is not found is known not to exist
        if (node.rows != nullptr && node.rows->nothing) return 0;
        std::map<const Record*, Instance*> decoded;
        joined_.clear();
        for (const auto& key : keys) give(node, by_key[key], key, decoded);
        if (!relation.inverse.empty() && !brings_parents(node)) {
            lead_back(node, by_key);
            const auto several = [](const auto& entry) { return entry.second.size() > 1; };
            ambiguous_ = ambiguous_ || (!in_order && std::ranges::any_of(by_key, several));
        }
        return keys.size();
    }

    /// Follows the relation from one key and gives the rows found to the parents of that key.
    void give(const Node& node, const std::vector<Instance*>& parents, const Cell& key,
              std::map<const Record*, Instance*>& decoded) {
        auto found = tables_.follow(*node.relation, key);
        bool ordered = true;
        if (node.rows != nullptr) {
            refine(found, *node.rows, node.relation->many);
            ordered = node.rows->slice || Asking::has_total_order(*node.rows);
        } else {
            const Asked all{.model = std::string(node.relation->target)};
            refine(found, all, node.relation->many);
            ordered = Asking::has_total_order(all);
        }
        std::vector<Instance*> rows;
        for (const auto* record : found) {
            auto*& instance = decoded[record];
            if (instance == nullptr) instance = &decode(node.relation->target, *record, node.rows.get());
            rows.push_back(instance);
        }
        if (!node.relation->many && rows.size() > 1) throw std::logic_error("several rows for one");
        for (auto* parent : parents) parent->loaded[node.name] = {rows, ordered || !node.relation->many};
    }

    static bool brings_parents(const Node& node) {
        return std::ranges::any_of(node.children, [&](const Node& child) {
            return child.name == node.relation->inverse && child.rows != nullptr;
        });
    }

    static void lead_back(const Node& node, const std::map<Cell, std::vector<Instance*>>& by_key) {
        for (const auto& [key, parents] : by_key) {
            for (auto* row : parents.front()->loaded.find(node.name)->second.rows) {
                row->loaded.try_emplace(std::string(node.relation->inverse), Instance::Loaded{{parents.front()}});
            }
        }
    }

    /// A new instance, with what select_related joins to it.
    Instance& decode(std::string_view model, const Record& record, const Asked* asked) {
        auto& instance = instances_.emplace_back(Instance{.model = model, .record = &record});
        if (asked == nullptr) return instance;
        if (asked->annotated) {
            const auto* counted = find_relation(model, model == "Author" ? "books" : "reviews");
            instance.annotation = static_cast<std::int64_t>(tables_.follow(*counted, instance["id"]).size());
        }
        for (const auto& path : asked->selected) join(instance, naive::split(path));
        return instance;
    }

    void join(Instance& start, const std::vector<std::string>& parts) {
        auto* here = &start;
        std::string path;
        for (const auto& part : parts) {
            path += "__" + part;
            if (!here->loaded.contains(part)) {
                const auto* relation = find_relation(here->model, part);
                auto& member = here->loaded[part];
                for (const auto* record : tables_.follow(*relation, (*here)[relation->near])) {
                    auto& joined = join_one(*relation, path, *record);
                    member.rows = {&joined};
                    if (!relation->inverse.empty()) {
                        joined.loaded.try_emplace(std::string(relation->inverse), Instance::Loaded{{here}});
                    }
                }
            }
            const auto& rows = here->loaded[part].rows;
            if (rows.empty()) return;
            here = rows.front();
        }
    }

    /// A row that select_related joins: if several rows can lead to it, one instance per step of one fetch.
    Instance& join_one(const Relation& relation, const std::string& path, const Record& record) {
        const bool is_forward = relation.near == relation.name;
        if (!is_forward) return decode(relation.target, record, nullptr);
        auto*& known = joined_[{path, &record}];
        if (known == nullptr) known = &decode(relation.target, record, nullptr);
        return *known;
    }

    // ---- conditions, order, slice

    /// The value at the end of a path; NULL if the path ends before.
    Cell value_at(std::string_view model, const Record& record, const std::vector<std::string>& path) const {
        const auto* here = &record;
        for (std::size_t i = 0; i + 1 < path.size(); ++i) {
            const auto* relation = find_relation(model, path[i]);
            const auto& key = here->find(relation->near)->second;
            // A key on this side is the value already; it need not lead to a row.
            if (relation->near == path[i] && relation->far == path.back() && i + 2 == path.size()) return key;
            const auto found = tables_.follow(*relation, key);
            if (found.empty()) return {};
            here = found.front();
            model = relation->target;
        }
        return here->find(path.back())->second;
    }

    static bool matches(const Test& test, const Cell& value) {
        if (test.lookup == "isnull")
            return std::holds_alternative<std::monostate>(value) == (test.value == Cell{std::int64_t{1}});
        if (std::holds_alternative<std::monostate>(value)) return false;
        if (test.lookup == "gte") return value >= test.value;
        if (test.lookup == "lt") return value < test.value;
        if (test.lookup == "in") return std::ranges::find(test.list, std::get<std::int64_t>(value)) != test.list.end();
        return std::get<std::string>(value).find(std::get<std::string>(test.value)) != std::string::npos;
    }

    std::vector<Term> terms_of(const Asked& asked, bool sliced_per_parent) const {
        std::vector<Term> terms;
        if (asked.order) {
            terms = *asked.order;
        } else {
            for (const auto name : model_named(asked.model).ordering) {
                const bool descending = name.starts_with('-');
                terms.push_back({.path = {std::string(name.substr(descending ? 1 : 0))}, .descending = descending});
            }
        }
        if (sliced_per_parent) terms.push_back({.path = {std::string(model_named(asked.model).key)}});
        return terms;
    }

    void refine(std::vector<const Record*>& found, const Asked& asked, bool per_parent) const {
        std::erase_if(found, [&](const Record* record) {
            return std::ranges::any_of(asked.tests, [&](const Test& test) {
                return matches(test, value_at(asked.model, *record, test.path)) == test.excluded;
            });
        });
        // Rows that compare equal keep their order.
        struct Keyed {
            std::vector<Cell> values{};
            std::size_t place{0};
            const Record* record{nullptr};
        };
        std::vector<Keyed> keyed;
        const auto terms = terms_of(asked, per_parent && asked.slice);
        for (const auto* record : found) {
            keyed.push_back({.place = keyed.size(), .record = record});
            for (const auto& term : terms) keyed.back().values.push_back(value_at(asked.model, *record, term.path));
        }
        std::ranges::sort(keyed, [&](const Keyed& a, const Keyed& b) {
            for (std::size_t i = 0; i < terms.size(); ++i) {
                if (a.values[i] == b.values[i]) continue;
                return (a.values[i] < b.values[i]) != (terms[i].descending != asked.reversed);
            }
            return a.place < b.place;
        });
        found.clear();
        for (const auto& each : keyed) found.push_back(each.record);
        if (asked.distinct) {
            std::set<const Record*> seen;
            std::erase_if(found, [&](const Record* record) { return !seen.insert(record).second; });
        }
        if (!asked.slice) return;
        const auto first = std::min(asked.slice->first, found.size());
        const auto last = std::min(asked.slice->second, found.size());
        found = {found.begin() + static_cast<std::ptrdiff_t>(first), found.begin() + static_cast<std::ptrdiff_t>(last)};
    }

    const Tables& tables_;
    std::deque<Instance> instances_;
    std::map<std::pair<std::string, const Record*>, Instance*> joined_; // by step, of one fetch
    bool ambiguous_{false};
};

} // namespace press
