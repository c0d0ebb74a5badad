#include "backend/doubt.hpp"
#include "connection/write_call.hpp"
#include "model/path.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_reader.hpp"
#include "rows/row_value.hpp"
#include "rows/saved.hpp"
#include "rows/value_mark.hpp"
#include "run/execute.hpp"
#include "sql/change.hpp"
#include "write/changes.hpp"
#include "write/generic_children.hpp"
#include "write/insert.hpp"
#include "write/row_values.hpp"
#include "write/stamps.hpp"
#include "write/validate.hpp"

#include <kith/database.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

/// Single rows of the caller: in a graph, or anywhere else in the program.
namespace kith::detail {

namespace {

bool is_resident(const ModelInfo& model, void* row) {
    return !model.states.empty() && rows::state_of(row, *model.states.front()).is_resident();
}

/// Whether a detached row is a copy of the resident row with its key: then its members know their database.
bool is_copy_of_itself(const ModelInfo& model, void* row) {
    return std::ranges::any_of(model.states, [&](const FieldInfo* field) {
        if (is_forward_key(field->kind)) return false;
        const auto* origin = rows::read_detached(rows::state_of(row, *field)).origin;
        return origin != nullptr &&
               rows::primary_key(rows::place_of(origin).row, model) == rows::primary_key(row, model);
    });
}

/// Gives the relation members of a detached row a database: they become copies of the members of an equal resident row.
void bind_to(const Database& db, const ModelInfo& model, void* row) {
    if (model.states.empty() || is_resident(model, row) || is_copy_of_itself(model, row)) return;
    const run::Evaluation evaluation(db);
    auto& segment = evaluation.graph().new_segment(model, db.options().fetch_mode);
    auto* resident = segment.append_copy(row);
    segment.finish();
    for (const auto* field : model.states) {
        rows::become_copy(rows::state_of(row, *field), rows::state_of(resident, *field));
    }
}

void put_back(void* row, std::span<const FieldInfo* const> fields, const std::vector<Value>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (rows::read_value(row, *fields[i]) != values[i]) rows::write_value(row, *fields[i], values[i]);
    }
}

/// Inserts the caller's row. If that fails, a key and whatever else was made for it is taken away again, unless the row
/// may be in the database with that.
void insert_given(connection::Session& session, const ModelInfo& model, void* row) {
    auto made = write::Stamps::of_new(model);
    made.insert(made.end(), model.primary_key.begin(), model.primary_key.end());
    const auto before = rows::read_values(row, made);
    try {
        write::insert(session, model, {.row = row, .knows_key = rows::is_known_saved(row, model)});
    } catch (const Error& e) {
        if (e.sqlstate() != backend::outcome_unknown) put_back(row, made, before);
        throw;
    } catch (...) {
        put_back(row, made, before);
        throw;
    }
}

/// Reads the row with the key of `row` again. The statement ends before the row is changed.
class FreshRow {
public:
    FreshRow(const Database& db, const ModelInfo& model, const void* row, std::source_location where)
        : evaluation_(db) {
        Query query{.model = &model, .db = db, .ordered = true};
        query::FilterCall by_key;
        for (const auto* field : model.primary_key) {
            auto value = rows::read_value(row, *field);
            by_key.conditions.push_back({.path = {.column = field}, .right = std::move(value)});
        }
        query.filters.push_back(std::move(by_key));
        for (const auto* field : model.marked) {
            if (rows::is_left_out(row, *field)) query.deferred.push_back({.column = field});
        }
        connection::Session session(db, {.name = "refresh", .model = &model, .where = where});
        sql::RowPlan plan;
        const auto cursor = session.query(sql::select_rows(query, session.dialect(), plan));
        rows::RowReader reader(evaluation_.graph(), plan, run::mode_of(query), nullptr);
        while (cursor->next()) row_ = reader.read(*cursor);
        reader.finish();
        if (row_ == nullptr) write::throw_gone(model);
    }

