#include "run/execute.hpp"

#include <optional>

#include "prefetch/attach.hpp"
#include "prefetch/load.hpp"
#include "rows/row_reader.hpp"
#include "sql/select.hpp"

namespace kith::run {

FetchMode mode_of(const detail::Query& query) { return query.mode.value_or(query.db.options().fetch_mode); }

std::shared_ptr<const Evaluation> execute(const detail::Query& query) {
    auto evaluation = std::make_shared<Evaluation>(query.db);
    if (query.nothing) return evaluation;

    // First, a connection, and one view of the database where more than one statement will look at it.
    database::Session session(query.db);
    std::optional<database::Snapshot> snapshot;
    if (!query.lookups.empty()) snapshot.emplace(session);

    // Then the rows that were asked for, decoded into the graph as they come.
    sql::RowPlan plan;
    const auto statement = sql::select_rows(query, session.dialect(), plan);
    {
        const auto cursor = session.query(statement);
        rows::RowReader reader(evaluation->graph(), plan, mode_of(query), nullptr);
        while (cursor->next()) evaluation->rows().push_back(reader.read(*cursor));
        reader.finish();
    }
    if (query.owner) prefetch::attach_owner(*query.owner, evaluation->rows());

    // Then each relation: collect the keys, fetch, attach, and go on behind it.
    prefetch::Loader loader(session, evaluation->graph(), mode_of(query));
    loader.load(query.lookups, evaluation->rows());
    evaluation->loaded = loader.take_report();

    if (snapshot) snapshot->commit();
    return evaluation;
}

}  // namespace kith::run
