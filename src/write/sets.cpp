#include "connection/session.hpp"
#include "connection/write_call.hpp"
#include "rows/graph.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"
#include "rows/saved.hpp"
#include "run/execute.hpp"
#include "run/set_query.hpp"
#include "sql/change.hpp"
#include "sql/select.hpp"
#include "write/changes.hpp"
#include "write/distinct_keys.hpp"
#include "write/insert.hpp"
#include "write/lead_to.hpp"
#include "write/links.hpp"
#include "write/stamps.hpp"
#include "write/validate.hpp"

#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/sets.hpp>
#include <kith/detail/core/to_one.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace kith::detail {

namespace {

using Keys = write::DistinctKeys;

/// Writes through a set: its owner's place, its relation and the owner's key.
class SetWriter {
public:
    SetWriter(const RelationState& set, std::string_view call, std::source_location where)
        : member_(const_cast<RelationState&>(run::resident_set(set))),
          place_(rows::place_of(&member_)),
          relation_(*place_.field.relation),
          owner_key_(rows::saved_keys(place_.row, relation_.source_columns, "using its sets")),
          session_(place_.segment.db(),
                   {.name = call, .model = place_.field.model, .member = place_.field.name, .where = where}) {
        if (relation_.join_table && relation_.join_table->through != nullptr) {
            write::require_writable(*relation_.join_table->through);
        } else if (!relation_.join_table) {
            write::require_writable(*relation_.target);
        }
    }

    void add(std::span<const RowOrKey> rows) {
        const auto keys = keys_of(rows, "adding it to a set");
        if (!keys.empty()) add_keys(keys, sql::Links::may_exist);
        adopt(rows, keys);
        run::forget_set(member_);
    }

    void remove(std::span<const RowOrKey> rows) {
        const auto keys = keys_of(rows, "removing it from a set");
        if (!keys.empty()) remove_keys(keys);
        if (!relation_.join_table && !relation_.only_type) count_writes(rows, keys);
        release(rows);
        run::forget_set(member_);
    }

    void clear() {
        if (relation_.join_table) {
            write::remove_links(session_, relation_, owner_key_.front(), nullptr);
        } else if (relation_.only_type) {
            const auto statement = sql::delete_children(relation_, owner_key_.front(), nullptr, session_.dialect());
            write::note_count(session_, ChangeKind::deleted, *relation_.target, session_.execute(statement));
        } else {
            const auto statement = sql::update_children(relation_, {}, nullptr, &owner_key_, session_.dialect());
            write::note_count(session_, ChangeKind::updated, *relation_.target, session_.execute(statement));
        }
        run::forget_set(member_);
    }

    void assign(std::span<const RowOrKey> rows) {
        const auto wanted = keys_of(rows, "adding it to a set");
        connection::WriteTransaction writing(session_);
        const auto present = current_keys();
        Keys gone(key_field());
        Keys fresh(key_field());
        for (std::size_t i = 0; i < present.size(); ++i) {
            if (!wanted.contains(present.at(i))) gone.add(present.at(i));
        }
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (!present.contains(wanted.at(i))) fresh.add(wanted.at(i));
        }
        // A child whose foreign key cannot be null stays in the set: there is nowhere to move it.
        const bool can_remove = relation_.join_table || relation_.only_type ||
                                std::ranges::any_of(relation_.target_columns, &FieldInfo::nullable);
        if (!gone.empty() && can_remove) remove_keys(gone, fresh.empty() ? &writing : nullptr);
        // Keys that are equal in the database are equal here only if they are numbers.
        const auto links = is_integer(key_field().type) ? sql::Links::are_new : sql::Links::may_exist;
        if (!fresh.empty()) add_keys(fresh, links, &writing);
        writing.commit();
        adopt(rows, fresh);
        run::forget_set(member_);
    }

    RowHandle create(const void* row) {
        const auto& target = *relation_.target;
        const run::Evaluation evaluation(place_.segment.db());
        auto& segment = evaluation.graph().new_segment(target, place_.segment.mode());
        auto* resident = segment.append_copy(row);
        segment.finish();
        const write::NewRow fresh{.row = resident, .knows_key = rows::is_known_saved(row, target)};
        if (!relation_.join_table) lead_to_owner(resident);
        write::require_valid(target, resident);
        connection::WriteTransaction writing(session_);
        if (relation_.join_table) {
            write::insert(session_, target, fresh);
            Keys keys(key_field());
            keys.add(rows::read_value(resident, key_field()));
            add_keys(keys, sql::Links::may_exist, &writing);
        } else {
            write::insert(session_, target, fresh, &writing);
        }
        writing.commit();
        run::forget_set(member_);
        return RowHandle(resident);
    }

private:
    /// The target's column that identifies rows: the one that the join table refers to, or the child's own key.
    const FieldInfo& key_field() const {
        return relation_.join_table ? *relation_.target_columns.front() : relation_.target->key();
    }

    Keys keys_of(std::span<const RowOrKey> rows, const char* action) const {
        return {key_field(), rows, place_.field, action};
    }

