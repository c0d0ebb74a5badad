#include "run/execute.hpp"

#include "prefetch/attach.hpp"
#include "prefetch/load.hpp"
#include "rows/row_reader.hpp"
#include "run/open_rows.hpp"

#include <kith/error.hpp>

#include <algorithm>
#include <optional>

namespace kith::run {

FetchMode mode_of(const detail::Query& query) { return query.mode.value_or(query.db.options().fetch_mode); }

bool is_fresh(const detail::Query& query) { return query.selected.empty() && !query.owner; }

Evaluating::Evaluating(const detail::Query& query, connection::Session& session)
    : query_(query),
      evaluation_(std::make_shared<Evaluation>(query.db)),
      loader_(session, query.db, evaluation_->graph(), mode_of(query)),
      select_(main_select(query, session)) {
    evaluation_->inside_block = session.is_inside_block();
}

bool Evaluating::begin(Statements& statements) {
    const auto before = statements.size();
    statements.reserve(before + 1 + query_.lookups.size());
    statements.push_back({&select_.statement, {}});
    const bool is_last = query_.lookups.empty() || loader_.go_ahead(query_, statements);
    statements_ = statements.size() - before;
    return is_last;
}

std::size_t Evaluating::read_rows(Cursors cursors) {
    auto& rows = evaluation_->rows();
    {
        const auto cursor = std::move(cursors.front());
        complete(select_, query_, *cursor);
        rows::RowReader reader(evaluation_->graph(), *select_.plan, mode_of(query_), nullptr);
        reader.read_on(*cursor, rows);
        reader.finish();
    }
    if (query_.owner) prefetch::attach_owner(*query_.owner, rows);
    loader_.take_ahead(cursors.subspan(1));
    return statements_;
}

void Evaluating::load_lookups(connection::Snapshot* last) {
    loader_.load(query_.lookups, evaluation_->rows(), {.fresh = is_fresh(query_), .last = last});
}

prefetch::Loader& Evaluating::begin_lookups() {
    loader_.begin(query_.lookups, evaluation_->rows(), is_fresh(query_));
    return loader_;
}

std::shared_ptr<const Evaluation> Evaluating::result() {
    evaluation_->loaded = loader_.take_report();
    evaluation_->choice = loader_.choice();
    return std::move(evaluation_);
}

namespace {

std::shared_ptr<const Evaluation> evaluate(const detail::Query& query, connection::Session& session) {
    // First, one snapshot of the database if more than one statement will read it.
    std::optional<connection::Snapshot> snapshot;
    if (!query.lookups.empty()) snapshot.emplace(session);
    auto* const last = snapshot ? &*snapshot : nullptr;

    // Then the requested rows, decoded into the graph as they arrive; the lookups that can do so travel with them.
    Evaluating evaluating(query, session);
    {
        Evaluating::Statements statements;
        const bool is_last = evaluating.begin(statements);
        auto cursors = session.query_all(statements, is_last ? last : nullptr);
        evaluating.read_rows(cursors);
    }

    // Then each relation: collect the keys, fetch, attach, and continue behind it.
    evaluating.load_lookups(last);
    if (snapshot) snapshot->commit();
    return evaluating.result();
}

} // namespace

namespace {

bool locks(const query::LookupNode& node) {
    return (node.queryset != nullptr && node.queryset->locking) || std::ranges::any_of(node.children, locks);
}

void require_block(const Database& db, const detail::ModelInfo& model) {
    if (connection::Session::is_inside_block(db)) return;
    throw ValueError("select_for_update cannot be used outside of a transaction: a lock ends with its transaction, so "
                     "put the call into db.atomic([&] { … })",
                     {.model = model.name});
}

} // namespace

void require_block(const Database& db, const detail::ModelInfo& model, std::span<const query::LookupNode> lookups) {
    if (std::ranges::any_of(lookups, locks)) require_block(db, model);
}

void require_block(const detail::Query& query) {
    if (query.locking) require_block(query.db, *query.model);
    require_block(query.db, *query.model, query.lookups);
}

std::shared_ptr<const Evaluation> execute(const detail::Query& query, const observe::CallInfo& call) {
    if (query.nothing) return std::make_shared<Evaluation>(query.db);
    require_block(query);
    connection::Session session(query.db, call);
    return with_current_statements(session, [&] { return evaluate(query, session); });
}

} // namespace kith::run
