#include "sql/schema.hpp"

#include "sql/writer.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <unordered_set>

namespace kith::sql {

namespace {

using detail::ModelInfo;
using detail::RelationInfo;

std::string_view on_delete_clause(OnDelete action) {
    switch (action) {
    case OnDelete::cascade: return " ON DELETE CASCADE";
    case OnDelete::set_null: return " ON DELETE SET NULL";
    case OnDelete::restrict: return " ON DELETE RESTRICT";
    case OnDelete::set_default: return " ON DELETE SET DEFAULT";
    case OnDelete::no_action: break;
    }
    return "";
}

/// The plain column at the end of a chain of keys, which has the type and length of all of them.
const FieldInfo& plain_key(const FieldInfo& field) {
    const auto* key = &field;
    while (key->relation != nullptr && key->relation->forward) key = key->relation->target_columns.front();
    return *key;
}

std::vector<std::string> columns_of(const std::vector<const FieldInfo*>& fields) {
    std::vector<std::string> columns;
    for (const auto* field : fields) columns.push_back(field->column);
    return columns;
}

/// The foreign keys of `model` that consist of several of its columns.
std::vector<const FieldInfo*> composite_keys(const ModelInfo& model) {
    std::vector<const FieldInfo*> keys;
    for (const auto& field : model.fields) {
        if (field.kind == detail::MemberKind::composite_key) keys.push_back(&field);
    }
    return keys;
}

/// A name for an object of `table`, shortened to the database's limit; a hash keeps shortened names distinct.
std::string name_for(const Dialect& dialect, std::string_view table, const std::vector<std::string>& columns,
                     std::string_view ending) {
    auto name = fmt::format("{}_{}_{}", table, fmt::join(columns, "_"), ending);
    if (name.size() <= dialect.longest_name()) return name;
    std::uint32_t hash = 2166136261; // FNV-1a
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
    const auto tail = fmt::format("_{:08x}_{}", hash, ending);
    auto kept = dialect.longest_name() - tail.size();
    while (kept > 0 && (static_cast<unsigned char>(name[kept]) & 0xc0) == 0x80) --kept; // splits no UTF-8 sequence
    return name.substr(0, kept) + tail;
}

class Schema {
public:
    explicit Schema(const Dialect& dialect) : dialect_(dialect) {}

    /// The table of `model`. Its references to those of `later` tables are added at the end.
    void table(const ModelInfo& model, std::span<const ModelInfo* const> later) {
        std::vector<std::string> parts;
        for (const auto* field : model.columns) parts.push_back(column(model, *field, later));
        if (model.primary_key.size() > 1) parts.push_back(fmt::format("PRIMARY KEY ({})", names(model.primary_key)));
        for (const auto* field : model.columns) {
            if (!field->check.empty()) parts.push_back(check(model, *field));
        }
        for (const auto& unique : model.unique) parts.push_back(fmt::format("UNIQUE ({})", names(unique)));
        for (const auto* key : composite_keys(model)) {
            const auto& columns = key->relation->source_columns;
            if (key->unique && columns != model.primary_key)
                parts.push_back(fmt::format("UNIQUE ({})", names(columns)));
            auto text = reference(model, *key, later);
            if (!text.empty()) parts.push_back(fmt::format("FOREIGN KEY ({}){}", names(columns), text));
        }
        create(model.schema, model.table, parts);
        for (const auto* field : model.columns) {
            if (field->indexed && !field->unique) index(model.schema, model.table, {field->column});
        }
        for (const auto& fields : model.indexes) index(model.schema, model.table, columns_of(fields));
        for (const auto* key : composite_keys(model)) {
            const auto& columns = key->relation->source_columns;
            if (!key->unique && columns != model.primary_key) index(model.schema, model.table, columns_of(columns));
        }
    }

