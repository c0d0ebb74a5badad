#include "write/insert.hpp"

#include "rows/generic_key.hpp"
#include "rows/row_value.hpp"
#include "rows/saved.hpp"
#include "sql/change.hpp"
#include "write/changes.hpp"
#include "write/conflict.hpp"
#include "write/row_values.hpp"
#include "write/stamps.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace kith::write {

namespace {

using detail::Value;

/// Maximum number of rows in one statement. Larger batches gain nothing measurable and hold the values twice.
constexpr std::size_t largest_batch = 500;

/// The bytes of a statement; where the database takes less in a value, a part of that. One row may have more.
constexpr std::size_t largest_statement = std::size_t{4} * 1024 * 1024;
constexpr std::size_t statements_in_value = 4;

/// Fewer rows take no more round trips as INSERTs: copying asks what the columns are, and waits before it sends.
constexpr std::size_t fewest_copied = 1'001;
/// More would hold the values twice for no gain.
constexpr std::size_t largest_copy = 2'000;

/// The columns of an INSERT, and those that are read back.
struct Columns {
    std::vector<const FieldInfo*> given;
    std::vector<const FieldInfo*> returned;
};

bool leaves_out_any(const ModelInfo& model, const void* row) {
    return std::ranges::any_of(model.columns,
                               [&](const FieldInfo* field) { return takes_server_default(row, *field); });
}

/// The columns for rows like `row`.
Columns columns_for(const ModelInfo& model, bool with_key, const void* row) {
    Columns columns;
    for (const auto* field : model.columns) {
        const bool by_database = field->generated || (!with_key && is_key(*field)) || takes_server_default(row, *field);
        (by_database ? columns.returned : columns.given).push_back(field);
    }
    return columns;
}

/// Whether the database generates keys like this one.
bool is_made(const FieldInfo& key) {
    return key.model->primary_key.size() == 1 && key.relation == nullptr && detail::is_integer(key.type);
}

bool is_unset(const void* row, const FieldInfo& key) { return rows::is_unset(rows::read_value(row, key), key); }

/// Gives a nil Uuid key a value; other keys that the database does not generate must have one. The statement gives the
/// columns `by_statement` theirs.
void complete_key(const ModelInfo& model, void* row, Fields by_statement) {
    for (const auto* field : model.primary_key) {
        if (detail::is_integer(field->type) || field->server_default || field->generated) continue;
        if (contains(by_statement, field)) continue;
        if (!is_unset(row, *field)) continue;
        if (field->type == detail::ColumnType::uuid && field->relation == nullptr) {
            rows::write_value(row, *field, Uuid::random());
            continue;
        }
        throw ValueError(fmt::format("{} is not set: a primary key of this type must be given", field->label()),
                         {.model = model.name});
    }
}

/// Finds the statement with the last of all rows.
struct LastRow {
    connection::WriteTransaction* transaction{nullptr}; // which ends then; null if it does not
    std::size_t left{0};
    InsertWatch* watch{nullptr};

    /// Counts the next `rows` rows.
    bool is_among(std::size_t rows) {
        left -= rows;
        return transaction != nullptr && left == 0;
    }
    void is_sending(bool sends) const noexcept {
        if (watch != nullptr) watch->at_database = sends;
    }
};

/// Inserts rows that omit nothing, or one row that does: all have the same columns.
class Inserter {
public:
    Inserter(connection::Session& session, const ModelInfo& model, Columns columns, std::size_t rows, LastRow& last,
             Conflict* conflict = nullptr)
        : session_(session), model_(model), columns_(std::move(columns)), last_(last), conflict_(conflict) {
        if (conflict_ != nullptr) {
            std::ranges::copy(conflict_->to_return(columns_.given), std::back_inserter(columns_.returned));
            return;
        }
        const auto& returned = columns_.returned;
        returns_keys_ = !returned.empty() && is_key(*returned.front());
        only_keys_ = returns_keys_ && returned.size() == 1 && is_made(*returned.front());
        // Asking the database what it returns is worth it for many rows only.
        without_returning_ = only_keys_ && rows > 1 && session.returns_new_keys(*returned.front());
        copies_ = returned.empty() && rows >= fewest_copied && session.copies(columns_.given);
    }

