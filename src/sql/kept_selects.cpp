#include "sql/kept_selects.hpp"

#include "sql/structure.hpp"

#include <algorithm>
#include <utility>

namespace kith::sql {

namespace {

/// Whether `binds` without the one at `left_out` are `values`, in their order.
bool are(std::span<const Bind> binds, std::size_t left_out, std::span<const Bind> values) {
    return binds.size() == values.size() + 1 && std::ranges::equal(binds.first(left_out), values.first(left_out)) &&
           std::ranges::equal(binds.subspan(left_out + 1), values.subspan(left_out));
}

} // namespace

/// The bind of `keys` among `binds`. All others must be `values`, or, if there are none, are constants. Nothing if that
/// is not certain: two values may be equal by chance.
std::optional<KeptSelects::KeysBind> KeptSelects::find_keys(const std::vector<Bind>& binds, const KeySet& keys,
                                                            const std::vector<Bind>& values) {
    std::optional<KeysBind> found;
    for (std::size_t at = 0; at < binds.size(); ++at) {
        KeysBind bind{.at = at};
        if (const auto* set = std::get_if<std::shared_ptr<const KeySet>>(&binds[at])) {
            if (!(*set)->has_the_keys_of(keys)) continue;
            if ((*set)->fillings() > 0) bind.filled_to = (*set)->size() + (*set)->fillings();
            bind.filling = (*set)->filling();
        } else {
            const auto* number = std::get_if<std::int64_t>(&std::get<Value>(binds[at]));
            const auto& integers = keys.columns().front().integers;
            if (number == nullptr || integers.size() != 1 || *number != integers.front()) continue;
            bind.as_number = true;
        }
        if (!values.empty() && !are(binds, at, values)) continue;
        if (found) return std::nullopt;
        found = bind;
    }
    return found;
}

Bind KeptSelects::bind_of(const KeysBind& how, const std::shared_ptr<const KeySet>& keys) {
    if (how.as_number) return Value{keys->columns().front().integers.front()};
    if (how.filled_to <= keys->size()) return keys;
    return std::make_shared<const KeySet>(keys->filled_to(how.filled_to, how.filling));
}

/// `kept`, run again with the values and keys of `structure`.
Select KeptSelects::bound(const Kept& kept, Structure& structure) {
    auto binds = std::move(structure.values());
    if (binds.empty()) binds = kept.constants;
    if (kept.keys) {
        const auto at = binds.begin() + static_cast<std::ptrdiff_t>(kept.keys->at);
        binds.insert(at, bind_of(*kept.keys, structure.keys()));
    }
    return {{.text = kept.text, .binds = std::move(binds), .table = kept.table}, kept.plan};
}

/// Keeps `select` for others of this structure, if it is certain which of its binds are which values.
void KeptSelects::keep(const Select& select, Structure& structure) {
    const auto& [text, binds, stored, plan_for_values, table, belongs_to_write] = select.statement;
    const auto& values = structure.values();
    if (!stored.empty() || plan_for_values || belongs_to_write) return;
    Kept kept{.text = text, .table = table, .plan = select.plan};
    if (const auto* keys = structure.keys().get()) {
        kept.keys = find_keys(binds, *keys, values);
        if (!kept.keys) return;
        if (values.empty()) {
            kept.constants = binds;
            kept.constants.erase(kept.constants.begin() + static_cast<std::ptrdiff_t>(kept.keys->at));
        }
    } else if (binds != values) {
        return;
    }
    if (kept_.size() >= most) kept_.clear();
    kept_.insert_or_assign(structure.bytes(), std::move(kept));
}

/// `add` adds to a structure, and says whether it holds everything; `make` writes the statement and completes its plan.
template <class Add, class Make>
Select KeptSelects::find_or_make(const Dialect& dialect, const Add& add, const Make& make) {
    Structure structure(dialect, structure_);
    const bool has_structure = add(structure);
    if (has_structure) {
        if (const auto found = kept_.find(structure.bytes()); found != kept_.end()) {
            return bound(found->second, structure);
        }
    }
    auto plan = std::make_shared<RowPlan>();
    auto statement = make(*plan);
    Select select{std::move(statement), std::move(plan)};
    if (has_structure) keep(select, structure);
    return select;
}

Select KeptSelects::rows(const Query& query, const Dialect& dialect) {
    return find_or_make(
        dialect, [&](Structure& structure) { return structure.add_query(query); },
        [&](RowPlan& plan) { return select_rows(query, dialect, plan); });
}

Select KeptSelects::related_rows(const RelationInfo& relation, const KeyOrigin& from, const Query* queryset,
                                 const Dialect& dialect) {
    return find_or_make(
        dialect, [&](Structure& structure) { return structure.add_related(relation, from, queryset); },
        [&](RowPlan& plan) { return select_related_rows(relation, from, queryset, dialect, plan); });
}

} // namespace kith::sql
