#include "write/new_sets.hpp"

#include "rows/graph.hpp"
#include "rows/row_value.hpp"
#include "rows/saved.hpp"
#include "write/changes.hpp"
#include "write/lead_to.hpp"
#include "write/links.hpp"
#include "write/validate.hpp"

#include <kith/error.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace kith::write {

namespace {

/// The table that the members of a set are inserted into, by one of its columns.
sql::KeyColumn table_of(const detail::RelationInfo& relation) {
    if (!relation.join_table) return sql::KeyColumn::of(*relation.target->primary_key.front());
    const auto& link = *relation.join_table;
    return sql::KeyColumn::of(link, link.source_columns.front(), relation.source_columns.front()->type);
}

} // namespace

NewSets::NewSets(const Database& db, const ModelInfo& model, std::span<const detail::NewSet> given) : copies_(db) {
    for (const auto& [member, rows] : given) {
        const auto& field = *model.find(member);
        if (!rows.empty()) sets_.push_back(field.relation->join_table ? linked(field, rows) : fresh(field, rows));
    }
}

NewSets::Set NewSets::linked(const FieldInfo& field, std::span<const detail::RowOrKey> rows) const {
    const auto& relation = *field.relation;
    if (relation.join_table->through != nullptr) require_writable(*relation.join_table->through);
    return {.relation = &relation,
            .linked = DistinctKeys(*relation.target_columns.front(), rows, field, "adding it to a set")};
}

NewSets::Set NewSets::fresh(const FieldInfo& field, std::span<const detail::RowOrKey> rows) const {
    const auto& target = *field.relation->target;
    require_writable(target);
    Set set{.relation = field.relation};
    auto& segment = copies_.graph().new_segment(target, FetchMode::one);
    for (const auto& given : rows) {
        if (given.row == nullptr) {
            throw ValueError(field.label() + " was given a null pointer",
                             {.model = field.model->name, .lookup = field.name});
        }
        set.fresh.push_back(
            {.row = segment.append_copy(given.row), .knows_key = rows::is_known_saved(given.row, target)});
    }
    segment.finish();
    require_valid(target, set.fresh, field.name);
    return set;
}

bool NewSets::insert_with(connection::Session& session, const ModelInfo& model, const NewRow& owner) {
    const auto& dialect = session.dialect();
    if (!dialect.inserts_in_with()) return false;
    std::vector<sql::NewMembers> members;
    for (const auto& set : sets_) {
        if (set.relation->only_type) return false; // the type is written too
        auto some = set.linked ? sql::NewMembers{.relation = set.relation, .linked = set.linked->get()}
                               : members_of(*set.relation, set.fresh, dialect);
        if (!some) return false;
        members.push_back(std::move(*some));
    }
    // Where a row may be left out, its members must be too.
    const bool always =
        session.inserts_every_row(sql::KeyColumn::of(*model.primary_key.front())) &&
        std::ranges::all_of(sets_, [&](const Set& set) { return session.inserts_every_row(table_of(*set.relation)); });
    if (!always || !are_few(members, dialect)) return false;
    insert_with_members(session, model, owner, std::move(members));
    for (const auto& [relation, linked, fresh] : sets_) {
        if (linked) note_links(session, *relation, rows::read_value(owner.row, *relation->source_columns.front()));
        note_count(session, ChangeKind::created, *relation->target, static_cast<std::int64_t>(fresh.size()));
    }
    return true;
}

void NewSets::insert_behind(connection::Session& session, void* owner, connection::WriteTransaction& ends) {
    for (auto& set : sets_) {
        auto* const last = &set == &sets_.back() ? &ends : nullptr;
        const auto& relation = *set.relation;
        if (set.linked) {
            const auto key = rows::saved_keys(owner, relation.source_columns, "using its sets");
            add_links(session, relation, key.front(), set.linked->get(), sql::Links::are_new, last);
            continue;
        }
        for (const auto& fresh : set.fresh) lead_to(fresh.row, relation, owner);
        insert(session, *relation.target, set.fresh, last);
    }
}

} // namespace kith::write
