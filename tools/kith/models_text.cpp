#include "models_text.hpp"

#include "cpp_names.hpp"
#include "printable.hpp"

#include <kith/detail/check/condition_messages.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace kith::cli {

namespace {

using detail::ColumnType;
using inspect::CatalogColumn;
using inspect::Relation;
using inspect::Table;
using Kind = Relation::Kind;

constexpr std::size_t most_members = 64; // of a model

/// A table with the names that its model has in C++.
struct Model {
    const Table* table{nullptr};
    std::string type{};
    std::map<std::string, std::string> columns{};   ///< member by column
    std::map<std::string, std::string> relations{}; ///< member by relation, foreign keys included
    std::vector<std::string> left_out{};            ///< one comment each

    bool is_in_key(const std::string& column) const {
        return std::ranges::find(table->primary_key, column) != table->primary_key.end();
    }
    bool is_unique(const std::string& column) const {
        return std::ranges::any_of(table->unique, [&](const std::vector<std::string>& names) {
            return names.size() == 1 && names.front() == column;
        });
    }
    const Relation* foreign_key(const std::string& column) const {
        for (const auto& relation : table->relations) {
            if (relation.is_key_in(column)) return &relation;
        }
        return nullptr;
    }
    /// Whether a member has that name, which hides other uses of it in the whole struct.
    bool has_member(const std::string& name) const {
        const auto is_it = [&](const auto& member) { return member.second == name; };
        return std::ranges::any_of(columns, is_it) || std::ranges::any_of(relations, is_it);
    }
};

class Writer {
public:
    Writer(const std::vector<const Table*>& tables, const std::string& space) : space_(space) {
        for (const auto* table : tables) {
            models_.push_back({.table = table, .type = types_.give(type_name(table->name))});
        }
        for (std::size_t i = 0; i < models_.size(); ++i) places_.emplace(models_[i].table->name, i);
        for (auto& model : models_) name_columns(model);
        for (auto& model : models_) name_composite_keys(model);
        for (const bool far : {false, true}) {
            for (auto& model : models_) name_relations(model, far);
        }
    }

    std::string write() const {
        std::string out =
            "// Written by `kith models` from the schema of a database, for use with that database: defaults, "
            "indexes and the\n"
            "// actions on deletion are left to the database.\n"
            "#pragma once\n\n#include <kith/kith.hpp>\n\n#include <cstddef>\n#include <cstdint>\n#include <optional>\n"
            "#include <string>\n#include <vector>\n\n";
        out += fmt::format("namespace {} {{\n\n", space_);
        for (const auto& model : models_) out += fmt::format("struct {};\n", model.type);
        for (const auto& model : models_) out += "\n" + text_of(model);
        return out + fmt::format("\n}} // namespace {}\n", space_);
    }

private:
    /// The type of `target` in the struct of `model`. Qualified if a member of the struct has the same name: an
    /// unqualified name must have one meaning in the whole struct.
    std::string type_in(const Model& model, const Model& target) const {
        return model.has_member(target.type) ? fmt::format("::{}::{}", space_, target.type) : target.type;
    }

    const Model* find(const std::string& table) const {
        const auto found = places_.find(table);
        return found == places_.end() ? nullptr : &models_[found->second];
    }

    /// Whether the other table has a model too.
    bool is_followed(const Relation& relation) const {
        return find(relation.target) != nullptr && (relation.link.empty() || find(relation.link) != nullptr);
    }

    // ---- names, before anything is written: models name each other's members

    void name_columns(Model& model) {
        UniqueNames names;
        names.take(model.type);
        std::size_t count = 0;
        // Keys first, because the number of members is limited.
        for (const bool keys : {true, false}) {
            for (const auto& column : model.table->columns) {
                const auto* relation = model.foreign_key(column.name);
                const bool followed = relation != nullptr && is_followed(*relation);
                const bool is_key =
                    followed || model.is_in_key(column.name) || is_referred_to(*model.table, column.name);
                if (is_key != keys) continue;
                if (!column.readable) {
                    model.left_out.push_back(
                        fmt::format("{} has the type {}, which Kith does not read", column.name, column.declared));
                } else if (++count > most_members) {
                    model.left_out.push_back(
                        fmt::format("{}: a model has at most {} members", column.name, most_members));
                } else if (followed) {
                    model.relations[relation->name] = names.give(member_name(relation->name));
                } else {
                    model.columns[column.name] = names.give(member_name(column.name));
                }
            }
        }
        names_.push_back(std::move(names));
    }

    static bool is_referred_to(const Table& table, const std::string& column) {
        return std::ranges::any_of(table.relations, [&](const Relation& relation) {
            return std::ranges::find(relation.columns, column) != relation.columns.end();
        });
    }

