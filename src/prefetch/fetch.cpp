#include "prefetch/fetch.hpp"

#include "connection/session.hpp"
#include "prefetch/key_runs.hpp"
#include "rows/key_index.hpp"
#include "rows/key_reader.hpp"
#include "rows/known_rows.hpp"
#include "rows/row_reader.hpp"
#include "rows/row_value.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace kith::prefetch {

namespace {

using detail::ColumnType;
using detail::Query;
using detail::RelationInfo;
using rows::KnownRows;
using rows::RowReader;

/// Whether a row can be returned for more than one ordinal, so that its key must be read before its columns.
bool is_shared(const RelationInfo& relation) {
    if (relation.join_table) return true;
    // Two texts that differ may be equal to the database, and then lead to the same row.
    const auto is_whole = [](const detail::FieldInfo* column) { return detail::is_integer(column->type); };
    return relation.forward && !std::ranges::all_of(relation.target_columns, is_whole);
}

/// The member of a fetched row that equals the key it was fetched for, if that is an integer in the row.
const detail::FieldInfo* matched_member(const sql::RowPlan& plan) {
    const auto& part = plan.parts.front();
    const auto at = static_cast<std::size_t>(plan.matched_column - part.first_column);
    if (at >= part.slots.size()) return nullptr;
    const auto* field = part.slots[at].field;
    // All keys of a generic foreign key are returned in the column of its first.
    return rows::is_plain_integer(*field) && field->generic == nullptr ? field : nullptr;
}

/// How many rows to make room for: small sets for few keys, and one row for each of many. Not so many that it would
/// matter if there were none.
std::size_t expected_rows(std::size_t keys) { return std::max(keys, std::clamp<std::size_t>(8 * keys, 16, 1024)); }

void read_driven(backend::Cursor& cursor, const sql::Dialect& dialect, const sql::KeySet& keys,
                 const sql::RowPlan& plan, bool shared, const Destination& to, Fetched& result) {
    RowReader reader(to.graph, plan, to.mode, to.owner, to.db);
    result.segment = &reader.segment();
    rows::KeyReader key(keys, dialect, plan.matched_column);
    if (!keys.runs().empty()) cursor.keep_integers(plan.matched_column);
    const auto expected = expected_rows(keys.size());
    auto& rows = *result.rows;
    rows.reserve(expected);
    const auto* const member = matched_member(plan);
    if (member != nullptr && !shared && !keys.has_holes()) {
        reader.read_on(cursor, rows);
        reader.finish();
        const auto key_of = [&](std::size_t i) { return rows::plain_integer(rows[i], *member); };
        for (auto i = key.pass_over_first(rows.size(), key_of); i < rows.size(); ++i) {
            result.add_ordinal(i, key.read(key_of(i)));
        }
        return;
    }
    std::optional<KnownRows> known;
    if (shared) {
        known.emplace(*plan.parts.front().model, plan.parts.front().key_columns);
        known->reserve(expected);
        result.result_rows.reserve(expected);
    }
    result.ordinals.reserve(expected);
    while (cursor.next()) {
        const auto ordinal = key.read(cursor);
        if (ordinal == rows::KeyReader::no_key) continue;
        auto* row = known ? known->find(cursor) : nullptr;
        if (row == nullptr) {
            row = reader.read(cursor);
            rows.push_back(row);
            if (known) known->remember(row);
        }
        result.ordinals.push_back(ordinal);
        if (known) result.result_rows.push_back(row);
    }
    reader.finish();
}

/// The links of a join table in the order returned: per link the ordinal of the source key and the number of the target
/// key.
struct Links {
    std::vector<std::uint32_t> sources{};
    std::vector<std::uint32_t> targets{};
    std::shared_ptr<sql::KeySet> target_keys{};
};

/// Renumbers the target keys in ascending order, in which databases find them fastest.
template <class Index>
void sort_targets(Links& links, Index& index) {
    const auto ranks = index.sort(links.target_keys->column(0).integers);
    if (ranks.empty()) return;
    for (auto& target : links.targets) target = ranks[target];
}

/// Reads links of `sources` keys, integers at both ends: many at once if the database has a fast path for it.
void read_integer_links(backend::Cursor& cursor, rows::KeyReader& source_key, std::size_t sources, Links& links) {
    rows::IntegerIndex index(sources);
    auto& targets = links.target_keys->column(0).integers;
    const auto number = [&](std::int64_t target) {
        const auto known = index.size();
        const auto found = index.insert(target);
        if (found == known) targets.push_back(target);
        return found;
    };
    if (auto* loop = cursor.row_loop()) {
        std::array<std::int64_t, 1024> cells;
        for (bool more = true; more;) {
            std::size_t count = 0;
            more = loop->read_integers(2, cells, count);
            const auto before = links.sources.size();
            links.sources.resize(before + count);
            links.targets.resize(before + count);
            source_key.read_pairs(std::span(cells).first(2 * count), links.sources.data() + before);
            for (std::size_t i = 0; i < count; ++i) links.targets[before + i] = number(cells[2 * i + 1]);
        }
    } else {
        while (cursor.next()) {
            links.sources.push_back(source_key.read(cursor.integer(0)));
            links.targets.push_back(number(cursor.integer(1)));
        }
    }
    sort_targets(links, index);
}

void read_other_links(backend::Cursor& cursor, rows::KeyReader& source_key, const detail::FieldInfo& target,
                      Links& links) {
    rows::KeyIndex index;
    const bool integer = detail::is_integer(target.type);
    while (cursor.next()) {
        auto key = cursor.value(1, target.type, &target);
        const auto number = index.insert(key);
        if (number == links.target_keys->size()) links.target_keys->add(std::move(key));
        links.sources.push_back(source_key.read(cursor));
        links.targets.push_back(number);
    }
    if (integer) sort_targets(links, index);
}

Links read_links(backend::Cursor& cursor, const sql::Dialect& dialect, const RelationInfo& relation,
                 const sql::KeySet& keys) {
    const auto& target = *relation.target_columns.front();
    Links links;
    links.target_keys = std::make_shared<sql::KeySet>(std::span(&target.type, 1));
    rows::KeyReader source_key(keys, dialect);
    if (!keys.runs().empty()) cursor.keep_integers(0);
    const bool plain = sql::is_signed_integer(target.type);
    if (plain && source_key.reads_integers()) {
        read_integer_links(cursor, source_key, keys.size(), links);
    } else {
        read_other_links(cursor, source_key, target, links);
    }
    return links;
}

/// Groups the links by their targets: visiting the targets in order and appending each to its sources gives every
/// source its rows in the order of the result.
LinksByTarget by_target(const Links& links) {
    LinksByTarget grouped;
    grouped.starts.resize(links.target_keys->size() + 1, 0);
    for (const auto target : links.targets) ++grouped.starts[target + 1];
    for (std::size_t i = 1; i < grouped.starts.size(); ++i) grouped.starts[i] += grouped.starts[i - 1];
    grouped.sources.resize(links.sources.size());
    auto next = grouped.starts;
    for (std::size_t i = 0; i < links.sources.size(); ++i) grouped.sources[next[links.targets[i]]++] = links.sources[i];
    return grouped;
}

} // namespace