    /// As the last write in `ends`, if that is given; so remove_keys().
    void add_keys(const Keys& keys, sql::Links links, connection::WriteTransaction* ends = nullptr) {
        if (relation_.join_table) {
            write::add_links(session_, relation_, owner_key_.front(), keys.get(), links, ends);
            return;
        }
        connection::WriteTransaction writing(session_);
        const auto changed =
            session_.execute(sql::update_children(relation_, owner_key_, keys.get(), nullptr, session_.dialect()));
        require_all(changed, keys, "is in the database");
        write::note_changes(session_, ChangeKind::updated, *relation_.target, keys);
        writing.commit();
    }

    void remove_keys(const Keys& keys, connection::WriteTransaction* ends = nullptr) {
        if (relation_.join_table) {
            write::remove_links(session_, relation_, owner_key_.front(), keys.get(), ends);
            return;
        }
        connection::WriteTransaction writing(session_);
        const auto statement = relation_.only_type
                                   ? sql::delete_children(relation_, owner_key_.front(), keys.get(), session_.dialect())
                                   : sql::update_children(relation_, {}, keys.get(), &owner_key_, session_.dialect());
        const auto changed = session_.execute(statement);
        require_all(changed, keys, "is related to the object");
        const auto kind = relation_.only_type ? ChangeKind::deleted : ChangeKind::updated;
        write::note_changes(session_, kind, *relation_.target, keys);
        writing.commit();
    }

    void require_all(std::int64_t changed, const Keys& keys, std::string_view what) const {
        if (static_cast<std::size_t>(changed) == keys.size()) return;
        throw DoesNotExist(fmt::format("not every {} given to {} {}: nothing was changed", relation_.target->name,
                                       place_.field.label(), what),
                           {.model = place_.field.model->name, .lookup = place_.field.name});
    }

    Keys current_keys() {
        Keys keys(key_field());
        const auto& field = key_field();
        sql::Statement statement;
        if (relation_.join_table) {
            statement = sql::select_link_targets(relation_, owner_key_.front(), session_.dialect());
        } else {
            const Query children{.model = relation_.target,
                                 .db = place_.segment.db(),
                                 .owner = query::SetOwner{&relation_, owner_key_},
                                 .ordered = true};
            const query::ColumnPath path{.column = &field};
            statement = sql::select_values(children, std::span(&path, 1), session_.dialect());
        }
        const auto cursor = session_.query(statement);
        while (cursor->next()) keys.add(cursor->value(0, field.type, &field));
        return keys;
    }

    void lead_to_owner(void* child) { write::lead_to(child, relation_, place_.row); }

    /// Updates the foreign keys of children that the caller passed as objects; those of `written` were written.
    void adopt(std::span<const RowOrKey> rows, const Keys& written) {
        if (relation_.join_table) return;
        count_writes(rows, written);
        for (const auto& given : rows) {
            if (given.writable != nullptr) lead_to_owner(given.writable);
        }
    }
    /// Raises the versions of these objects as the statement did in the database: those that were current remain so.
    void count_writes(std::span<const RowOrKey> rows, const Keys& written) const {
        const auto* version = relation_.target->version;
        if (version == nullptr) return;
        std::unordered_set<const void*> counted;
        for (const auto& given : rows) {
            auto* row = given.writable;
            if (row == nullptr || !written.contains(rows::read_value(row, key_field()))) continue;
            if (!counted.insert(row).second) continue;
            rows::write_value(row, *version, write::next_version(row, *version));
        }
    }
    void release(std::span<const RowOrKey> rows) {
        if (relation_.join_table) return;
        for (const auto& given : rows) {
            if (given.writable == nullptr) continue;
            auto& key = rows::state_of(given.writable, *relation_.inverse);
            if (relation_.target_columns.size() == 1) {
                to_one_set_key(key, Value{});
            } else {
                to_one_set_parts(key, {Value{}});
            }
        }
    }

    RelationState& member_;
    rows::Place place_;
    const RelationInfo& relation_;
    std::vector<Value> owner_key_;
    connection::Session session_;
};

/// Runs `work`, a whole call that writes through a set. Throws NotLoaded if the set has no database.
template <class Work>
auto write_through(const RelationState& set, const Work& work) {
    return connection::write_call(rows::place_of(&run::resident_set(set)).segment.db(), work);
}

} // namespace

bool set_is_loaded(const RelationState& state) {
    if (state.is_resident()) return state.is_loaded_resident();
    const auto member = rows::read_detached(state);
    return member.origin != nullptr && member.origin->is_loaded_resident();
}

void set_add(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where) {
    write_through(state, [&] { SetWriter(state, "add", where).add(rows); });
}
void set_remove(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where) {
    write_through(state, [&] { SetWriter(state, "remove", where).remove(rows); });
}
void set_clear(const RelationState& state, std::source_location where) {
    write_through(state, [&] { SetWriter(state, "clear", where).clear(); });
}
void set_assign(const RelationState& state, std::span<const RowOrKey> rows, std::source_location where) {
    write_through(state, [&] { SetWriter(state, "set", where).assign(rows); });
}
RowHandle set_create(const RelationState& state, const void* row, std::source_location where) {
    return write_through(state, [&] { return SetWriter(state, "create", where).create(row); });
}

} // namespace kith::detail
