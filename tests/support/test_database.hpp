#pragma once

#include <kith/backend.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

/// Which database is under test, with a database of its own for each test.
///
/// KITH_TEST_DATABASE names it: sqlite (the default), postgresql or mariadb. The variables that tests/servers.sh sets
/// lead to the servers. KITH_TEST_OPTIONS has options for the URLs of all databases on servers, as
/// `pooling=transaction`.
namespace travel {

using kith::Backend;

/// The environment's; empty if there is none.
std::string variable(const char* name);
/// A number of the environment.
std::uint64_t number(const char* name, std::uint64_t otherwise);
/// The seed of this run: KITH_TEST_SEED, or another each time.
std::uint64_t seed();

Backend backend();
bool on_sqlite();

/// The text for the database under test.
std::string by_backend(std::string_view sqlite, std::string_view postgresql, std::string_view mariadb);

/// What begins an `atomic` block.
std::string begin_of_a_block();

/// The variable with the server's URL.
const char* server_variable();
/// Whether there is no server to test on: a test says so, and returns `skipped`.
bool lacks_server();
inline constexpr int skipped = 77;
/// The server's socket in the file system.
std::string server_socket();

/// A connection through the database's own client library: for schemas that Kith would not create, and cells that it
/// would not write. Identifiers are in double quotes.
class Raw {
public:
    class Connection;

    explicit Raw(const std::string& url);

    /// Runs one statement, or several.
    void run(const std::string& sql) const;
    /// The first column of the first row, as text; "NULL" for none.
    std::string value(const std::string& sql) const;

private:
    std::shared_ptr<Connection> connection_;
};

/// A folder, or its counterpart on a server, that is removed with the test.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    const std::filesystem::path& path() const { return path_; }

    /// The URL of an empty database, the same each time; `options` in URL form, `read_only=1&pool_size=2`.
    std::string url(const std::string& file = "test.db", const std::string& options = {}) const;
    Raw raw() const;
    /// The same URL on a server, reached at `address` rather than through its socket in the file system.
    std::string url_at(const std::string& address, const std::string& options = {}) const;

private:
    std::string plain_url(const std::string& file, const std::string& options) const;

    std::string name_;
    std::filesystem::path path_;
    mutable std::map<std::string, std::string> schemas_;
};

} // namespace travel
