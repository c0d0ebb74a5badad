#pragma once

#include "inspect/models.hpp"
#include "inspect/schema.hpp"

#include <kith/database.hpp>
#include <kith/detail/core/prefetch_rows.hpp>
#include <kith/detail/core/query_handle.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// From the command line to a query of the engine.
namespace kith::cli {

/// The limits of a request. Those of its form are checked before the first statement of the load.
struct Caps {
    std::size_t depth{8};                   ///< length of the longest chain of relations
    std::size_t joins{16};                  ///< tables that one statement joins to the requested one
    std::size_t terms{64};                  ///< conditions, orders and lookups together
    std::size_t rows{1000000};              ///< rows of the requested table, unless they are streamed
    std::size_t related_rows{1000000};      ///< rows of the lookups, unless the rows are streamed
    std::size_t bytes{100000000};           ///< values of all rows, unless they are streamed
    std::optional<std::uint32_t> seconds{}; ///< that the load may take
};

struct LoadArguments {
    std::string url{};
    std::string table{};
    std::vector<std::string> filters{};
    std::vector<std::string> excludes{};
    std::vector<std::string> order_by{};
    bool distinct{false}; ///< each row once, even if conditions across relations return it several times
    std::vector<std::string> prefetch{};
    std::vector<std::string> select_related{};
    std::vector<std::string> fields{};
    std::optional<std::size_t> limit{};
    std::optional<std::size_t> offset{};
    Caps caps{};
};

/// The URL with the program's options: always read-only, and a file may come from a stranger. The path of an existing
/// file means SQLite.
std::string safe_url(const std::string& url);
Database open(const std::string& url, ConnectOptions options = {});

/// A database, its schema, and the requested query.
class Load {
public:
    /// Reads the schema. Throws FieldError and ValueError for an invalid request, and if a cap is exceeded.
    Load(const LoadArguments& arguments, const Database& db);
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    const inspect::Schema& schema() const noexcept { return schema_; }
    const detail::QueryHandle& query() const noexcept { return query_; }
    /// The columns of the table to show.
    const std::vector<const detail::FieldInfo*>& columns() const noexcept { return columns_; }

private:
    void choose_columns(const LoadArguments& arguments);

    inspect::Schema schema_;
    std::unique_ptr<inspect::Models> models_;
    detail::QueryHandle query_;
    std::vector<const detail::FieldInfo*> columns_;
};

} // namespace kith::cli
