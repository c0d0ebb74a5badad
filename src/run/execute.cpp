#include "run/execute.hpp"

#include "prefetch/attach.hpp"
#include "prefetch/load.hpp"
#include "rows/row_reader.hpp"
#include "run/open_rows.hpp"

#include <optional>

namespace kith::run {

FetchMode mode_of(const detail::Query& query) { return query.mode.value_or(query.db.options().fetch_mode); }

bool is_fresh(const detail::Query& query) { return query.selected.empty() && !query.owner; }

namespace {

std::shared_ptr<const Evaluation> evaluate(const detail::Query& query, connection::Session& session) {
    auto evaluation = std::make_shared<Evaluation>(query.db);
    evaluation->inside_block = session.is_inside_block();

    // First, one snapshot of the database if more than one statement will read it.
    std::optional<connection::Snapshot> snapshot;
    if (!query.lookups.empty()) snapshot.emplace(session);

    // Then the requested rows, decoded into the graph as they arrive; the lookups that can do so travel with them.
    prefetch::Loader loader(session, query.db, evaluation->graph(), mode_of(query));
    sql::RowPlan plan;
    const auto statement = main_statement(query, session.dialect(), plan);
    {
        const auto cursor = snapshot ? loader.open(query, statement, &*snapshot) : session.query(statement);
        complete(plan, query, *cursor);
        rows::RowReader reader(evaluation->graph(), plan, mode_of(query), nullptr);
        reader.read_on(*cursor, evaluation->rows());
        reader.finish();
    }
    if (query.owner) prefetch::attach_owner(*query.owner, evaluation->rows());

    // Then each relation: collect the keys, fetch, attach, and continue behind it.
    loader.load(query.lookups, evaluation->rows(), {.fresh = is_fresh(query), .last = snapshot ? &*snapshot : nullptr});
    evaluation->loaded = loader.take_report();
    evaluation->choice = loader.choice();

    if (snapshot) snapshot->commit();
    return evaluation;
}

} // namespace

std::shared_ptr<const Evaluation> execute(const detail::Query& query, const observe::CallInfo& call) {
    if (query.nothing) return std::make_shared<Evaluation>(query.db);
    connection::Session session(query.db, call);
    // An ALTER TABLE that outdates a prepared statement fails this evaluation's snapshot, but not the next one. Inside
    // a transaction of the caller no other snapshot is available.
    if (session.in_transaction()) return evaluate(query, session);
    try {
        return evaluate(query, session);
    } catch (const backend::StatementOutdated&) {
        return evaluate(query, session);
    }
}

} // namespace kith::run
