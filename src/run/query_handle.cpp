#include "base/bound.hpp"
#include "connection/database_core.hpp"
#include "query/default_query.hpp"
#include "query/refine.hpp"
#include "query/resolve.hpp"
#include "rows/graph.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"
#include "run/execute.hpp"
#include "run/explain.hpp"
#include "run/iterate.hpp"
#include "run/query_state.hpp"
#include "run/set_query.hpp"
#include "run/values.hpp"
#include "sql/select.hpp"

#include <kith/detail/core/query_handle.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kith::detail {

using connection::DatabaseAccess;

QueryHandle::QueryHandle() noexcept = default;
QueryHandle::QueryHandle(const QueryHandle&) = default;
QueryHandle::QueryHandle(QueryHandle&&) noexcept = default;
QueryHandle& QueryHandle::operator=(const QueryHandle&) = default;
QueryHandle& QueryHandle::operator=(QueryHandle&&) noexcept = default;
QueryHandle::~QueryHandle() = default;

QueryHandle QueryHandle::of_model(const Database& db, const ModelInfo& model) {
    auto query = query::default_query(model, db);
    return query != nullptr ? QueryHandle(std::move(query)) : of_all_rows(db, model);
}

QueryHandle QueryHandle::of_all_rows(const Database& db, const ModelInfo& model) {
    return QueryHandle(std::make_shared<const Query>(Query{.model = &model, .db = db}));
}

QueryHandle::QueryHandle(std::shared_ptr<const Query> query) : state_(std::make_shared<State>(std::move(query))) {}

QueryHandle::QueryHandle(std::shared_ptr<const Query> query, RowSpan rows, std::shared_ptr<const void> hold)
    : QueryHandle(std::move(query)) {
    state_->rows = rows;
    state_->hold = std::move(hold);
    state_->evaluated.store(true, std::memory_order_release);
}

QueryHandle QueryHandle::of_set(const RelationState& set) {
    const auto& member = run::resident_set(set);
    auto* address = const_cast<RelationState*>(&member);
    QueryHandle handle;
    if (member.is_loaded_resident()) {
        const auto& loaded = rows::loaded_set(member);
        loaded.note_read();
        handle.view_ = rows::rows_of(member);
        handle.set_ = RowHandle(address);
        // Rows of the same evaluation are held with the member.
        const bool is_held =
            loaded.segment->owner() == nullptr && &loaded.segment->graph() == &rows::Page::of(address).graph();
        if (handle.view_.size != 0 && !is_held) handle.view_hold_ = RowHandle(handle.view_.data[0]);
    } else {
        handle.state_ = std::make_shared<State>(run::query_of_set(member));
        handle.state_->set = RowHandle(address);
    }
    return handle;
}

std::shared_ptr<const Query> QueryHandle::query() const {
    if (state_ != nullptr) return state_->query;
    if (set_.get() == nullptr) {
        throw NotLoaded("this QuerySet belongs to no database: make one with db.objects<M>()");
    }
    return run::query_of_set(*static_cast<const RelationState*>(set_.get()));
}

const ModelInfo& QueryHandle::model() const {
    if (state_ != nullptr) return *state_->query->model;
    return *query()->model;
}

// ---- refinements

QueryHandle QueryHandle::filter(std::vector<Expr> conditions) const {
    return QueryHandle(query::filtered(*query(), conditions, false));
}

QueryHandle QueryHandle::exclude(std::vector<Expr> conditions) const {
    return QueryHandle(query::filtered(*query(), conditions, true));
}

QueryHandle QueryHandle::order_by(std::span<const std::string_view> names) const {
    return QueryHandle(query::ordered(*query(), names));
}

QueryHandle QueryHandle::reverse() const { return QueryHandle(query::reversed(*query())); }

QueryHandle QueryHandle::distinct() const { return QueryHandle(query::distinct(*query())); }

QueryHandle QueryHandle::slice(std::size_t first, std::size_t last) const {
    auto sliced = query::sliced(*query(), first, last);
    const auto rows = cached();
    if (!rows) return QueryHandle(std::move(sliced));
    const auto begin = std::min(first, rows->size);
    return QueryHandle(std::move(sliced), {rows->data + begin, std::min(last, rows->size) - begin},
                       std::make_shared<const QueryHandle>(*this));
}

QueryHandle QueryHandle::select_related(std::span<const std::string_view> paths) const {
    return QueryHandle(query::with_selected(*query(), paths));
}

QueryHandle QueryHandle::without_select_related() const {
    return QueryHandle(query::changed(*query(), [](Query& q) { q.selected.clear(); }));
}

QueryHandle QueryHandle::prefetch_related(std::vector<LookupSpec> lookups) const {
    return QueryHandle(query::with_lookups(*query(), lookups));
}

QueryHandle QueryHandle::without_prefetch_related() const {
    return QueryHandle(query::changed(*query(), [](Query& q) { q.lookups.clear(); }));
}

QueryHandle QueryHandle::only(std::span<const std::string_view> columns) const {
    return QueryHandle(query::with_only(*query(), columns));
}

