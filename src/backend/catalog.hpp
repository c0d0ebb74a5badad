#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/value_access.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// What a database reports about its own tables.
namespace kith::backend {

class Connection;

struct CatalogColumn {
    std::string name{};
    std::string declared{};    ///< the type as the database writes it, `varchar(50)`
    detail::ColumnType type{}; ///< the type as which its values are compared
    bool certain{false};       ///< every cell that is not NULL is of `type`, and Kith can read it
    bool as_text{false};       ///< the database must send it as text, because Kith does not know its binary form
    bool readable{true};       ///< a C++ model can have it as a column
    bool can_be_key{true};     ///< rows can be loaded by many values of it
    bool nullable{true};
    bool generated{false};       ///< computed by the database
    bool has_default{false};     ///< or an automatic number
    std::uint32_t max_length{0}; ///< of a text, in characters; 0 if unlimited or unknown
};

struct CatalogForeignKey {
    std::vector<std::string> columns{};
    std::string target{};                      ///< a table
    std::vector<std::string> target_columns{}; ///< parallel to `columns`
    OnDelete on_delete{OnDelete::no_action};
};

struct CatalogTable {
    std::string name{};
    std::string schema{}; ///< if statements must name it; else empty
    bool is_view{false};
    std::vector<CatalogColumn> columns{};
    std::vector<std::string> primary_key{};
    std::vector<std::vector<std::string>> unique{};
    std::vector<CatalogForeignKey> foreign_keys{};

    const CatalogColumn* find(const std::string& column) const {
        for (const auto& each : columns) {
            if (each.name == column) return &each;
        }
        return nullptr;
    }
    CatalogColumn* find(const std::string& column) {
        return const_cast<CatalogColumn*>(static_cast<const CatalogTable&>(*this).find(column));
    }
};

struct Catalog {
    std::vector<CatalogTable> tables{};    ///< by name
    std::vector<std::string> unreadable{}; ///< why a table or view could not be read, one sentence each

    CatalogTable* find(const std::string& table) {
        for (auto& each : tables) {
            if (each.name == table) return &each;
        }
        return nullptr;
    }
};

/// A key of a table of which no two rows have the same values.
struct UniqueKey {
    std::string name{};
    std::vector<std::string> columns{};
};

using TextRows = std::vector<std::vector<std::string>>;

/// All rows of a statement that returns `columns` texts and no NULL.
TextRows ask_texts(Connection& connection, const std::string& sql, int columns,
                   std::vector<std::string> parameters = {});

/// Parses `CASCADE`, in any case, `SET NULL` and so on.
OnDelete on_delete_named(const std::string& rule);

} // namespace kith::backend
