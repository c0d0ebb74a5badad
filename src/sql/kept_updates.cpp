#include "sql/kept_updates.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kith::sql {

Statement KeptUpdates::row(const ModelInfo& model, std::span<const FieldInfo* const> fields, std::vector<Value> values,
                           std::vector<Value> key, const Dialect& dialect) {
    const auto kept = std::ranges::find_if(
        kept_, [&](const Kept& other) { return other.model == &model && std::ranges::equal(other.fields, fields); });
    if (kept == kept_.end()) {
        auto statement = update_row(model, fields, std::move(values), std::move(key), dialect);
        if (model.made_at_run_time) return statement;
        if (kept_.size() >= most) kept_.clear();
        kept_.push_back({&model, {fields.begin(), fields.end()}, statement.text, statement.stored});
        return statement;
    }
    Statement statement{.text = kept->text, .stored = kept->stored, .table = model.table};
    statement.binds.reserve(values.size() + key.size());
    std::ranges::move(values, std::back_inserter(statement.binds));
    std::ranges::move(key, std::back_inserter(statement.binds));
    return statement;
}

} // namespace kith::sql
