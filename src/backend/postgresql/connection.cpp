#include "backend/postgresql/connection.hpp"

#include "backend/postgresql/copy.hpp"
#include "backend/postgresql/cursor.hpp"
#include "backend/postgresql/names.hpp"
#include "sql/writer.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace kith::backend::postgresql {
namespace {

/// Maximum number of rows fetched at once.
constexpr std::size_t largest_batch = 10'000;

/// A table was altered, so that a prepared statement would return other columns now.
constexpr std::string_view statement_is_altered = "0A000";
/// A column was altered to a type other than that of the keys compared with it.
constexpr std::string_view keys_are_altered = "42804";
/// Behind a pooler, another user of the same server connection has dropped it.
constexpr std::string_view statement_is_gone = "26000";

std::int64_t rows_changed(const PGresult& result) { return std::max<std::int64_t>(told_rows(&result), 0); }

} // namespace

Connection::Connection(const ConnectionSettings& settings, const sql::Dialect& dialect, const base::Bound* bound)
    : handle_(settings.libpq, settings.name, settings.pooling == Pooling::transaction, bound),
      prefix_(unique_prefix()),
      local_settings_(settings.pooling == Pooling::transaction
                          ? set_for_transaction(settings.server, settings.read_only)
                          : std::string()),
      statements_(prefix_, settings.statement_cache),
      pipeline_(handle_, statements_),
      dialect_(&dialect) {
    if (!local_settings_.empty()) return;
    const auto start = Clock::now();
    handle_.run_at_opening(set_for_session(settings.server, settings.read_only));
    note_round_trip(start);
}

/// Ends what is still under way within the bound that it began with: nobody else shall wait for it.
void Connection::bound_changed() noexcept {
    try {
        pipeline_.settle();
    } catch (const std::exception&) {
        handle_.give_up();
    }
    handle_.watch(bound());
}

void Connection::note_round_trip(Clock::time_point start) noexcept {
    constexpr int trips_to_cancel = 4; // two for the connection that asks, one for the answer, and one to spare
    round_trip_.note(start);
    handle_.set_grace(brief_time(round_trip(), trips_to_cancel));
}

/// Whether rows are counted as they arrive: then libpq must not keep all of them until the last one has arrived.
bool Connection::receives_by_row() const noexcept { return bound() != nullptr && bound()->counts_rows(); }

std::unique_ptr<backend::Cursor> Connection::query(const sql::Statement& statement) {
    const bool in_own_transaction = !in_transaction() && !local_settings_.empty();
    const bool may_stop = receives_by_row() && !returns_what_it_wrote(statement);
    if (may_stop && !commits_next_ && !in_own_transaction) return query_by_row(statement);
    auto result = run(statement);
    return std::make_unique<Cursor>(Rows(std::move(result), statement.text, &type_names_));
}

std::unique_ptr<backend::Cursor> Connection::query_by_row(const sql::Statement& statement) {
    const bool alone = note_statement(statement);
    auto step = start(statement, /*keep=*/true, /*commit=*/false, /*by_row=*/true);
    pipeline_.wait_for_row(*step);
    if (alone && step->ended && forget_outdated(*step)) step = start(statement, /*keep=*/false, false, /*by_row=*/true);
    step->alone = alone;
    return std::make_unique<PipelineCursor>(*this, std::move(step));
}

std::unique_ptr<backend::Cursor> Connection::stream(const sql::Statement& statement, std::size_t batch) {
    const bool inside = in_transaction();
    if (!inside && streams_need_transaction()) return query(statement); // no cursor may be left on the server
    auto name = fmt::format("{}_c{}", prefix_, ++last_cursor_);
    const auto text =
        fmt::format("DECLARE {} NO SCROLL CURSOR {}FOR {}", name, inside ? "" : "WITH HOLD ", statement.text.str());
    const auto rows = static_cast<int>(std::clamp<std::size_t>(batch, 1, largest_batch));
    auto stream = std::make_unique<StreamCursor>(*this, name, statement.text, rows);
    ServerCursor declared{.name = std::move(name), .held = !inside};
    cursors_.reserve(cursors_.size() + 1); // what was declared at the server is noted in any case
    doubt_ = Doubt::none;
    run_unkept({.text = text, .binds = statement.binds}, statement.text);
    cursors_.push_back(std::move(declared));
    return stream;
}

std::int64_t Connection::execute(const sql::Statement& statement) { return rows_changed(*run(statement)); }

