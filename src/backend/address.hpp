#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kith::backend {

/// The location of a database, as given by its URL. Percent escapes are decoded.
struct Address {
    std::string scheme{};
    std::string location{}; ///< everything between the scheme and the options: the path of a file

    // Of `scheme://user:password@host:port/database`; empty if the part is missing.
    std::string user{};
    std::string password{};
    std::string host{}; ///< several are separated by commas, as are their ports
    std::string port{};
    std::string database{};

    std::vector<std::pair<std::string, std::string>> settings{}; ///< options that are not Kith's own

    /// The URL for messages: without the password and the options.
    std::string name() const;

private:
    /// `one:5432,[::1]:5433,three`.
    std::string hosts() const;
};

} // namespace kith::backend
