#include "sql/schema.hpp"

#include <kith/database.hpp>

#include "database/session.hpp"

namespace kith::detail {

namespace {

void run_all(const Database& db, std::vector<sql::Statement> (*build)(std::span<const ModelInfo* const>,
                                                                      const sql::Dialect&),
             std::span<const ModelInfo* const> models) {
    database::Session session(db);
    database::Writing writing(session);
    for (const auto& statement : build(models, session.dialect())) session.execute(statement);
    writing.commit();
}

}  // namespace

void create_tables(const Database& db, std::span<const ModelInfo* const> models) {
    run_all(db, sql::create_tables, models);
}

void drop_tables(const Database& db, std::span<const ModelInfo* const> models) {
    run_all(db, sql::drop_tables, models);
}

}  // namespace kith::detail