QueryHandle QueryHandle::defer(std::span<const std::string_view> columns) const {
    return QueryHandle(query::with_deferred(*query(), columns));
}

QueryHandle QueryHandle::without_defer() const {
    return QueryHandle(query::changed(*query(), [](Query& q) {
        q.only.reset();
        q.deferred.clear();
    }));
}

QueryHandle QueryHandle::annotate(std::vector<AnnotationSpec> annotations) const {
    return QueryHandle(query::annotated(*query(), annotations));
}

QueryHandle QueryHandle::select_for_update(const LockSpec& lock) const {
    return QueryHandle(query::with_lock(*query(), lock));
}

QueryHandle QueryHandle::on(const Database& db) const {
    return QueryHandle(query::changed(*query(), [&](Query& q) { q.db = DatabaseAccess::bounded(db, q.bounds); }));
}

QueryHandle QueryHandle::fetch_mode(FetchMode mode) const {
    return QueryHandle(query::changed(*query(), [&](Query& q) { q.mode = mode; }));
}

QueryHandle QueryHandle::load_strategy(LoadStrategy strategy) const {
    return QueryHandle(query::changed(*query(), [&](Query& q) { q.strategy = strategy; }));
}

namespace {

std::shared_ptr<const Query> bounded_as_well(std::shared_ptr<const Query> query,
                                             const std::shared_ptr<const base::Bounds>& more) {
    if (more == nullptr) return query;
    return query::changed(*query, [&](Query& q) {
        q.db = DatabaseAccess::bounded(q.db, more);
        q.bounds = base::both(q.bounds, more);
    });
}

std::shared_ptr<const Query> with_bounds(const std::shared_ptr<const Query>& query, base::Bounds bounds) {
    return bounded_as_well(query, std::make_shared<const base::Bounds>(std::move(bounds)));
}

} // namespace

QueryHandle QueryHandle::deadline(std::chrono::milliseconds longest, std::stop_token token) const {
    base::Bounds bounds{.deadline = longest};
    if (token.stop_possible()) bounds.stops.push_back(std::move(token));
    return QueryHandle(with_bounds(query(), std::move(bounds)));
}

QueryHandle QueryHandle::stop(std::stop_token token) const {
    return QueryHandle(with_bounds(query(), {.stops = {std::move(token)}}));
}

QueryHandle QueryHandle::limits(const Limits& limits) const {
    return QueryHandle(with_bounds(query(), {.limits = limits}));
}

QueryHandle QueryHandle::all() const { return QueryHandle(query()); }

QueryHandle QueryHandle::none() const {
    return QueryHandle(query::changed(*query(), [](Query& q) { q.nothing = true; }));
}

QueryHandle QueryHandle::raw(std::string sql, ValueList parameters) const {
    return QueryHandle(query::with_raw(*query(), {.text = std::move(sql), .parameters = std::move(parameters).take()}));
}

QueryHandle QueryHandle::both(const QueryHandle& other) const {
    return QueryHandle(bounded_as_well(query::both(*query(), *other.query()), other.query()->bounds));
}

QueryHandle QueryHandle::either(const QueryHandle& other) const {
    return QueryHandle(bounded_as_well(query::either(*query(), *other.query()), other.query()->bounds));
}

// ---- evaluation

std::optional<RowSpan> QueryHandle::cached() const {
    if (state_ == nullptr) return set_.get() != nullptr ? std::optional(view_) : std::nullopt;
    if (state_->evaluated.load(std::memory_order_acquire)) return state_->rows;
    return std::nullopt;
}

RowSpan QueryHandle::rows(std::source_location where) const {
    if (const auto rows = cached()) return *rows;
    if (state_ == nullptr) (void)query(); // throws: no database
    state_->evaluate(where);
    return state_->rows;
}

void* QueryHandle::at(std::size_t index) const {
    const auto all = rows();
    if (index < all.size) return all.data[index];
    throw ValueError(
        fmt::format("row {} of {} {} rows was requested; rows are counted from 0", index, all.size, model().name),
        {.model = model().name});
}

namespace {

bool key_less(const void* a, const void* b, const ModelInfo& model) {
    return rows::primary_key(a, model) < rows::primary_key(b, model);
}

/// The first or last row of a cache: by its order, or by primary key if it has none.
RowHandle end_of_cache(RowSpan rows, const Query& query, bool last) {
    if (rows.size == 0) return {};
    if (query::has_order(query)) return RowHandle(rows.data[last ? rows.size - 1 : 0]);
    const auto less = [&](const void* a, const void* b) { return key_less(a, b, *query.model); };
    const auto [least, most] = std::minmax_element(rows.data, rows.data + rows.size, less);
    return RowHandle(last ? *most : *least);
}

RowHandle one_row(std::shared_ptr<const Query> query, const observe::CallInfo& call) {
    const auto evaluation = run::execute(*query, call);
    const auto rows = evaluation->span();
    return rows.size == 0 ? RowHandle{} : RowHandle(rows.data[0]);
}

/// The key of a sole condition that compares `pk`, or the key's own name, with a value.
const Value* sole_key(const std::vector<Expr>& conditions, const ModelInfo& model) {
    if (conditions.size() != 1 || conditions.front().kind != Expr::Kind::compare) return nullptr;
    const auto& condition = conditions.front();
    if (model.primary_key.size() != 1) return nullptr;
    if (condition.path != "pk" && condition.path != model.key().name) return nullptr;
    return condition.is_text ? nullptr : std::get_if<Value>(&condition.operand);
}

RowHandle find_in_cache(RowSpan rows, const ModelInfo& model, const Value& key) {
    for (std::size_t i = 0; i < rows.size; ++i) {
        if (rows::read_value(rows.data[i], model.key()) == key) return RowHandle(rows.data[i]);
    }
    return {};
}

constexpr std::size_t get_limit = 21; // enough to report the number of rows if they are few

} // namespace