/// Asked each time: a column may have got another type, and COPY would fail.
bool Connection::copies(std::span<const FieldInfo* const> columns) {
    const auto& model = *columns.front()->model;
    const auto cursor = query({.text = copied_columns_sql,
                               .binds = {Value{sql::qualified(*dialect_, model.schema, model.table)}},
                               .table = "pg_attribute"});
    copied_.assign(columns.size(), type::unknown);
    while (cursor->next()) {
        const auto name = std::get<std::string>(cursor->value(0, ColumnType::text, nullptr));
        const auto found = std::ranges::find(columns, name, &FieldInfo::column);
        const auto stored = static_cast<type::Number>(cursor->integer(1));
        if (found == columns.end() || !is_copied((*found)->type, stored, cursor->integer(2) != 0)) continue;
        copied_[static_cast<std::size_t>(found - columns.begin())] = stored;
    }
    return std::ranges::find(copied_, type::unknown) == copied_.end();
}

/// libpq has no COPY in pipeline mode, so the control that waits is part of the same text.
std::int64_t Connection::copy(const sql::Statement& statement) {
    stored_columns_.require_kept(statement);
    const auto rows = copied_rows(statement, copied_);
    tidy();
    std::string text;
    for (const auto& earlier : take_waiting()) text += earlier + "; ";
    wrote_ = true;
    return rows_changed(*handle_.copy(text + statement.text.str(), rows, statement.text));
}

/// Of a row that others refer to, the server names the columns that are referred to.
void Connection::describe_violation(const sql::Statement& statement, ErrorContext& violated) {
    if (!statement.table.empty() && is_referred_to(statement, violated)) violated.columns.clear();
}

void Connection::control(std::string_view text) {
    commits_next_ = false;
    const bool begins = !in_transaction();
    // The end of a savepoint shows whether everything in it succeeded.
    if (text.starts_with("RELEASE")) pipeline_.settle();
    const bool failed = PQtransactionStatus(handle_.get()) == PQTRANS_INERROR;
    if (!failed && waiting_.accept(text, !begins)) {
        if (begins) wrote_ = false;
        return;
    }
    std::string sql;
    for (const auto& earlier : take_waiting()) sql += earlier + "; ";
    pipeline_.settle();
    const bool commits = text == "COMMIT";
    const auto doubt = wrote_ && commits ? Doubt::commit : Doubt::none;
    const auto result = handle_.run(sql.append(text), doubt);
    // A rollback closes the cursors opened since; the end of a transaction closes all.
    if (!in_transaction() || text.starts_with("ROLLBACK")) forget_cursors();
    if (commits) require_committed(result.get());
}

void Connection::forget_cursors() {
    std::erase_if(cursors_, [](const ServerCursor& cursor) { return !cursor.held; });
}

/// If a transaction has failed, the server answers COMMIT with success and the word ROLLBACK.
void Connection::require_committed(const PGresult* result) const {
    if (std::string_view(PQcmdStatus(const_cast<PGresult*>(result))) == "COMMIT") return;
    throw OperationalError(fmt::format("{}: the transaction was rolled back instead of committed, because a "
                                       "statement in it had failed",
                                       handle_.name()),
                           {.sql = "COMMIT"});
}

bool Connection::in_transaction() const {
    if (waiting_.begins()) return true;
    if (pipeline_.active() && commit_ != nullptr) return false; // for the next statement
    switch (PQtransactionStatus(handle_.get())) {
    case PQTRANS_ACTIVE:
    case PQTRANS_INTRANS:
    case PQTRANS_INERROR: return true;
    default: return false;
    }
}

// The setting ends with the transaction, or with a rollback to the savepoint; there is no other way to undo it.
void Connection::forbid_writes(bool on) {
    if (on) control("SET LOCAL transaction_read_only TO on");
}

bool Connection::alive() {
    handle_.read_unasked();
    return !handle_.lost();
}

/// To be called before a statement is sent. Whether it is its own transaction.
bool Connection::note_statement(const sql::Statement& statement) {
    if (!statement.stored.empty()) stored_columns_.require_kept(statement);
    if (statement.table.empty()) stored_columns_.forget();
    const bool alone = !in_transaction();
    const bool writes = may_write(statement);
    wrote_ = wrote_ || writes;
    doubt_ = alone && writes ? Doubt::statement : Doubt::none;
    return alone;
}

