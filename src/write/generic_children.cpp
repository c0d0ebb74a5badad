#include "write/generic_children.hpp"

#include "rows/row_value.hpp"
#include "sql/change.hpp"
#include "sql/select.hpp"
#include "write/changes.hpp"

namespace kith::write {

GenericChildren::GenericChildren(connection::Session& session, const detail::ModelInfo& model) : session_(session) {
    for (const auto& relation : model.relations) {
        if (relation->only_type && !relation->forward) sets_.push_back(relation.get());
    }
    if (!sets_.empty()) writing_.emplace(session);
}

void GenericChildren::remove_of(const void* row) {
    for (const auto* set : sets_) {
        auto key = rows::read_value(row, *set->source_columns.front());
        const auto statement = sql::delete_children(*set, std::move(key), nullptr, session_.dialect());
        note_count(session_, ChangeKind::deleted, *set->target, session_.execute(statement));
    }
}

void GenericChildren::remove_of(const detail::Query& query) {
    for (const auto* set : sets_) {
        const auto statement = sql::delete_children_of(*set, query, session_.dialect());
        note_count(session_, ChangeKind::deleted, *set->target, session_.execute(statement));
    }
}

void GenericChildren::expect_last() noexcept {
    if (writing_) writing_->expect_last();
}

void GenericChildren::commit() {
    if (writing_) writing_->commit();
}

} // namespace kith::write
