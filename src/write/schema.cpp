#include "sql/schema.hpp"

#include "connection/session.hpp"
#include "connection/write_call.hpp"

#include <kith/database.hpp>

namespace kith::detail {

namespace {

void run_all(const Database& db,
             std::vector<sql::Statement> (*build)(std::span<const ModelInfo* const>, const sql::Dialect&),
             std::span<const ModelInfo* const> models, const observe::CallInfo& call) {
    connection::write_call(db, [&] {
        connection::Session session(db, call);
        connection::WriteTransaction writing(session);
        for (const auto& statement : build(models, session.dialect())) session.execute(statement);
        writing.commit();
    });
}

} // namespace

void create_tables(const Database& db, std::span<const ModelInfo* const> models, std::source_location where) {
    run_all(db, sql::create_tables, models, {.name = "create_tables", .where = where});
}

void drop_tables(const Database& db, std::span<const ModelInfo* const> models, std::source_location where) {
    run_all(db, sql::drop_tables, models, {.name = "drop_tables", .where = where});
}

} // namespace kith::detail