    /// What is inserted in the same statement, with one row.
    void take_members(std::vector<sql::NewMembers> members) { members_ = std::move(members); }

    void insert(std::span<void* const> rows) {
        const auto width = std::max<std::size_t>(columns_.given.size(), 1);
        auto batch = std::clamp<std::size_t>(session_.dialect().max_parameters() / width, 1, largest_batch);
        // Rows that share a column filled by the database can only be distinguished by a key that ascends.
        const bool told_apart = columns_.returned.empty() || returns_keys_ || conflict_ != nullptr;
        if (columns_.given.empty() || !told_apart) batch = 1;
        if (copies_) batch = largest_copy;
        while (!rows.empty()) {
            auto [count, values] = values_of(rows.first(std::min(batch, rows.size())));
            insert_batch(rows.first(count), std::move(values));
            last_.is_sending(false);
            rows = rows.subspan(count);
            if (last_.watch != nullptr) last_.watch->add(count);
        }
    }

private:
    /// The values of as many rows as a statement takes.
    struct Batch {
        std::size_t rows{0};
        std::vector<Value> values{};
    };

    void insert_batch(std::span<void* const> rows, std::vector<Value> values) {
        last_.is_sending(true);
        if (copies_) {
            session_.copy(sql::copy_rows(model_, columns_.given, std::move(values), session_.dialect()));
            (void)last_.is_among(rows.size()); // a COMMIT would not save a noticeable part of the time
            return;
        }
        const bool returns_nothing = columns_.returned.empty() && members_.empty();
        write_statement(std::move(values));
        commits_ = last_.is_among(rows.size()) && always_succeeds();
        if (commits_) last_.transaction->expect_last();
        if (returns_nothing) {
            session_.execute(statement_);
        } else if (without_returning_) {
            take_keys(session_.insert(statement_, rows.size()), rows);
        } else {
            read_back(rows);
        }
    }

    void take_keys(const std::vector<std::int64_t>& keys, std::span<void* const> rows) const {
        take_whole([&] {
            require_all(keys.size(), rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                rows::write_value(rows[i], *columns_.returned.front(), Value{keys[i]});
            }
        });
    }

    /// The rows are in the database: if they do not take what it returned, the call is half done.
    template <class Take>
    void take_whole(const Take& take) const {
        last_.is_sending(false);
        try {
            take();
        } catch (const Error& e) {
            session_.note_half_done(e);
            throw;
        }
    }

    /// Whether the rows can be stored in memory once the database has accepted them: what it returns must be a key for
    /// each row, and fit.
    bool always_succeeds() const {
        if (columns_.returned.empty()) return true;
        const auto& key = *columns_.returned.front();
        return only_keys_ && key.type == detail::ColumnType::int64 &&
               session_.inserts_every_row(sql::KeyColumn::of(key));
    }

    /// The text is the same for all full batches.
    void write_statement(std::vector<Value> values) {
        const auto& dialect = session_.dialect();
        if (!values.empty() && sql::give_values(statement_, columns_.given, values, dialect)) return;
        if (!members_.empty()) {
            statement_ = sql::insert_with_members(model_, columns_.given, std::move(values), columns_.returned,
                                                  std::move(members_), dialect);
            return;
        }
        const auto returning = without_returning_ ? std::span<const FieldInfo* const>{}
                                                  : std::span<const FieldInfo* const>(columns_.returned);
        statement_ = sql::insert_rows(model_, columns_.given, std::move(values), returning, dialect,
                                      conflict_ != nullptr ? conflict_->clause() : sql::OnConflict{});
    }

