#include "write/links.hpp"

#include "sql/change.hpp"
#include "write/changes.hpp"

#include <utility>

namespace kith::write {

namespace {

using detail::RelationInfo;

/// The same relation with the two columns of its links swapped.
RelationInfo mirrored(const RelationInfo& relation) {
    auto mirror = relation;
    std::swap(mirror.join_table->source_columns, mirror.join_table->target_columns);
    return mirror;
}

template <class Build>
void run_both_ways(connection::Session& session, const RelationInfo& relation, connection::WriteTransaction* ends,
                   const Build& build) {
    if (!relation.symmetrical) {
        const auto statement = build(relation);
        if (ends != nullptr) ends->expect_last();
        session.execute(statement);
        return;
    }
    connection::WriteTransaction writing(session);
    session.execute(build(relation));
    const auto back = build(mirrored(relation));
    writing.expect_last();
    session.execute(back);
    writing.commit();
}

} // namespace

void add_links(connection::Session& session, const RelationInfo& relation, const detail::Value& owner,
               const std::shared_ptr<const sql::KeySet>& targets, sql::Links links,
               connection::WriteTransaction* ends) {
    run_both_ways(session, relation, ends, [&](const RelationInfo& way) {
        return sql::insert_links(way, owner, targets, links, session.dialect());
    });
    note_links(session, relation, owner);
}

void remove_links(connection::Session& session, const RelationInfo& relation, const detail::Value& owner,
                  const std::shared_ptr<const sql::KeySet>& targets, connection::WriteTransaction* ends) {
    run_both_ways(session, relation, ends,
                  [&](const RelationInfo& way) { return sql::delete_links(way, owner, targets, session.dialect()); });
    note_links(session, relation, owner);
}

} // namespace kith::write
