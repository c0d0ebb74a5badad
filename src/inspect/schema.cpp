#include "inspect/schema.hpp"

#include "base/nearest.hpp"
#include "connection/session.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace kith::inspect {

namespace {

using Kind = Relation::Kind;

/// The names in use at each table.
class Names {
public:
    explicit Names(const std::vector<Table>& tables) {
        for (const auto& table : tables) {
            for (const auto& column : table.columns) taken_[table.name].insert(column.name);
        }
    }

    bool is_taken(const std::string& table, const std::string& name) const { return taken_.at(table).contains(name); }
    void take(const std::string& table, const std::string& name) { taken_.at(table).insert(name); }
    /// `wanted`, with a number behind it if that is taken.
    std::string give(const std::string& table, const std::string& wanted) {
        auto name = wanted;
        for (int number = 2; is_taken(table, name); ++number) name = fmt::format("{}_{}", wanted, number);
        take(table, name);
        return name;
    }

private:
    std::map<std::string, std::set<std::string>> taken_;
};

class Namer {
public:
    explicit Namer(Schema& schema) : schema_(schema), names_(schema.tables) {}

    void name_all() {
        for (auto& table : schema_.tables) name_foreign_keys(table);
        for (auto& table : schema_.tables) table.is_link = is_link(table);
        for (auto& table : schema_.tables) {
            for (std::size_t i = 0; i < table.relations.size(); ++i) {
                if (table.relations[i].kind == Kind::foreign_key) name_reverse(table, i);
            }
        }
        for (const auto& table : schema_.tables) {
            if (table.is_link) name_many_to_many(table);
        }
    }

private:
    Table* find(const std::string& name) {
        const auto found = std::ranges::find(schema_.tables, name, &Table::name);
        return found == schema_.tables.end() ? nullptr : &*found;
    }

    /// Why `key` cannot be followed; empty if it can.
    std::string obstacle(const Table& table, const backend::CatalogForeignKey& key) {
        if (key.target.empty()) return "it refers to a table of another schema";
        const auto* target = find(key.target);
        if (target == nullptr) return fmt::format("there is no table {}", key.target);
        if (key.columns.size() != key.target_columns.size()) {
            return fmt::format("{} has no primary key of {}", key.target, columns_in_words(key.columns.size()));
        }
        for (std::size_t i = 0; i < key.columns.size(); ++i) {
            const auto* column = table.find(key.columns[i]);
            const auto* target_column = target->find(key.target_columns[i]);
            if (column == nullptr || target_column == nullptr) return "its columns are not those of the tables";
            if (!column->can_be_key || !target_column->can_be_key) {
                return fmt::format("rows cannot be searched for by the type {}", target_column->declared);
            }
        }
        const bool is_second = std::ranges::any_of(table.relations, [&](const Relation& each) {
            return each.kind == Kind::foreign_key && each.columns == key.columns;
        });
        if (!is_second) return "";
        return key.columns.size() == 1 ? "the column already is another foreign key"
                                       : "the columns already are another foreign key";
    }

    static std::string columns_in_words(std::size_t number) {
        return number == 1 ? "one column" : fmt::format("{} columns", number);
    }

    void name_foreign_keys(Table& table) {
        // In column order, whatever the order of the constraints; those of several columns last.
        std::vector<const backend::CatalogForeignKey*> keys;
        for (const bool several : {false, true}) {
            for (const auto& column : table.columns) {
                for (const auto& key : table.foreign_keys) {
                    if (key.columns.front() == column.name && (key.columns.size() > 1) == several) keys.push_back(&key);
                }
            }
        }
        for (const auto* each : keys) {
            const auto& key = *each;
            if (auto why = obstacle(table, key); !why.empty()) {
                table.notes.push_back(fmt::format("the foreign key ({}) to {} is not a relation: {}",
                                                  fmt::join(key.columns, ", "), key.target.empty() ? "?" : key.target,
                                                  why));
                continue;
            }
            table.relations.push_back({.name = key.columns.size() == 1 ? name_by_column(table, key.columns.front())
                                                                       : name_by_target(table, key),
                                       .kind = Kind::foreign_key,
                                       .target = key.target,
                                       .columns = key.columns,
                                       .target_columns = key.target_columns,
                                       .is_one_to_one = is_unique(table, key.columns)});
        }
    }

    /// Whether no two rows have the same values in `columns`: it is enough that they contain a key; a key over further
    /// columns proves nothing.
    static bool is_unique(const Table& table, const std::vector<std::string>& columns) {
        const auto is_among = [&](const std::vector<std::string>& key) {
            return !key.empty() && std::ranges::all_of(key, [&](const std::string& column) {
                return std::ranges::find(columns, column) != columns.end();
            });
        };
        return is_among(table.primary_key) || std::ranges::any_of(table.unique, is_among);
    }

    std::string name_by_column(const Table& table, const std::string& column) {
        auto name = column;
        if (column.size() > 3 && column.ends_with("_id")) {
            const auto shorter = column.substr(0, column.size() - 3);
            if (!names_.is_taken(table.name, shorter)) name = shorter;
        }
        names_.take(table.name, name);
        return name;
    }