    void join_table(const RelationInfo& relation) {
        const auto& link = *relation.join_table;
        const auto& source = link.source_columns.front();
        const auto& target = link.target_columns.front();
        create(link.schema, link.name,
               {link_column(source, *relation.source_columns.front()),
                link_column(target, *relation.target_columns.front()),
                fmt::format("PRIMARY KEY ({}, {})", dialect_.quote(source), dialect_.quote(target))});
        index(link.schema, link.name, {target, source}); // for the way back
    }

    std::vector<Statement> take() {
        std::ranges::move(references_, std::back_inserter(statements_));
        return std::move(statements_);
    }

private:
    void create(const std::string& schema, const std::string& name, const std::vector<std::string>& parts) {
        statements_.push_back({fmt::format("CREATE TABLE IF NOT EXISTS {} ({})", qualified(dialect_, schema, name),
                                           fmt::join(parts, ", "))});
    }

    void index(const std::string& schema, const std::string& table, const std::vector<std::string>& columns) {
        std::vector<std::string> quoted;
        for (const auto& column : columns) quoted.push_back(dialect_.quote(column));
        const auto name = name_for(dialect_, table, columns, "idx");
        statements_.push_back({dialect_.create_index(schema, name, table, fmt::format("{}", fmt::join(quoted, ", ")))});
    }

    std::string names(const std::vector<const FieldInfo*>& fields) const {
        std::vector<std::string> quoted;
        for (const auto* field : fields) quoted.push_back(dialect_.quote(field->column));
        return fmt::format("{}", fmt::join(quoted, ", "));
    }

    std::string references(const std::vector<const FieldInfo*>& key) const {
        const auto& model = *key.front()->model;
        return fmt::format(" REFERENCES {} ({})", qualified(dialect_, model.schema, model.table), names(key));
    }

    std::string link_column(const std::string& name, const FieldInfo& key) const {
        return fmt::format("{} {} NOT NULL{} ON DELETE CASCADE", dialect_.quote(name),
                           dialect_.column_type(plain_key(key)), references({&key}));
    }

    std::string column(const ModelInfo& model, const FieldInfo& field, std::span<const ModelInfo* const> later) {
        const auto name = dialect_.quote(field.column);
        const bool sole_key = model.primary_key.size() == 1 && model.primary_key.front() == &field;
        if (sole_key && field.relation == nullptr && detail::is_integer(field.type)) {
            return dialect_.automatic_key(name, field);
        }
        const auto& plain = plain_key(field);
        auto text = fmt::format("{} {}{}", name, dialect_.column_type(plain), field.nullable ? " NULL" : " NOT NULL");
        if (field.default_value) text += fmt::format(" DEFAULT {}", dialect_.constant(field.default_value, plain));
        if (sole_key) {
            text += " PRIMARY KEY";
        } else if (field.unique) {
            text += " UNIQUE";
        }
        if (field.relation != nullptr && field.generic == nullptr) text += reference(model, field, later);
        return text;
    }

    std::string check(const ModelInfo& model, const FieldInfo& field) const {
        const auto name = name_for(dialect_, model.table, {field.column}, "check");
        return fmt::format("CONSTRAINT {} CHECK ({})", dialect_.quote(name), field.check);
    }

    void require_action(const FieldInfo& field) const {
        if (field.on_delete != OnDelete::set_default || dialect_.sets_default()) return;
        throw ValueError(fmt::format("{} is declared with kith::OnDelete::set_default, and this database has no ON "
                                     "DELETE SET DEFAULT: declare another action",
                                     field.label()),
                         {.model = field.model->name, .lookup = field.name});
    }

    /// The clause for the column itself; empty if the reference must wait for the other table.
    std::string reference(const ModelInfo& model, const FieldInfo& field, std::span<const ModelInfo* const> later) {
        require_action(field);
        auto text = references(field.relation->target_columns);
        text += on_delete_clause(field.on_delete);
        const auto* target = field.relation->target;
        if (target == &model || std::ranges::find(later, target) == later.end()) return text;
        const auto& columns = field.relation->source_columns;
        const auto name = name_for(dialect_, model.table, columns_of(columns), "fk");
        auto statement = dialect_.add_foreign_key(qualified(dialect_, model.schema, model.table), dialect_.quote(name),
                                                  names(columns), text);
        if (statement.empty()) return text;
        references_.push_back({std::move(statement)});
        return {};
    }

