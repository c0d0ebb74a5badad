#pragma once

#include "support/raw_sqlite.hpp"

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>
#ifdef KITH_WITH_MARIADB
#include "support/raw_mariadb.hpp"
#endif
#ifdef KITH_WITH_POSTGRESQL
#include "support/raw_postgresql.hpp"
#endif

/// Which database is under test, with a database of its own for each test.
///
/// KITH_TEST_DATABASE names it: sqlite (the default), postgresql or mariadb. The variables that tests/servers.sh sets
/// lead to the servers. KITH_TEST_OPTIONS has options for the URLs of all databases on servers, as
/// `pooling=transaction`.
namespace travel {

enum class Backend { sqlite, postgresql, mariadb };

inline std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

inline Backend backend() {
    const auto name = variable("KITH_TEST_DATABASE");
    if (name.empty() || name == "sqlite") return Backend::sqlite;
    if (name == "postgresql") return Backend::postgresql;
    if (name == "mariadb") return Backend::mariadb;
    throw std::invalid_argument("KITH_TEST_DATABASE is sqlite, postgresql or mariadb, not " + name);
}
inline bool on_sqlite() { return backend() == Backend::sqlite; }

/// The text for the database under test.
inline std::string by_backend(std::string_view sqlite, std::string_view postgresql, std::string_view mariadb) {
    return std::string(on_sqlite() ? sqlite : backend() == Backend::postgresql ? postgresql : mariadb);
}

/// The variable with the server's URL.
inline const char* server_variable() {
    return backend() == Backend::postgresql ? "KITH_TEST_POSTGRESQL" : "KITH_TEST_MARIADB";
}

/// The server's socket in the file system.
inline std::string server_socket() {
    const auto url = variable(server_variable());
    const auto name = std::string(by_backend("", "host=", "socket="));
    const auto begin = url.find(name) + name.size();
    const auto path = url.substr(begin, url.find('&', begin) - begin);
    if (backend() == Backend::mariadb) return path;
    const auto port = variable("KITH_TEST_PORT");
    return path + "/.s.PGSQL." + (port.empty() ? "5432" : port);
}

/// A connection through the database's own client library: for schemas that Kith would not create, and cells that it
/// would not write. Identifiers are in double quotes.
class Raw {
public:
    explicit Raw(const std::string& url) {
        switch (backend()) {
        case Backend::sqlite: use(std::make_shared<RawSqlite>(url.substr(url.find(':') + 1))); return;
#ifdef KITH_WITH_POSTGRESQL
        case Backend::postgresql: use(std::make_shared<RawPostgresql>(url)); return;
#endif
#ifdef KITH_WITH_MARIADB
        case Backend::mariadb: use(std::make_shared<RawMariadb>(url)); return;
#endif
        default: throw std::invalid_argument("this build has no client library for the database");
        }
    }

    /// Runs one statement, or several.
    void run(const std::string& sql) const { run_(sql); }
    /// The first column of the first row, as text; "NULL" for none.
    std::string value(const std::string& sql) const { return value_(sql); }

private:
    template <class Connection>
    void use(std::shared_ptr<Connection> connection) {
        run_ = [connection](const std::string& sql) { connection->run(sql); };
        value_ = [connection](const std::string& sql) { return connection->value(sql); };
    }

    std::function<void(const std::string&)> run_;
    std::function<std::string(const std::string&)> value_;
};

/// A folder, or its counterpart on a server, that is removed with the test.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::random_device random;
        name_ = "kith-test-" + std::to_string(random()) + std::to_string(random());
        path_ = std::filesystem::temp_directory_path() / name_;
        std::filesystem::create_directories(path_);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
        const auto drop = by_backend("", "DROP SCHEMA \"{}\" CASCADE", "DROP DATABASE \"{}\"");
        for (const auto& [file, schema] : schemas_) server().run(with_name(drop, schema));
    }
    const std::filesystem::path& path() const { return path_; }

    /// The URL of an empty database, the same each time; `options` in URL form, `read_only=1&pool_size=2`.
    std::string url(const std::string& file = "test.db", const std::string& options = {}) const {
        const auto for_all = variable("KITH_TEST_OPTIONS");
        if (on_sqlite() || for_all.empty()) return plain_url(file, options);
        return plain_url(file, for_all + (options.empty() ? "" : "&" + options));
    }
    Raw raw() const { return Raw(plain_url("test.db", {})); }
    /// The same URL on a server, reached at `address` rather than through its socket in the file system.
    std::string url_at(const std::string& address, const std::string& options = {}) const {
        auto text = url("test.db", options);
        const auto name = std::string(by_backend("", "host=", "socket="));
        const auto begin = text.find(name);
        const auto end = text.find('&', begin);
        text.erase(begin, end == std::string::npos ? end : end + 1 - begin);
        while (text.back() == '?' || text.back() == '&') text.pop_back();
        const auto at = text.find('@') + 1;
        return text.replace(at, text.find('/', at) - at, address);
    }

private:
    /// In the form of client libraries.
    std::string plain_url(const std::string& file, const std::string& options) const {
        if (on_sqlite()) return "sqlite:" + (path_ / file).string() + (options.empty() ? "" : "?" + options);
        if (!schemas_.contains(file)) {
            schemas_[file] = name_ + "-" + file;
            server().run(with_name(by_backend("", "CREATE SCHEMA \"{}\"", "CREATE DATABASE \"{}\""), schemas_[file]));
        }
        auto text = variable(server_variable());
        if (backend() == Backend::postgresql) {
            text += with_name("&options=-csearch_path%3D%22{}%22,public", schemas_[file]);
        } else {
            text.insert(text.find('?'), schemas_[file]);
        }
        return text + (options.empty() ? "" : "&" + options);
    }
    static std::string with_name(std::string text, const std::string& name) {
        return text.replace(text.find("{}"), 2, name);
    }
    static Raw server() { return Raw(variable(server_variable())); }

    std::string name_;
    std::filesystem::path path_;
    mutable std::map<std::string, std::string> schemas_;
};

} // namespace travel