Result Connection::run(const sql::Statement& statement) {
    const bool commit = std::exchange(commits_next_, false); // not with a query of the catalog
    const bool alone = note_statement(statement);
    const auto begin = Clock::now();
    if (alone && !local_settings_.empty()) {
        auto result = run_as_transaction(statement);
        note_round_trip(begin);
        return result;
    }
    if (commit && wrote_) doubt_ = Doubt::commit;
    const auto step = start(statement, /*keep=*/true, commit);
    pipeline_.wait_for(*step);
    note_round_trip(begin);
    if (alone && forget_outdated(*step)) return run_unkept(statement, statement.text);
    const bool failed = step->error != nullptr || step->result == nullptr || is_failure(step->result.get());
    if (commit && failed) commit_ = nullptr; // it did not run
    return take(*step);
}

/// In one round trip. The settings apply to this statement only.
Result Connection::run_as_transaction(const sql::Statement& statement) {
    pipeline_.settle();
    handle_.begin();
    try {
        waiting_.accept("BEGIN", /*in_transaction=*/false);
        const auto opening = add_waiting();
        const auto step = pipeline_.add(statement, /*keep=*/false);
        commit_ = pipeline_.add_commit(/*needs_all=*/false);
        commit_->sql = statement.text;
        pipeline_.send();
        auto result = take(*step);
        finish_commit();
        return result;
    } catch (...) {
        commit_ = nullptr;
        roll_back();
        throw;
    }
}

/// Ends the transaction that a failure before its COMMIT left open. If this fails, the connection is given up.
void Connection::roll_back() noexcept {
    try {
        pipeline_.settle();
        waiting_.clear();
        if (in_transaction()) handle_.run("ROLLBACK");
    } catch (const std::exception&) {
        handle_.give_up();
    }
}

/// `sql` is shown in messages.
Result Connection::run_unkept(const sql::Statement& statement, const sql::StatementText& sql) {
    const auto step = start(statement, /*keep=*/false);
    step->sql = sql;
    return take(*step);
}

/// Sends a statement, with everything that must precede it.
std::shared_ptr<Connection::Step> Connection::start(const sql::Statement& statement, bool keep, bool commit,
                                                    bool by_row) {
    tidy();
    const auto opening = add_waiting();
    auto step = pipeline_.add(statement, keep);
    step->by_row = by_row;
    if (commit) commit_ = pipeline_.add_commit(/*needs_all=*/true);
    pipeline_.send();
    return step;
}

/// The control that waits for a statement, with the settings that a new transaction needs.
std::vector<std::string> Connection::take_waiting() {
    const bool begins = waiting_.begins();
    auto texts = waiting_.take();
    if (begins && !local_settings_.empty()) texts.insert(std::next(texts.begin()), local_settings_);
    return texts;
}

Connection::Opening Connection::add_waiting() {
    Opening opening;
    auto texts = take_waiting();
    opening.reserve(texts.size());
    for (auto& text : texts) opening.push_back(pipeline_.add(std::move(text)));
    return opening;
}

std::vector<std::unique_ptr<backend::Cursor>> Connection::query_all(std::span<const sql::Statement* const> statements,
                                                                    bool commit) {
    tidy();
    const auto opening = add_waiting();
    std::vector<std::unique_ptr<backend::Cursor>> cursors;
    cursors.reserve(statements.size());
    for (const auto* statement : statements) {
        auto step = pipeline_.add(*statement, /*keep=*/true);
        step->by_row = receives_by_row() && !returns_what_it_wrote(*statement);
        cursors.push_back(std::make_unique<PipelineCursor>(*this, std::move(step)));
    }
    if (commit) commit_ = pipeline_.add_commit(/*needs_all=*/false);
    doubt_ = commit && wrote_ ? Doubt::commit : Doubt::none;
    pipeline_.send();
    return cursors;
}

bool Connection::finish_commit() {
    const auto commit = std::exchange(commit_, nullptr);
    if (commit == nullptr) return false; // it was not sent
    pipeline_.wait_for(*commit);
    if (commit->cause != nullptr) return false;
    forget_cursors();
    require_committed(take(*commit).get());
    return true;
}

Result Connection::take_row(Step& step) {
    if (!pipeline_.wait_for_row(step)) return nullptr;
    auto row = std::move(step.rows.front());
    step.rows.pop_front();
    learn_types(*row);
    return row;
}