    Batch values_of(std::span<void* const> rows) const {
        const auto& dialect = session_.dialect();
        const auto most = most_bytes(dialect);
        Batch batch;
        batch.values.reserve(rows.size() * columns_.given.size());
        for (std::size_t bytes = 0; batch.rows < rows.size() && bytes < most; ++batch.rows) {
            if (last_.watch != nullptr) last_.watch->refused = rows[batch.rows];
            for (const auto* field : columns_.given) {
                batch.values.push_back(checked_value(rows[batch.rows], *field, dialect));
                bytes += bytes_of(batch.values.back());
            }
        }
        if (last_.watch != nullptr) last_.watch->refused = nullptr;
        return batch;
    }

    std::vector<std::vector<Value>> query_returned(std::size_t rows) {
        const auto& fields = columns_.returned;
        std::vector<std::vector<Value>> returned;
        returned.reserve(rows);
        const auto cursor = session_.query(statement_);
        while (cursor->next()) {
            auto& record = returned.emplace_back();
            record.reserve(fields.size());
            for (const auto* field : fields) {
                record.push_back(cursor->value(static_cast<int>(record.size()), field->type, field));
            }
        }
        return returned;
    }

    void read_back(std::span<void* const> rows) {
        const auto& fields = columns_.returned;
        auto returned = query_returned(rows.size());
        if (conflict_ != nullptr) {
            return take_whole([&] { conflict_->take(session_, fields, std::move(returned), rows); });
        }
        // Databases do not promise the order of RETURNING; generated keys ascend in the order of the rows.
        if (returns_keys_) std::ranges::sort(returned);
        take_whole([&] {
            require_all(returned.size(), rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                for (std::size_t c = 0; c < fields.size(); ++c) rows::write_value(rows[i], *fields[c], returned[i][c]);
            }
        });
    }

    void require_all(std::size_t returned, std::size_t inserted) const {
        if (returned == inserted) return;
        throw DatabaseError(
            fmt::format("{} rows of {} were inserted, but {} were returned{}", inserted, model_.name, returned,
                        commits_ ? ": a trigger or rule that is new to this connection left out the others, and these "
                                   "are committed"
                                 : ""),
            {.model = model_.name, .sql = statement_.text});
    }

    connection::Session& session_;
    const ModelInfo& model_;
    Columns columns_;
    LastRow& last_;
    Conflict* conflict_;
    std::vector<sql::NewMembers> members_{};
    bool returns_keys_{false};
    bool only_keys_{false}; // and no other columns
    bool copies_{false};
    bool commits_{false};           // COMMIT travels with the statement
    bool without_returning_{false}; // the connection returns them by itself
    sql::Statement statement_{};
};

void insert_alike(connection::Session& session, const ModelInfo& model, bool with_key, std::span<void* const> rows,
                  LastRow& last, Conflict* conflict) {
    if (rows.empty()) return;
    Inserter(session, model, columns_for(model, with_key, rows.front()), rows.size(), last, conflict).insert(rows);
}

void insert_with_or_without_key(connection::Session& session, const ModelInfo& model, bool with_key,
                                std::span<void* const> rows, LastRow& last, Conflict* conflict) {
    std::vector<void*> complete;
    for (const auto& row : rows) {
        if (leaves_out_any(model, row)) {
            insert_alike(session, model, with_key, std::span(&row, 1), last, conflict);
        } else {
            complete.push_back(row);
        }
    }
    insert_alike(session, model, with_key, complete, last, conflict);
}

/// Whether the database is to give the row a key; one that it does not is given now.
bool takes_new_key(const ModelInfo& model, const NewRow& fresh, Fields by_statement = {}) {
    if (fresh.knows_key) return false;
    complete_key(model, fresh.row, by_statement);
    const auto& key = *model.primary_key.front();
    return is_made(key) && is_unset(fresh.row, key);
}

} // namespace

std::size_t most_bytes(const sql::Dialect& dialect) {
    return std::min(largest_statement, dialect.largest_value() / statements_in_value);
}

void require_writable(const ModelInfo& model) {
    if (!model.read_only) return;
    throw ValueError(fmt::format("{} is read-only: its Table declares it so", model.name), {.model = model.name});
}