    void name_composite_keys(Model& model) {
        auto& names = names_[static_cast<std::size_t>(&model - models_.data())];
        for (const auto& relation : model.table->relations) {
            if (relation.kind != Kind::foreign_key || relation.columns.size() == 1 || !is_followed(relation)) continue;
            if (auto why = obstacle(model, relation); !why.empty()) {
                model.left_out.push_back(fmt::format("{}: {}", relation.name, why));
            } else {
                model.relations[relation.name] = names.give(member_name(relation.name));
            }
        }
    }

    /// Why a foreign key of several columns cannot be a member; empty if it can.
    std::string obstacle(const Model& model, const Relation& relation) const {
        const auto& target = *find(relation.target);
        auto referred = relation.target_columns;
        auto key = target.table->primary_key;
        std::ranges::sort(referred);
        std::ranges::sort(key);
        if (referred != key) return fmt::format("it does not refer to the primary key of {}", target.table->name);
        for (std::size_t i = 0; i < relation.columns.size(); ++i) {
            if (!has_member(model, relation.columns[i]) || !has_member(target, relation.target_columns[i]))
                return "its columns are left out";
            if (value_type(model, relation.columns[i]) != value_type(target, relation.target_columns[i]))
                return fmt::format("its columns have other types than those of {}", target.table->name);
        }
        if (model.columns.size() + model.relations.size() < most_members) return {};
        return fmt::format("a model has at most {} members", most_members);
    }

    /// The type of the values of the column's member: for a foreign key, that of the column at the end of its
    /// references.
    ColumnType value_type(const Model& model, const std::string& column) const {
        const auto* at = &model;
        auto name = column;
        for (std::size_t steps = 0; steps < models_.size(); ++steps) { // bounded, because references may form a circle
            const auto* key = at->foreign_key(name);
            if (key == nullptr || !at->relations.contains(key->name)) break;
            at = find(key->target);
            name = key->target_columns.front();
        }
        return at->table->find(name)->type;
    }

    static bool has_member(const Model& model, const std::string& column) {
        const auto* relation = model.foreign_key(column);
        return model.columns.contains(column) || (relation != nullptr && model.relations.contains(relation->name));
    }

    /// Names the members that lead to many rows; the far ends of many-to-manys after all near ones.
    void name_relations(Model& model, bool far) {
        auto& names = names_[static_cast<std::size_t>(&model - models_.data())];
        for (const auto& relation : model.table->relations) {
            if (relation.kind == Kind::foreign_key || relation.is_far != far) continue;
            if (!is_followed(relation) || !has_ends(relation)) continue;
            if (model.columns.size() + model.relations.size() >= most_members) {
                model.left_out.push_back(
                    fmt::format("{}: a model has at most {} members", relation.name, most_members));
                continue;
            }
            model.relations[relation.name] = names.give(member_name(relation.name));
        }
    }

    bool has_ends(const Relation& relation) const {
        if (relation.kind == Kind::reverse || relation.is_far)
            return find(relation.target)->relations.contains(relation.inverse);
        const auto& link = *find(relation.link);
        return std::ranges::all_of(
            std::initializer_list<std::string>{relation.link_column, relation.link_target_column},
            [&](const std::string& column) {
                const auto* key = link.foreign_key(column);
                return key != nullptr && link.relations.contains(key->name);
            });
    }

    // ---- text

    std::string text_of(const Model& model) const {
        std::string out = fmt::format("struct {} {{\n", model.type);
        for (const auto& column : model.table->columns) {
            const auto* relation = model.foreign_key(column.name);
            if (relation != nullptr && model.relations.contains(relation->name)) {
                out += member(foreign_key(model, *relation, column), model.relations.at(relation->name));
            } else if (model.columns.contains(column.name)) {
                out += member(plain_column(model, column), model.columns.at(column.name));
            }
        }
        for (const auto& relation : model.table->relations) {
            if (!model.relations.contains(relation.name)) continue;
            const auto& name = model.relations.at(relation.name);
            if (relation.kind != Kind::foreign_key) {
                out += member(far_end(model, relation), name);
            } else if (relation.columns.size() > 1) {
                out += member(composite_key(model, relation), name);
            }
        }
        out += table_line(model);
        for (const auto& note : model.left_out) out += fmt::format("    // left out: {}\n", in_comment(note));
        for (const auto& note : model.table->notes) out += fmt::format("    // {}\n", in_comment(note));
        return out + "};\n";
    }

    static std::string member(const std::string& type, const std::string& name) {
        return fmt::format("    {} {}{{}};\n", type, name);
    }

    static std::string with_options(std::string_view head, const std::vector<std::string>& options) {
        return options.empty() ? fmt::format("{}>", head) : fmt::format("{}, {}>", head, fmt::join(options, ", "));
    }

    static bool can_be_primary_key(ColumnType type) {
        return detail::is_integer(type) || type == ColumnType::text || type == ColumnType::uuid;
    }