RowHandle QueryHandle::first(std::source_location where) const {
    return first_for({.name = "first", .model = &model(), .where = where});
}

RowHandle QueryHandle::first_for(const observe::CallInfo& call) const {
    const auto query = this->query();
    if (const auto rows = cached()) return end_of_cache(*rows, *query, false);
    return one_row(query::sliced(*query::with_some_order(*query), 0, 1), call);
}

RowHandle QueryHandle::last(std::source_location where) const {
    const auto query = this->query();
    if (const auto rows = cached()) return end_of_cache(*rows, *query, true);
    return one_row(query::sliced(*query::reversed(*query::with_some_order(*query)), 0, 1),
                   {.name = "last", .model = query->model, .where = where});
}

RowHandle QueryHandle::get(std::vector<Expr> conditions, std::source_location where) const {
    return get_for(conditions, {.name = "get", .model = &model(), .where = where});
}

RowHandle QueryHandle::get_for(const std::vector<Expr>& conditions, const observe::CallInfo& call) const {
    const auto query = this->query();
    const auto& name = query->model->name;
    if (state_ == nullptr) {
        if (const auto* key = sole_key(conditions, *query->model)) {
            if (auto row = find_in_cache(view_, *query->model, *key); row.get() != nullptr) return row;
        }
    }
    const auto narrowed = query::changed(*query, [&](Query& q) {
        query::filter(q, conditions, false);
        if (q.is_sliced()) return;
        q.order.clear();
        q.ordered = true;
        q.limit = get_limit;
    });
    const auto evaluation = run::execute(*narrowed, call);
    const auto rows = evaluation->span();
    if (rows.size == 0) throw DoesNotExist(fmt::format("{} matching query does not exist.", name), {.model = name});
    if (rows.size > 1) {
        const auto count =
            rows.size < get_limit ? fmt::format("{}", rows.size) : fmt::format("more than {}", get_limit - 1);
        throw MultipleObjectsReturned(fmt::format("get() returned more than one {} -- it returned {}!", name, count),
                                      {.model = name});
    }
    return RowHandle(rows.data[0]);
}

namespace {

template <class Build>
std::int64_t ask(const Query& query, const observe::CallInfo& call, Build&& build) {
    connection::Session session(query.db, call);
    return run::sole_integer(*session.query(build(query, session.dialect())));
}

} // namespace

std::int64_t QueryHandle::count(std::source_location where) const {
    if (const auto rows = cached()) return static_cast<std::int64_t>(rows->size);
    const auto query = this->query();
    return query->nothing ? 0
                          : ask(*query, {.name = "count", .model = query->model, .where = where}, sql::select_count);
}

bool QueryHandle::exists(std::source_location where) const {
    if (const auto rows = cached()) return rows->size != 0;
    const auto query = this->query();
    return !query->nothing &&
           ask(*query, {.name = "exists", .model = query->model, .where = where}, sql::select_exists) != 0;
}

bool QueryHandle::contains(const RowOrKey& wanted, std::source_location where) const {
    const auto query = this->query();
    const auto& model = *query->model;
    auto key = wanted.row != nullptr ? rows::saved_key(wanted.row, model.key(), "asking whether a QuerySet contains it")
                                     : *wanted.key;
    if (const auto rows = cached()) return find_in_cache(*rows, model, key).get() != nullptr;
    if (query->is_sliced()) return find_in_cache(rows(where), model, key).get() != nullptr;
    return filter({Expr{.path = "pk", .operand = std::move(key)}}).exists(where);
}

StreamHandle QueryHandle::iterator(IteratorOptions options, std::source_location where) const {
    return run::iterate(query(), options, where);
}

// ---- what would run

std::string QueryHandle::sql() const {
    const auto query = this->query();
    if (query->raw != nullptr) return query->raw->text;
    const connection::Session session(query->db);
    sql::RowPlan plan;
    return sql::select_rows(*query, session.dialect(), plan).text;
}

std::string QueryHandle::explain() const { return run::explain_statement(*query()); }

LoadingPlan QueryHandle::loading_plan() const {
    const auto query = this->query();
    const bool evaluated = state_ != nullptr && state_->evaluated.load(std::memory_order_acquire);
    return run::plan_loading(*query, evaluated ? state_->evaluation.get() : nullptr);
}

} // namespace kith::detail
