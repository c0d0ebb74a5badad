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

/// The statement that `make` writes, with the plan that it completes.
template <class Make>
Select made(const Make& make) {
    auto plan = std::make_shared<RowPlan>();
    auto statement = make(*plan);
    return {std::move(statement), std::move(plan)};
}

bool is_keepable(const Statement& statement) { return statement.stored.empty() && !statement.plan_for_values; }

} // namespace

const KeptSelects::Kept* KeptSelects::find(const std::string& structure) const {
    const auto found = kept_.find(structure);
    return found != kept_.end() ? &found->second : nullptr;
}

void KeptSelects::keep(std::string structure, Kept kept) {
    if (kept_.size() >= most) kept_.clear();
    kept_.insert_or_assign(std::move(structure), std::move(kept));
}

Select KeptSelects::rows(const Query& query, const Dialect& dialect) {
    Structure structure(dialect);
    const bool has_structure = structure.add_query(query);
    auto& values = structure.values();
    if (has_structure) {
        if (const auto* kept = find(structure.bytes())) {
            return {{.text = kept->text, .binds = std::move(values), .table = kept->table}, kept->plan};
        }
    }
    auto select = made([&](RowPlan& plan) { return select_rows(query, dialect, plan); });
    if (has_structure && is_keepable(select.statement) && select.statement.binds == values) {
        keep(structure.take_bytes(),
             {.text = select.statement.text, .table = select.statement.table, .plan = select.plan});
    }
    return select;
}

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

Select KeptSelects::related_rows(const RelationInfo& relation, const KeyOrigin& from, const Query* queryset,
                                 const Dialect& dialect) {
    const auto make = [&] {
        return made([&](RowPlan& plan) { return select_related_rows(relation, from, queryset, dialect, plan); });
    };
    const auto* keys = from.keys.get();
    Structure structure(dialect);
    const bool has_structure = keys != nullptr && keys->columns().size() == 1 && keys->runs().empty() &&
                               keys->size() <= dialect.keys_in_parameter(*keys) && !relation.target->made_at_run_time &&
                               (queryset == nullptr || structure.add_query(*queryset));
    if (!has_structure) return make();
    structure.add(&relation);
    structure.add(keys->columns().front().type);
    structure.add(keys->size() == 1);
    structure.add(keys->size() < dialect.fewest_keys());
    auto& values = structure.values();
    if (const auto* kept = find(structure.bytes())) {
        Statement statement{.text = kept->text, .binds = std::move(values), .table = kept->table};
        if (statement.binds.empty()) statement.binds = kept->constants;
        const auto at = statement.binds.begin() + static_cast<std::ptrdiff_t>(kept->keys->at);
        statement.binds.insert(at, bind_of(*kept->keys, from.keys));
        return {std::move(statement), kept->plan};
    }
    auto select = make();
    const auto& statement = select.statement;
    const auto bind = is_keepable(statement) ? find_keys(statement.binds, *keys, values) : std::nullopt;
    if (!bind) return select;
    Kept kept{.text = statement.text, .table = statement.table, .keys = bind, .plan = select.plan};
    if (values.empty()) {
        kept.constants = statement.binds;
        kept.constants.erase(kept.constants.begin() + static_cast<std::ptrdiff_t>(bind->at));
    }
    keep(structure.take_bytes(), std::move(kept));
    return select;
}

} // namespace kith::sql