    static std::string plain_column(const Model& model, const CatalogColumn& column) {
        const auto& name = model.columns.at(column.name);
        const bool is_key = model.is_in_key(column.name);
        const bool is_renamed = name != column.name;
        const auto type = detail::type_word(column.type);
        if (is_key && model.table->primary_key.size() == 1 && can_be_primary_key(column.type) && !is_renamed) {
            return column.type == ColumnType::int64 ? "kith::PrimaryKey<>" : fmt::format("kith::PrimaryKey<{}>", type);
        }
        std::vector<std::string> options;
        if (is_key) options.emplace_back("kith::primary_key");
        if (!is_key && model.is_unique(column.name)) options.emplace_back("kith::unique");
        if (column.max_length > 0 && column.type == ColumnType::text) {
            options.push_back(fmt::format("kith::max_length<{}>", column.max_length));
        }
        if (column.generated) options.emplace_back("kith::generated");
        if (!is_key && column.has_default && !column.generated) options.emplace_back("kith::server_default");
        if (is_renamed) options.push_back(fmt::format("kith::column<{}>", literal(column.name)));
        const auto value = column.nullable && !is_key ? fmt::format("std::optional<{}>", type) : std::string(type);
        return options.empty() ? value : with_options("kith::Field<" + value, options);
    }

    std::string foreign_key(const Model& model, const Relation& relation, const CatalogColumn& column) const {
        const auto& target = *find(relation.target);
        const auto& name = model.relations.at(relation.name);
        std::vector<std::string> options;
        if (model.is_in_key(column.name)) {
            options.emplace_back("kith::primary_key");
        } else if (column.nullable) {
            options.emplace_back("kith::null");
        }
        if (name + "_id" != column.name) options.push_back(fmt::format("kith::column<{}>", literal(column.name)));
        const bool to_key = target.table->primary_key == relation.target_columns;
        if (!to_key)
            options.push_back(
                fmt::format("kith::to_field<\"{}\">", member_of(target, relation.target_columns.front())));
        return with_options(fmt::format("kith::{}<{}", key_kind(relation), type_in(model, target)), options);
    }

    static std::string_view key_kind(const Relation& relation) {
        return relation.is_one_to_one ? "OneToOne" : "ForeignKey";
    }

    /// The members are named in the order of the target's key, which is the order of its columns.
    std::string composite_key(const Model& model, const Relation& relation) const {
        const auto& target = *find(relation.target);
        std::vector<std::string> members;
        for (const auto& column : target.table->columns) {
            const auto at = std::ranges::find(relation.target_columns, column.name) - relation.target_columns.begin();
            if (at == std::ssize(relation.target_columns)) continue;
            members.push_back(fmt::format("\"{}\"", member_of(model, relation.columns[static_cast<std::size_t>(at)])));
        }
        return fmt::format("kith::{}<{}, kith::from_fields<{}>>", key_kind(relation), type_in(model, target),
                           fmt::join(members, ", "));
    }

    static std::string member_of(const Model& model, const std::string& column) {
        const auto* relation = model.foreign_key(column);
        const auto as_relation = relation != nullptr ? model.relations.find(relation->name) : model.relations.end();
        return as_relation != model.relations.end() ? as_relation->second : model.columns.at(column);
    }

    /// The member of a relation whose keys are in another table.
    std::string far_end(const Model& model, const Relation& relation) const {
        const auto& target = *find(relation.target);
        const auto type = type_in(model, target);
        if (relation.kind == Kind::reverse || relation.is_far) {
            return fmt::format("kith::{}<{}, \"{}\">", relation.is_to_one() ? "ReverseOne" : "ReverseSet", type,
                               target.relations.at(relation.inverse));
        }
        const auto& link = *find(relation.link);
        return fmt::format("kith::ManyToMany<{}, kith::through<{}, \"{}\", \"{}\">>", type, type_in(model, link),
                           member_of(link, relation.link_column), member_of(link, relation.link_target_column));
    }

    static std::string table_line(const Model& model) {
        std::vector<std::string> settings;
        const auto& table = *model.table;
        if (detail::snake_case(model.type) != table.name)
            settings.push_back(fmt::format(".name = {}", literal(table.name)));
        if (!table.schema.empty()) settings.push_back(fmt::format(".schema = {}", literal(table.schema)));
        const bool has_key =
            !table.primary_key.empty() && std::ranges::all_of(table.primary_key, [&](const std::string& key) {
                return table.find(key) != nullptr && table.find(key)->readable;
            });
        if (!has_key || table.is_view) settings.emplace_back(".read_only = true");
        if (settings.empty()) return {};
        return fmt::format("\n    static constexpr kith::Table table{{{}}};\n", fmt::join(settings, ", "));
    }

    const std::string& space_;
    UniqueNames types_;
    std::vector<Model> models_;
    std::vector<UniqueNames> names_;
    std::map<std::string, std::size_t> places_;
};

} // namespace

std::string models_header(const std::vector<const Table*>& tables, const std::string& space) {
    return Writer(tables, space).write();
}

} // namespace kith::cli
