#pragma once

#include "inspect/models.hpp"
#include "inspect/schema.hpp"

#include <kith/database.hpp>
#include <kith/detail/core/prefetch_rows.hpp>
#include <kith/detail/core/query_handle.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// From what was written on the command line to a query of the engine.
namespace kith::cli {

/// How much a command line may ask for. All are looked at before the first statement of the load.
struct Caps {
    std::size_t depth{8};      ///< relations in a row, in one path
    std::size_t joins{16};     ///< tables that one statement joins to the one asked for
    std::size_t terms{64};     ///< conditions, orders and lookups together
    std::size_t rows{1000000}; ///< rows of the table asked for, where they are not streamed
};

struct LoadArguments {
    std::string url{};
    std::string table{};
    std::vector<std::string> filters{};
    std::vector<std::string> excludes{};
    std::vector<std::string> order_by{};
    bool distinct{false}; ///< a row once, however often conditions across relations give it
    std::vector<std::string> prefetch{};
    std::vector<std::string> select_related{};
    std::vector<std::string> fields{};
    std::optional<std::size_t> limit{};
    std::optional<std::size_t> offset{};
    Caps caps{};
};

/// The URL with what the program needs: read-only whatever it says. A path of a file that exists is one of SQLite.
std::string read_only_url(const std::string& url);
Database open(const std::string& url, const ConnectOptions& options = {});

/// A database, what is in it, and the query that was asked for.
class Load {
public:
    /// Reads the schema. Throws FieldError and ValueError for what cannot be asked, and where a cap is exceeded.
    Load(const LoadArguments& arguments, const Database& db);
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    const inspect::Schema& schema() const noexcept { return schema_; }
    const detail::QueryHandle& query() const noexcept { return query_; }
    /// The columns of the table that are to be shown.
    const std::vector<const detail::FieldInfo*>& columns() const noexcept { return columns_; }

private:
    void choose_columns(const LoadArguments& arguments);

    inspect::Schema schema_;
    std::unique_ptr<inspect::Models> models_;
    detail::QueryHandle query_;
    std::vector<const detail::FieldInfo*> columns_;
};

} // namespace kith::cli