bool lacks_key(const ModelInfo& model, const void* row) {
    if (rows::has_key(row, model)) return false;
    return std::ranges::any_of(model.primary_key, [&](const FieldInfo* key) {
        return is_made(*key) || !detail::is_integer(key->type) || detail::is_null(rows::read_value(row, *key));
    });
}

namespace {

void note_inserted(connection::Session& session, const ModelInfo& model, std::span<const NewRow> rows,
                   const Conflict* conflict) {
    if (!session.observes_changes()) return;
    const bool may_exist = conflict != nullptr && !conflict->ignores();
    const auto kind = may_exist ? ChangeKind::created_or_updated : ChangeKind::created;
    for (const auto& fresh : rows) {
        const bool is_ignored = conflict != nullptr && conflict->is_ignored(fresh.row);
        if (!is_ignored) note_change(session, kind, model, fresh.row);
    }
}

} // namespace

void insert(connection::Session& session, const ModelInfo& model, std::span<const NewRow> rows,
            connection::WriteTransaction* ends, InsertWatch* watch, Conflict* conflict) {
    require_writable(model);
    std::vector<void*> with_key;
    std::vector<void*> without_key;
    Stamps stamps(session.dialect());
    for (const auto& fresh : rows) {
        if (watch != nullptr) watch->refused = fresh.row;
        stamps.stamp_new(model, fresh.row);
        (takes_new_key(model, fresh) ? without_key : with_key).push_back(fresh.row);
    }
    if (watch != nullptr) watch->refused = nullptr;
    LastRow last{.transaction = ends, .left = rows.size(), .watch = watch};
    insert_with_or_without_key(session, model, true, with_key, last, conflict);
    insert_with_or_without_key(session, model, false, without_key, last, conflict);
    note_inserted(session, model, rows, conflict);
}

void insert(connection::Session& session, const ModelInfo& model, const NewRow& row,
            connection::WriteTransaction* ends) {
    insert(session, model, std::span(&row, 1), ends);
}

std::optional<sql::NewMembers> members_of(const detail::RelationInfo& relation, std::span<const NewRow> rows,
                                          const sql::Dialect& dialect) {
    const auto& model = *relation.target;
    sql::NewMembers members{.relation = &relation, .rows = rows.size()};
    Stamps stamps(dialect);
    for (const auto& fresh : rows) {
        stamps.stamp_new(model, fresh.row);
        const bool takes_key = takes_new_key(model, fresh, relation.target_columns);
        auto given = columns_for(model, !takes_key, fresh.row).given;
        std::erase_if(given, [&](const FieldInfo* field) { return contains(relation.target_columns, field); });
        if (&fresh == &rows.front()) members.fields = given;
        if (members.fields != given) return std::nullopt;
        for (const auto* field : given) members.values.push_back(checked_value(fresh.row, *field, dialect));
    }
    return members;
}

bool are_few(std::span<const sql::NewMembers> members, const sql::Dialect& dialect) {
    constexpr std::size_t most_columns = 64; // of the row itself
    std::size_t rows = 0;
    std::size_t values = most_columns;
    std::size_t bytes = 0;
    for (const auto& some : members) {
        rows += some.rows;
        values += some.values.size() + 1;
        for (const auto& value : some.values) bytes += bytes_of(value);
    }
    return rows <= largest_batch && values <= dialect.max_parameters() && bytes <= largest_statement;
}

void insert_with_members(connection::Session& session, const ModelInfo& model, const NewRow& row,
                         std::vector<sql::NewMembers> members) {
    require_writable(model);
    Stamps(session.dialect()).stamp_new(model, row.row);
    LastRow none;
    Inserter inserter(session, model, columns_for(model, !takes_new_key(model, row), row.row), 1, none);
    inserter.take_members(std::move(members));
    inserter.insert(std::span(&row.row, 1));
    note_change(session, ChangeKind::created, model, row.row);
}

} // namespace kith::write
