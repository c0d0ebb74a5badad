#pragma once

#include "backend/backend.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace kith::backend::mariadb {

/// The character sets and collations of text columns, as the server has them. A key is read in those of the column that
/// it is compared with: else the column would be converted row by row, and its index be of no use.
class Collations {
public:
    using Open = std::function<std::unique_ptr<backend::Connection>()>;

    /// `open` gives a connection, for a moment.
    explicit Collations(Open open) : open_(std::move(open)) {}

    /// `CHARACTER SET latin1 COLLATE latin1_bin`; those of Kith's own tables for a column that is not there. Asks the
    /// server when the table is named for the first time. Safe from many threads.
    std::string of(std::string_view schema, std::string_view table, std::string_view column);

private:
    using Columns = std::map<std::string, std::string, std::less<>>;

    Columns ask(const std::string& schema, const std::string& table) const;

    Open open_;
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, Columns> tables_;
};

/// How Kith's own tables keep text: compared byte by byte, blanks at the end included, as other databases do.
inline constexpr std::string_view own_collation = "CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";

} // namespace kith::backend::mariadb
