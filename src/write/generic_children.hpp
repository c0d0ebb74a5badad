#pragma once

#include "connection/session.hpp"
#include "query/query.hpp"

#include <kith/detail/core/model_info.hpp>

#include <optional>
#include <vector>

namespace kith::write {

/// The rows that lead to rows of one model by a generic foreign key, of which the database knows nothing: they are
/// deleted before what they lead to, all in one transaction. Costs nothing for models that nothing leads to in this
/// way.
class GenericChildren {
public:
    GenericChildren(connection::Session& session, const detail::ModelInfo& model);

    /// Those of one row. One statement for each ReverseGeneric of its model.
    void remove_of(const void* row);
    /// Those of all rows of `query`. As many statements.
    void remove_of(const detail::Query& query);
    /// To be called once the rows that they led to are gone as well; without it all stay.
    void commit();

private:
    connection::Session& session_;
    std::vector<const detail::RelationInfo*> sets_;
    std::optional<connection::WriteTransaction> writing_;
};

} // namespace kith::write
