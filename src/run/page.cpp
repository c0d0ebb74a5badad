#include "query/place.hpp"
#include "query/refine.hpp"
#include "rows/relation_state.hpp"
#include "rows/row_value.hpp"
#include "rows/value_mark.hpp"
#include "run/query_state.hpp"

#include <kith/detail/core/query_handle.hpp>
#include <kith/detail/core/to_one.hpp>
#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

/// Pages of a QuerySet: by their place in its order, and by their number.
namespace kith::detail {

namespace {

using query::PagePlace;

constexpr std::size_t most_rows = std::numeric_limits<std::int32_t>::max();

void require_size(std::size_t size, const Query& query) {
    if (size != 0 && size <= most_rows) return;
    throw ValueError(fmt::format("a page of {} has 1 to {} rows, not {}", query.model->name, most_rows, size),
                     {.model = query.model->name});
}

[[noreturn]] void refuse_missing(const FieldInfo& field) {
    throw ValueError(fmt::format("the place of this row is not known, because {} is not loaded", field.label()),
                     {.model = field.model->name, .lookup = field.name});
}

/// The row that a relation leads to; null if there is none.
const void* row_behind(const void* row, const FieldInfo& field) {
    const auto& state = rows::state_of(const_cast<void*>(row), field);
    const auto copy =
        state.is_resident() ? rows::Detached{.origin = const_cast<RelationState*>(&state)} : rows::read_detached(state);
    if (copy.held != nullptr) return copy.held;
    if (has_column(field.kind) && to_one_is_null(state)) return nullptr;
    if (!to_one_is_loaded(state)) refuse_missing(field);
    return copy.origin->peek_row();
}

Value value_at(const void* row, const query::ColumnPath& path) {
    for (const auto* relation : path.relations) {
        row = row_behind(row, *relation->field);
        if (row == nullptr) return {};
    }
    const auto& column = *path.column;
    const bool marked = column.lazy || column.kind == MemberKind::annotation;
    if (marked && !rows::mark_of(const_cast<void*>(row), column).is_there()) refuse_missing(column);
    return rows::read_value(row, column);
}

PagePlace place_of_row(const Query& query, const void* row) {
    PagePlace place;
    for (const auto& term : query::order_of(query)) place.values.push_back(value_at(row, term.path));
    return place;
}

/// Rows of an evaluation in another order, or without some of them.
struct SomeRows {
    QueryHandle evaluated;
    std::vector<void*> rows;

    RowSpan span() const { return {rows.data(), rows.size()}; }
};

/// A page that is being loaded.
class Paging {
public:
    Paging(const Query& query, const PageOptions& options)
        : options_(options), query_(query::with_places(query)), backwards_(!options.before.empty()) {
        require_size(options.size, query);
        if (backwards_ && !options.after.empty()) {
            throw ValueError(fmt::format("a page of {} is after a token or before one, not both", query.model->name),
                             {.model = query.model->name});
        }
        if (const auto token = backwards_ ? options.before : options.after; !token.empty()) {
            place_ = query::place_of_token(*query_, token);
        }
    }

    /// The query for at most `most` rows of the page and beyond.
    std::shared_ptr<const Query> rows(std::size_t most) const {
        auto found = backwards_ ? query::reversed(*query_) : query_;
        if (place_) found = query::behind(*found, *place_);
        return query::sliced(*found, 0, most);
    }

    /// The rows of the page among those that were read, in their order.
    std::shared_ptr<SomeRows> keep(QueryHandle evaluated, RowSpan all) {
        more_ = all.size > options_.size;
        auto kept = std::make_shared<SomeRows>(
            SomeRows{std::move(evaluated), {all.data, all.data + std::min(all.size, options_.size)}});
        if (backwards_) std::ranges::reverse(kept->rows);
        return kept;
    }

    std::string next(const std::vector<void*>& rows) const {
        if (!backwards_ && !more_) return {};
        return rows.empty() ? beside() : token(rows.back());
    }
    std::string previous(const std::vector<void*>& rows) const {
        if (backwards_ ? !more_ : !place_) return {};
        return rows.empty() ? beside() : token(rows.front());
    }

    const std::shared_ptr<const Query>& query() const { return query_; }

private:
    std::string token(const void* row) const { return query::token_of(*query_, place_of_row(*query_, row)); }
    /// For a page without rows: what lies on the other side of its place, which belongs to it.
    std::string beside() const {
        auto place = *place_;
        place.inclusive = !place.inclusive;
        return query::token_of(*query_, place);
    }

    PageOptions options_;
    std::shared_ptr<const Query> query_;
    bool backwards_;
    std::optional<PagePlace> place_{};
    bool more_{false};
};

} // namespace

bool QueryHandle::totally_ordered() const { return query::is_total(*query()); }

QueryHandle QueryHandle::in_total_order() const { return QueryHandle(query::in_total_order(*query())); }

QueryHandle::KeyPage QueryHandle::page(const PageOptions& options, std::source_location where) const {
    Paging paging(*query(), options);
    QueryHandle evaluated(paging.rows(options.size + 1));
    const auto all = evaluated.rows(where);
    const auto kept = paging.keep(std::move(evaluated), all);
    return {QueryHandle(paging.query(), kept->span(), kept), paging.next(kept->rows), paging.previous(kept->rows)};
}

QueryHandle QueryHandle::page_of(const PageOptions& options) const {
    const auto query = this->query();
    if (!options.before.empty()) {
        throw ValueError(fmt::format("page_of() of {} takes no token of PageOptions::before", query->model->name),
                         {.model = query->model->name});
    }
    return QueryHandle(Paging(*query, options).rows(options.size));
}

std::string QueryHandle::page_token(const void* row) const {
    const auto ordered = query::with_places(*query());
    return query::token_of(*ordered, place_of_row(*ordered, row));
}

QueryHandle::NumberedPage QueryHandle::numbered_page(std::size_t number, std::size_t size,
                                                     std::source_location where) const {
    const auto query = this->query();
    require_size(size, *query);
    query::require_unsliced(*query, "divide into pages");
    if (number == 0 || number > most_rows) {
        throw ValueError(fmt::format("pages of {} are counted from 1 to {}: there is no page {}", query->model->name,
                                     most_rows, number),
                         {.model = query->model->name});
    }
    const auto ordered = query::with_some_order(*query);
    const auto first = (number - 1) * size;
    NumberedPage page{.rows = QueryHandle(query::sliced(*ordered, first, first + size))};
    const std::array<Asked, 2> asked{
        Asked{.rows = page.rows},
        Asked{.what = Asked::What::count, .rows = QueryHandle(ordered), .values = &page.count}};
    evaluate_together(asked, where);
    return page;
}

} // namespace kith::detail
