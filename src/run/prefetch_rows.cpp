#include "prefetch/load.hpp"
#include "query/lookups.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"
#include "run/execute.hpp"

#include <kith/detail/core/prefetch_rows.hpp>
#include <kith/detail/core/row_operand.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace kith::detail {

namespace {

/// The graph of all rows, or null if there are several.
rows::Graph* common_graph(std::span<void* const> rows) {
    auto* graph = &rows::Page::of(rows.front()).graph();
    for (auto* row : rows) {
        if (&rows::Page::of(row).graph() != graph) return nullptr;
    }
    return graph;
}

} // namespace

void prefetch_rows(const ModelInfo& model, std::span<void* const> rows, std::vector<LookupSpec> lookups,
                   std::source_location where) {
    if (rows.empty()) {
        std::vector<query::LookupNode> checked;
        for (const auto& lookup : lookups) query::add_lookup(checked, model, lookup, query::LookupsFor::rows, nullptr);
        return;
    }
    for (auto* row : rows) {
        if (!model.states.empty() && rows::state_of(row, *model.states.front()).is_resident()) continue;
        throw ValueError(fmt::format("prefetch_related_objects takes {} objects that a QuerySet loaded, not copies: "
                                     "pass the QuerySet or Refs",
                                     model.name),
                         {.model = model.name});
    }
    const auto& first = rows::Page::of(rows.front()).segment_of(rows.front());
    const auto& db = first.db();
    const auto mode = first.mode();
    std::vector<query::LookupNode> tree;
    for (const auto& lookup : lookups) query::add_lookup(tree, model, lookup, query::LookupsFor::rows, &db);
    if (tree.empty()) return;
    run::require_block(db, model, tree);
    connection::Session session(db, {.name = "prefetch_related_objects", .model = &model, .where = where});
    connection::Snapshot snapshot(session);
    const prefetch::LoadOptions options{.last = &snapshot};
    if (auto* graph = common_graph(rows)) {
        const std::lock_guard lock(graph->loading());
        prefetch::Loader(session, db, *graph, mode).load(tree, rows, options);
    } else {
        // Rows of several evaluations: the rows that they share belong to a new graph that all of them hold.
        const run::Evaluation shared(db);
        prefetch::Loader(session, db, shared.graph(), mode).load(tree, rows, options);
    }
    snapshot.commit();
}

Operand row_operand(const ModelInfo& model, const void* row) {
    auto operand = rows_operand(model, std::span(&row, 1));
    std::get<RowKeys>(operand).is_list = false;
    return operand;
}

Operand rows_operand(const ModelInfo& model, std::span<const void* const> rows) {
    RowKeys keys{.is_list = true};
    auto fields = model.primary_key;
    if (fields.empty()) (void)model.key(); // throws: the model has no key
    for (const auto* field : model.columns) {
        if (field->unique && std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
    }
    for (const auto* field : fields) keys.fields.push_back(field->name);
    keys.rows.reserve(rows.size());
    for (const auto* row : rows) {
        (void)rows::saved_keys(row, model.primary_key, "comparing a relation with it");
        auto& values = keys.rows.emplace_back();
        for (const auto* field : fields) values.push_back(rows::read_value(row, *field));
    }
    return keys;
}

} // namespace kith::detail