    std::string name_by_target(const Table& table, const backend::CatalogForeignKey& key) {
        const auto same = std::ranges::count_if(table.foreign_keys, [&](const backend::CatalogForeignKey& each) {
            return each.columns.size() > 1 && each.target == key.target;
        });
        return names_.give(table.name,
                           same > 1 ? fmt::format("{}_by_{}", key.target, fmt::join(key.columns, "_")) : key.target);
    }

    /// Only called while all relations are foreign keys.
    static bool is_link(const Table& table) {
        const bool two = table.foreign_keys.size() == 2 && table.relations.size() == 2;
        const bool plain = std::ranges::all_of(
            table.relations, [](const Relation& each) { return each.columns.size() == 1 && !each.is_one_to_one; });
        if (!two || !plain || table.columns.size() > 3) return false;
        if (table.columns.size() == 2) return true;
        const auto is_key = [&](const CatalogColumn& column) {
            return std::ranges::any_of(table.relations,
                                       [&](const Relation& each) { return each.is_key_in(column.name); });
        };
        const auto own = std::ranges::find_if_not(table.columns, is_key);
        return table.primary_key.size() == 1 && table.primary_key.front() == own->name;
    }

    /// The name of `link` at `table`: the rest of its name, if it starts with the table's.
    static std::optional<std::string> rest_of_name(const Table& link, const std::string& table) {
        const auto start = table + "_";
        if (!link.name.starts_with(start) || link.name.size() == start.size()) return std::nullopt;
        return link.name.substr(start.size());
    }

    void name_many_to_many(const Table& link) {
        auto near = link.relations[0];
        auto far = link.relations[1];
        const auto by_first = rest_of_name(link, near.target);
        const auto by_second = rest_of_name(link, far.target);
        // If the link's name starts with both table names, the longer one is meant.
        const bool second = by_second && (!by_first || far.target.size() > near.target.size());
        if (second) std::swap(near, far);
        const auto& rest = second ? by_second : by_first;
        const auto name = names_.give(near.target, rest.value_or(far.target));
        const auto inverse = names_.give(far.target, near.target + "_set");
        add_end(link, near, far, name, inverse, false);
        add_end(link, far, near, inverse, name, true);
    }

    void add_end(const Table& link, const Relation& here, const Relation& there, const std::string& name,
                 const std::string& inverse, bool is_far) {
        find(here.target)
            ->relations.push_back({.name = name,
                                   .kind = Kind::many_to_many,
                                   .target = there.target,
                                   .columns = here.target_columns,
                                   .target_columns = there.target_columns,
                                   .link = link.name,
                                   .link_column = here.columns.front(),
                                   .link_target_column = there.columns.front(),
                                   .is_far = is_far,
                                   .inverse = inverse});
    }

    void name_reverse(Table& table, std::size_t index) {
        const auto forward = table.relations[index];
        const auto same_target = std::ranges::count_if(table.relations, [&](const Relation& each) {
            return each.kind == Kind::foreign_key && each.target == forward.target;
        });
        auto wanted = forward.is_one_to_one ? table.name : fmt::format("{}_set", table.name);
        if (same_target > 1) wanted += fmt::format("_by_{}", fmt::join(forward.columns, "_"));
        const auto name = names_.give(forward.target, wanted);
        table.relations[index].inverse = name;
        find(forward.target)
            ->relations.push_back({.name = name,
                                   .kind = Kind::reverse,
                                   .target = table.name,
                                   .columns = forward.target_columns,
                                   .target_columns = forward.columns,
                                   .is_one_to_one = forward.is_one_to_one,
                                   .inverse = forward.name});
    }

    Schema& schema_;
    Names names_;
};

} // namespace

const Relation* Table::find_relation(std::string_view relation) const {
    const auto found = std::ranges::find(relations, relation, &Relation::name);
    return found == relations.end() ? nullptr : &*found;
}

const Table* Schema::find(std::string_view name) const {
    const auto found = std::ranges::find(tables, name, &Table::name);
    return found == tables.end() ? nullptr : &*found;
}

const Table& Schema::table(std::string_view name) const {
    if (const auto* found = find(name)) return *found;
    for (const auto& sentence : unreadable) {
        if (sentence.starts_with(fmt::format("{} cannot be read", name))) {
            throw OperationalError(sentence, {.model = std::string(name)});
        }
    }
    std::vector<std::string_view> names;
    for (const auto& table : tables) names.push_back(table.name);
    const auto near = nearest(name, names);
    const auto hint = near.empty() ? std::string("; ") : fmt::format(": did you mean '{}'? ", near);
    constexpr std::size_t most = 40;
    const bool shorten = names.size() > most;
    if (shorten) names.resize(most);
    throw FieldError(fmt::format("there is no table '{}'{}the tables are {}{}", name, hint, fmt::join(names, ", "),
                                 shorten ? ", …" : ""),
                     {.model = std::string(name)});
}

Schema name_relations(backend::Catalog catalog) {
    Schema schema{.unreadable = std::move(catalog.unreadable)};
    for (auto& table : catalog.tables) {
        auto& named = schema.tables.emplace_back();
        static_cast<backend::CatalogTable&>(named) = std::move(table);
    }
    Namer(schema).name_all();
    return schema;
}

Schema read_schema(const Database& db) {
    connection::Session session(db);
    return name_relations(session.catalog());
}

} // namespace kith::inspect