    void* get() const { return row_; }

private:
    run::Evaluation evaluation_;
    void* row_{nullptr};
};

/// The columns with these names, each once. Throws FieldError for one that save() cannot write by itself.
std::vector<const FieldInfo*> saved_alone(const ModelInfo& model, std::span<const std::string_view> names) {
    std::vector<const FieldInfo*> fields;
    for (const auto name : names) {
        const auto walked = model::walk(model, name, true);
        const auto& field = *walked.member;
        if (!walked.relations.empty() || walked.lookup || field.column.empty() || field.generated ||
            field.row_version || write::is_key(field)) {
            throw FieldError(fmt::format("\"{}\" cannot be saved by itself: name a column of {} that can be written",
                                         name, model.name),
                             {.model = model.name, .lookup = std::string(name)});
        }
        if (!write::contains(fields, &field)) fields.push_back(&field);
    }
    return fields;
}

} // namespace

void insert_row(const Database& db, const ModelInfo& model, void* row, std::source_location where) {
    connection::write_call(db, [&] {
        rows::settle_keys(row, model);
        write::require_valid(model, row);
        {
            connection::Session session(db, {.name = "insert", .model = &model, .where = where});
            insert_given(session, model, row);
        }
        rows::set_saved(row, model, true);
        bind_to(db, model, row);
    });
}

void save_row(const Database& db, const ModelInfo& model, void* row, std::source_location where) {
    connection::write_call(db, [&] {
        rows::settle_keys(row, model);
        write::require_valid(model, row);
        {
            connection::Session session(db, {.name = "save", .model = &model, .where = where});
            if (write::lacks_key(model, row) || !write::update(session, model, row)) {
                insert_given(session, model, row);
            }
        }
        rows::set_saved(row, model, true);
        bind_to(db, model, row);
    });
}

void save_columns(const Database& db, const ModelInfo& model, void* row, std::span<const std::string_view> columns,
                  std::source_location where) {
    connection::write_call(db, [&] {
        const auto fields = saved_alone(model, columns);
        rows::settle_keys(row, model);
        (void)rows::saved_keys(row, model.primary_key, "saving single columns of it");
        write::require_valid(model, row);
        {
            connection::Session session(db, {.name = "save", .model = &model, .where = where});
            if (!write::update(session, model, row, fields)) write::throw_gone(model);
        }
        rows::set_saved(row, model, true);
        bind_to(db, model, row);
    });
}

void remove_row(const Database& db, const ModelInfo& model, void* row, std::source_location where) {
    connection::write_call(db, [&] {
        write::require_writable(model);
        const auto key = rows::saved_keys(row, model.primary_key, "removing it");
        connection::Session session(db, {.name = "remove", .model = &model, .where = where});
        write::GenericChildren children(session, model);
        children.remove_of(row);
        const auto statement = sql::delete_row(model, write::found_by(model, row), session.dialect());
        if (model.version == nullptr) children.expect_last();
        if (session.execute(statement) != 0) {
            write::note_change(session, ChangeKind::deleted, model, key);
        } else {
            write::require_no_other_version(session, model, row);
        }
        children.commit();
        if (model.version != nullptr)
            rows::write_value(row, *model.version, detail::integer_value(model.version->type, 0));
        // A generated key is not used again: saved again, the object becomes a new row.
        if (model.primary_key.size() == 1 && model.key().relation == nullptr && is_integer(model.key().type)) {
            rows::write_value(row, model.key(), Value{std::int64_t{0}});
            rows::set_saved(row, model, false);
        }
    });
}

void refresh_row(const Database& db, const ModelInfo& model, void* row, std::source_location where) {
    (void)rows::saved_keys(row, model.primary_key, "refreshing it");
    const FreshRow fresh(db, model, row, where);
    for (const auto* field : model.columns) {
        if (field->relation == nullptr && !field->primary_key && !rows::is_left_out(row, *field)) {
            rows::write_value(row, *field, rows::read_value(fresh.get(), *field));
        }
    }
    for (const auto* field : model.states) {
        auto& state = rows::state_of(row, *field);
        if (!state.is_resident()) {
            rows::become_copy(state, rows::state_of(fresh.get(), *field));
            continue;
        }
        const auto place = rows::place_of(&state);
        rows::forget_loaded(state, place);
        if (has_column(field->kind)) rows::set_resident_key(state, place, rows::read_value(fresh.get(), *field));
    }
}

} // namespace kith::detail
