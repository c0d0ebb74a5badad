#include "connection/violation.hpp"

#include "base/error_access.hpp"

#include <kith/error.hpp>

#include <string_view>
#include <utility>

namespace kith::connection {

namespace {

using detail::ModelInfo;
using detail::RelationInfo;

/// The model of `table`, if it is `model` or its relations lead there; else null.
const ModelInfo* model_of(std::string_view table, const ModelInfo& model) {
    if (model.table == table) return &model;
    for (const auto& relation : model.relations) {
        if (relation->target->table == table) return relation->target;
        const auto* through = relation->join_table ? relation->join_table->through : nullptr;
        if (through != nullptr && through->table == table) return through;
    }
    return nullptr;
}

bool refers_to_its_source(const RelationInfo& relation) { return !relation.forward && !relation.join_table; }

/// The foreign key by which rows of `table` refer to `model`, if there is exactly one.
const RelationInfo* foreign_key_to(const ModelInfo& model, std::string_view table) {
    const RelationInfo* found = nullptr;
    for (const auto& relation : model.relations) {
        if (!refers_to_its_source(*relation) || relation->target->table != table) continue;
        if (found != nullptr && found->target_columns != relation->target_columns) return nullptr;
        found = relation.get();
    }
    return found;
}

/// A row was removed, or its key changed, to which others refer.
void describe_reference(const ModelInfo& model, ErrorContext& violated) {
    const auto* key = foreign_key_to(model, violated.table);
    if (key == nullptr) return;
    for (const auto* column : key->target_columns) violated.columns.push_back(column->column);
}

/// What is known without the database is told even if it does not answer.
void ask(backend::Connection& connection, const sql::Statement& statement, ErrorContext& violated) {
    try {
        connection.describe_violation(statement, violated);
    } catch (const Error&) { // NOLINT(bugprone-empty-catch): the violation itself is thrown
    }
}

void describe(ErrorContext& violated, backend::Connection& connection, const sql::Statement& statement,
              const ModelInfo* model) {
    ask(connection, statement, violated);
    if (model != nullptr && backend::is_referred_to(statement, violated) && violated.columns.empty()) {
        describe_reference(*model, violated);
    }
    if (violated.table.empty() && !statement.text.starts_with("DELETE")) violated.table = statement.table;
    const auto* found = model != nullptr ? model_of(violated.table, *model) : nullptr;
    violated.model = found != nullptr ? found->name : violated.table;
}

} // namespace

void describe_violation(std::exception& error, backend::Connection& connection, const sql::Statement& statement,
                        const ModelInfo* model) noexcept {
    auto* violation = dynamic_cast<IntegrityError*>(&error);
    if (violation == nullptr) return;
    try {
        auto violated = violation->context();
        describe(violated, connection, statement, model);
        violated.reason = detail::shown_reason(violated);
        std::swap(detail::ErrorAccess::context(*violation), violated);
    } catch (const std::exception&) { // NOLINT(bugprone-empty-catch): the error itself matters more
    }
}

} // namespace kith::connection
