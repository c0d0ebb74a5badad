#pragma once

#include <kith/detail/core/model_info.hpp>
#include <kith/detail/core/value.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// What a database says of its own tables.
namespace kith::backend {

class Connection;

struct CatalogColumn {
    std::string name{};
    std::string declared{};    ///< the type in the database's own words, `varchar(50)`
    detail::ColumnType type{}; ///< what its values are compared as
    bool certain{false};       ///< every cell that is not NULL is of `type`, and Kith can read it
    bool as_text{false};       ///< the database has to send it as text, because Kith does not know its binary form
    bool readable{true};       ///< a column of a C++ model can have it
    bool can_be_key{true};     ///< Kith can ask for rows by many values of it
    bool nullable{true};
    bool generated{false};       ///< computed by the database
    bool has_default{false};     ///< or a number that the database counts
    std::uint32_t max_length{0}; ///< characters of a text; 0 where nothing is said
};

struct CatalogForeignKey {
    std::vector<std::string> columns{};
    std::string target{};                      ///< a table
    std::vector<std::string> target_columns{}; ///< in step with `columns`
    OnDelete on_delete{OnDelete::no_action};
};

struct CatalogTable {
    std::string name{};
    std::string schema{}; ///< where statements have to name it; else empty
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
    std::vector<std::string> unreadable{}; ///< why a table or view could not be looked at, a sentence each

    CatalogTable* find(const std::string& table) {
        for (auto& each : tables) {
            if (each.name == table) return &each;
        }
        return nullptr;
    }
};

using TextRows = std::vector<std::vector<std::string>>;

/// All rows of a statement that gives `columns` texts and no NULL.
TextRows ask_texts(Connection& connection, const std::string& sql, int columns,
                   std::vector<std::string> parameters = {});

/// `CASCADE`, in any case, `SET NULL` and so on.
OnDelete on_delete_named(const std::string& rule);

} // namespace kith::backend