/// A cancel fails the transaction, so inside one that others use, or that has written, the rows are dropped one by one
/// before the next statement.
void Connection::stop(const Step& step, bool may_fail) noexcept {
    if (step.ended || (!step.alone && (!may_fail || wrote_))) return;
    const auto brief = base::Bound::for_undo(longest_rest);
    handle_.watch(&brief);
    try {
        pipeline_.settle();
    } catch (const std::exception&) {
        handle_.give_up();
    }
    handle_.watch(bound());
}

Result Connection::take(Step& step) {
    pipeline_.wait_for(step);
    if (step.error != nullptr) std::rethrow_exception(step.error);
    if (step.result == nullptr || is_failure(step.result.get())) fail(step);
    auto result = std::move(step.result);
    learn_types(*result);
    return result;
}

/// A type that is new here is looked up after everything in progress has ended.
void Connection::learn_types(const PGresult& result) {
    const auto types = type_names_.unknown(&result);
    if (types.empty()) return;
    pipeline_.settle();
    const auto status = PQtransactionStatus(handle_.get());
    if (status == PQTRANS_IDLE || status == PQTRANS_INTRANS) type_names_.ask(handle_, types);
}

void Connection::fail(const Step& step) {
    pipeline_.settle(); // what follows a failure shows whether the connection is lost
    const auto& failed = step.cause != nullptr ? *step.cause : step;
    const bool outdated = forget_outdated(failed);
    try {
        handle_.fail(failed.result.get(), failed.sql, doubt_);
    } catch (const Error& e) {
        if (outdated) throw StatementOutdated(e.what(), e.context());
        throw;
    }
}

/// Whether a statement failed because the prepared one is outdated. Then it is prepared again when it runs next.
bool Connection::forget_outdated(const Step& step) {
    if (!step.named) return false;
    const auto state = sqlstate_of(step.result.get());
    if (state == statement_is_gone) {
        statements_.clear();
    } else if (state == statement_is_altered || state == keys_are_altered) {
        statements_.forget_all(); // others may use the same table, and the work is started again only once
    } else {
        return false;
    }
    return true;
}

/// The statements that drop objects on the server that are no longer used. If a prepared statement is already gone, the
/// error would fail a transaction; outside of one, when the connection is `idle`, it does no harm.
std::vector<std::string> Connection::leftovers(bool idle) const {
    std::vector<std::string> texts;
    if (drops_in_doubt_ && !idle) return texts;
    for (const auto& cursor : cursors_) {
        if (cursor.left) texts.push_back(fmt::format("CLOSE {};", cursor.name));
    }
    if (!idle) return texts;
    for (const auto& name : statements_.dropped()) texts.push_back(fmt::format("DEALLOCATE {};", name));
    return texts;
}

/// Drops what is no longer used. In a failed transaction this must wait.
void Connection::tidy() {
    pipeline_.settle();
    handle_.begin();
    const auto status = PQtransactionStatus(handle_.get());
    if (status != PQTRANS_IDLE && status != PQTRANS_INTRANS) return;
    auto texts = leftovers(status == PQTRANS_IDLE);
    if (texts.empty()) return;
    // One by one if an earlier attempt was interrupted or failed: one that is gone must not keep the others.
    const bool one_by_one = std::exchange(drops_in_doubt_, true);
    if (!one_by_one) texts.insert(texts.begin(), fmt::format("{}", fmt::join(texts, "")));
    for (const auto& text : texts) {
        try {
            handle_.run(text);
            if (!one_by_one) break;
        } catch (const DeadlineExceeded&) {
            throw;
        } catch (const Cancelled&) {
            throw;
        } catch (const Error&) { // NOLINT(bugprone-empty-catch): what is gone need not be dropped
        }
    }
    // Only now: an interrupted attempt is repeated.
    drops_in_doubt_ = false;
    std::erase_if(cursors_, &ServerCursor::left);
    if (status == PQTRANS_IDLE) statements_.forget_dropped();
}

Result Connection::fetch(const std::string& cursor, int rows, const sql::StatementText& sql) {
    doubt_ = Doubt::none;
    return run_unkept({.text = fmt::format("FETCH FORWARD {} FROM {}", rows, cursor)}, sql);
}

/// Closing waits for the next statement: an exception may be in flight now.
void Connection::close(const std::string& cursor) noexcept {
    const auto found = std::ranges::find(cursors_, cursor, &ServerCursor::name);
    if (found != cursors_.end()) found->left = true;
}

} // namespace kith::backend::postgresql