Shape choose_shape(const RelationInfo& relation, const Query* queryset, std::size_t keys, std::size_t threshold) {
    if (!relation.join_table) return Shape::related;
    const bool plain =
        queryset == nullptr || (queryset->filters.empty() && !queryset->owner && !queryset->is_sliced() &&
                                !queryset->distinct && queryset->annotations.empty());
    return plain && keys > threshold ? Shape::pairs : Shape::join;
}

Fetch::Fetch(const connection::Session& session, const RelationInfo& relation, const sql::KeyOrigin& from,
             const Query* queryset, Shape shape, const Destination& destination)
    : session_(session),
      dialect_(session.dialect()),
      relation_(relation),
      keys_(from.keys),
      queryset_(queryset),
      shape_(shape),
      to_(destination) {
    if (shape == Shape::pairs) {
        select_.statement = sql::select_links(relation_, keys_, dialect_);
    } else {
        select_ = session_.select_related_rows(relation_, from, queryset_);
    }
}

void Fetch::read(std::unique_ptr<backend::Cursor> cursor) {
    if (is_last()) {
        // The second statement of pairs returns each target once.
        const bool shared =
            shape_ == Shape::pairs ? !detail::is_integer(relation_.target_columns.front()->type) : is_shared(relation_);
        return read_driven(*cursor, dialect_, *keys_, *select_.plan, shared, to_, fetched_);
    }
    {
        auto links = read_links(*cursor, dialect_, relation_, *keys_);
        cursor.reset();
        fetched_.by_target = by_target(links);
        send_as_runs(*links.target_keys, sql::KeyColumn::of(*relation_.target_columns.front()),
                     may_read_others(relation_), queryset_, session_);
        keys_ = std::move(links.target_keys);
    }
    auto plan = std::make_shared<sql::RowPlan>();
    select_.statement = sql::select_targets(relation_, keys_, queryset_, dialect_, *plan);
    select_.plan = std::move(plan);
}

} // namespace kith::prefetch
