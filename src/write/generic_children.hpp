#pragma once

#include "connection/session.hpp"
#include "query/query.hpp"

#include <kith/detail/core/model_info.hpp>

#include <optional>
#include <vector>

namespace kith::write {

/// The rows that lead to rows of one model by a generic foreign key, which the database does not know: they are deleted
/// before the rows they lead to, all in one transaction. Costs nothing for models without such children.
class GenericChildren {
public:
    GenericChildren(connection::Session& session, const detail::ModelInfo& model);

    /// Deletes the children of one row. One statement per ReverseGeneric of its model.
    void remove_of(const void* row);
    /// Deletes the children of all rows of `query`, with as many statements.
    void remove_of(const detail::Query& query);
    /// The next statement deletes the rows that they led to, and is the last one.
    void expect_last() noexcept;
    /// To be called after the rows that they led to are deleted too; without it, all are kept.
    void commit();

private:
    connection::Session& session_;
    std::vector<const detail::RelationInfo*> sets_;
    std::optional<connection::WriteTransaction> writing_;
};

} // namespace kith::write
