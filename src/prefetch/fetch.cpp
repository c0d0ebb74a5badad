#include "prefetch/fetch.hpp"

#include <optional>

#include <kith/error.hpp>

#include "rows/key_index.hpp"
#include "rows/row_reader.hpp"

namespace kith::prefetch {

namespace {

using detail::ColumnType;
using detail::Query;
using detail::RelationInfo;
using rows::RowReader;

/// Says which key the current row came for, by what stands in the first column.
class KeyReader {
public:
    KeyReader(const sql::KeySet& keys, const sql::Dialect& dialect)
        : type_(keys.columns().front().type), integer_(detail::is_integer(type_)) {
        if (keys.columns().size() > 1 || !dialect.matches_by_key(type_)) return;
        index_.emplace(type_, keys.size());
        for (const auto key : keys.columns().front().integers) index_->insert(key);
        for (const auto& key : keys.columns().front().values) index_->insert(key);
    }

    /// The place of the key in its set.
    std::uint32_t read(backend::Cursor& cursor) const {
        if (!index_) return static_cast<std::uint32_t>(cursor.integer(0) - 1);
        const auto found = integer_ ? index_->find(cursor.integer(0)) : index_->find(cursor.value(0, type_, nullptr));
        if (found == rows::IntegerIndex::none) throw DatabaseError("A row came back for a key that was not asked for");
        return found;
    }

private:
    ColumnType type_;
    bool integer_;
    std::optional<rows::KeyIndex> index_;  // none where ordinals come
};

/// Whether a row can come back for more than one ordinal, so that its key must be looked at before its columns are read.
bool is_shared(const RelationInfo& relation) {
    if (relation.join_table) return true;
    // Two texts that differ may be equal to the database, and then lead to the same row.
    return relation.forward && !detail::is_integer(relation.target_columns.front()->type);
}

/// Finds rows that were read before, by primary key.
class KnownRows {
public:
    KnownRows(const detail::ModelInfo& model, int key_column)
        : key_(model.key()), key_column_(key_column), index_(key_.type) {}

    /// The row read before, or null; then the next row read must be given to `remember`.
    void* find(backend::Cursor& cursor) {
        const auto number = detail::is_integer(key_.type) ? index_.insert(cursor.integer(key_column_))
                                                          : index_.insert(cursor.value(key_column_, key_.type, &key_));
        return number < rows_.size() ? rows_[number] : nullptr;
    }
    void remember(void* row) { rows_.push_back(row); }

private:
    const detail::FieldInfo& key_;
    int key_column_;
    rows::KeyIndex index_;
    std::vector<void*> rows_;
};

Fetched fetch_driven(database::Session& session, const sql::Statement& statement, const sql::KeySet& keys,
                     const sql::RowPlan& plan, bool shared, const Destination& to, const std::string& path) {
    Fetched result;
    const auto cursor = session.query(statement, path);
    RowReader reader(to.graph, plan, to.mode, to.owner);
    result.segment = &reader.segment();
    std::optional<KnownRows> known;
    if (shared) known.emplace(*plan.parts.front().model, plan.parts.front().key_column);
    const KeyReader key(keys, session.dialect());
    while (cursor->next()) {
        auto* row = known ? known->find(*cursor) : nullptr;
        if (row == nullptr) {
            row = reader.read(*cursor);
            result.rows.push_back(row);
            if (known) known->remember(row);
        }
        result.link_ordinals.push_back(key.read(*cursor));
        result.link_rows.push_back(row);
    }
    reader.finish();
    return result;
}

/// The links of a join table: per link the ordinal of the source key and the number of the target key.
struct Links {
    std::vector<std::uint32_t> sources{};
    std::vector<std::uint32_t> targets{};
    std::shared_ptr<sql::KeySet> target_keys{};
};

Links fetch_links(database::Session& session, const RelationInfo& relation,
                  const std::shared_ptr<const sql::KeySet>& keys, const std::string& path) {
    const auto& target = *relation.target_columns.front();
    Links links;
    links.target_keys = std::make_shared<sql::KeySet>(std::span(&target.type, 1));
    rows::KeyIndex index(target.type);
    auto& distinct = links.target_keys->column(0);
    const KeyReader source_key(*keys, session.dialect());
    const auto cursor = session.query(sql::select_links(relation, keys, session.dialect()), path);
    while (cursor->next()) {
        if (cursor->is_null(1)) continue;
        std::uint32_t number = 0;
        if (detail::is_integer(target.type)) {
            const auto key = cursor->integer(1);
            number = index.insert(key);
            if (number == distinct.integers.size()) distinct.integers.push_back(key);
        } else {
            auto key = cursor->value(1, target.type, &target);
            number = index.insert(key);
            if (number == distinct.values.size()) distinct.values.push_back(std::move(key));
        }
        links.sources.push_back(source_key.read(*cursor));
        links.targets.push_back(number);
    }
    return links;
}

/// Brings the links into the order of their targets: walking the targets and handing each to its sources gives every
/// source its rows in the order of the result.
void order_links(const Links& links, const Fetched& targets, Fetched& result) {
    std::vector<std::uint32_t> starts(links.target_keys->size() + 1, 0);
    for (const auto target : links.targets) ++starts[target + 1];
    for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
    std::vector<std::uint32_t> sources(links.sources.size());
    auto next = starts;
    for (std::size_t i = 0; i < links.sources.size(); ++i) sources[next[links.targets[i]]++] = links.sources[i];
    result.link_ordinals.reserve(sources.size());
    result.link_rows.reserve(sources.size());
    for (std::size_t i = 0; i < targets.link_rows.size(); ++i) {
        const auto target = targets.link_ordinals[i];
        for (auto at = starts[target]; at < starts[target + 1]; ++at) {
            result.link_ordinals.push_back(sources[at]);
            result.link_rows.push_back(targets.link_rows[i]);
        }
    }
}

Fetched fetch_pairs(database::Session& session, const RelationInfo& relation,
                    const std::shared_ptr<const sql::KeySet>& keys, const Query* queryset, const Destination& to,
                    const std::string& path) {
    const auto links = fetch_links(session, relation, keys, path);
    sql::RowPlan plan;
    const auto statement = sql::select_targets(relation, links.target_keys, queryset, session.dialect(), plan);
    const bool shared = !detail::is_integer(relation.target_columns.front()->type);
    const auto targets = fetch_driven(session, statement, *links.target_keys, plan, shared, to, path);
    Fetched result{.segment = targets.segment, .rows = targets.rows};
    order_links(links, targets, result);
    return result;
}

}  // namespace

Shape choose_shape(const RelationInfo& relation, const Query* queryset, std::size_t keys, std::size_t threshold) {
    if (!relation.join_table) return Shape::related;
    const bool plain = queryset == nullptr || (queryset->filters.empty() && !queryset->owner &&
                                               !queryset->is_sliced() && !queryset->distinct);
    return plain && keys > threshold ? Shape::pairs : Shape::join;
}

Fetched fetch(database::Session& session, const RelationInfo& relation, const std::shared_ptr<const sql::KeySet>& keys,
              const Query* queryset, Shape shape, const Destination& destination, const std::string& path) {
    if (shape == Shape::pairs) return fetch_pairs(session, relation, keys, queryset, destination, path);
    sql::RowPlan plan;
    const auto statement = sql::select_related_rows(relation, keys, queryset, session.dialect(), plan);
    return fetch_driven(session, statement, *keys, plan, is_shared(relation), destination, path);
}

}  // namespace kith::prefetch