    const Dialect& dialect_;
    std::vector<Statement> statements_;
    std::vector<Statement> references_;
};

/// The many-to-many relations whose join tables belong to `models`, each once.
std::vector<const RelationInfo*> owned_links(std::span<const ModelInfo* const> models) {
    std::vector<const RelationInfo*> links;
    std::unordered_set<std::string> seen;
    for (const auto* model : models) {
        for (const auto& relation : model->relations) {
            const bool owned = relation->join_table && relation->join_table->through == nullptr &&
                               relation->field->kind == detail::MemberKind::many_to_many;
            if (owned && seen.insert(relation->join_table->schema + "." + relation->join_table->name).second) {
                links.push_back(relation.get());
            }
        }
    }
    return links;
}

bool refers_to(const ModelInfo& model, const ModelInfo& other) {
    return std::ranges::any_of(model.fields, [&](const FieldInfo& field) {
        return detail::is_forward_key(field.kind) && field.generic == nullptr && field.relation->target == &other;
    });
}

/// The models that have tables, each after those that it refers to; models in a circle of references stay as given.
std::vector<const ModelInfo*> referred_first(std::span<const ModelInfo* const> models) {
    std::vector<const ModelInfo*> left;
    for (const auto* model : models) {
        if (!model->read_only && std::ranges::find(left, model) == left.end()) left.push_back(model);
    }
    std::vector<const ModelInfo*> sorted;
    while (!left.empty()) {
        auto next = std::ranges::find_if(left, [&](const ModelInfo* model) {
            return std::ranges::none_of(
                left, [&](const ModelInfo* other) { return other != model && refers_to(*model, *other); });
        });
        if (next == left.end()) next = left.begin();
        sorted.push_back(*next);
        left.erase(next);
    }
    return sorted;
}

} // namespace

std::vector<Statement> create_tables(std::span<const ModelInfo* const> models, const Dialect& dialect) {
    Schema schema(dialect);
    const auto sorted = referred_first(models);
    for (std::size_t i = 0; i < sorted.size(); ++i) schema.table(*sorted[i], std::span(sorted).subspan(i + 1));
    for (const auto* link : owned_links(models)) schema.join_table(*link);
    return schema.take();
}

std::vector<Statement> drop_tables(std::span<const ModelInfo* const> models, const Dialect& dialect) {
    std::vector<Statement> statements;
    const auto drop = [&](const std::string& schema, const std::string& name) {
        statements.push_back({fmt::format("DROP TABLE IF EXISTS {}", qualified(dialect, schema, name))});
    };
    for (const auto* link : owned_links(models)) drop(link->join_table->schema, link->join_table->name);
    auto sorted = referred_first(models);
    // References that were added because of a circle are dropped first.
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        for (const auto& field : sorted[i]->fields) {
            const auto later = sorted.begin() + static_cast<std::ptrdiff_t>(i) + 1;
            if (!detail::is_forward_key(field.kind) || field.generic != nullptr ||
                std::find(later, sorted.end(), field.relation->target) == sorted.end()) {
                continue;
            }
            auto text = dialect.drop_foreign_key(
                qualified(dialect, sorted[i]->schema, sorted[i]->table),
                dialect.quote(name_for(dialect, sorted[i]->table, columns_of(field.relation->source_columns), "fk")));
            if (!text.empty()) statements.push_back({std::move(text)});
        }
    }
    std::ranges::reverse(sorted);
    for (const auto* model : sorted) drop(model->schema, model->table);
    return statements;
}

} // namespace kith::sql
