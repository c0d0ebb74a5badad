#include "support/test_database.hpp"

#include "support/raw_sqlite.hpp"

#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>
#include <system_error>
#ifdef KITH_WITH_MARIADB
#include "support/raw_mariadb.hpp"
#endif
#ifdef KITH_WITH_POSTGRESQL
#include "support/raw_postgresql.hpp"
#endif

namespace travel {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

std::uint64_t number(const char* name, std::uint64_t otherwise) {
    const auto text = variable(name);
    return text.empty() ? otherwise : std::stoull(text);
}

std::uint64_t seed() { return number("KITH_TEST_SEED", std::random_device{}()); }

Backend backend() {
    const auto name = variable("KITH_TEST_DATABASE");
    if (name.empty() || name == "sqlite") return Backend::sqlite;
    if (name == "postgresql") return Backend::postgresql;
    if (name == "mariadb") return Backend::mariadb;
    throw std::invalid_argument("KITH_TEST_DATABASE is sqlite, postgresql or mariadb, not " + name);
}
bool on_sqlite() { return backend() == Backend::sqlite; }

std::string by_backend(std::string_view sqlite, std::string_view postgresql, std::string_view mariadb) {
    return std::string(on_sqlite() ? sqlite : backend() == Backend::postgresql ? postgresql : mariadb);
}

std::string begin_of_a_block() {
    return by_backend("BEGIN IMMEDIATE", "BEGIN", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;START TRANSACTION");
}

const char* server_variable() {
    return backend() == Backend::postgresql ? "KITH_TEST_POSTGRESQL" : "KITH_TEST_MARIADB";
}

bool lacks_server() {
    if (on_sqlite() || !variable(server_variable()).empty()) return false;
    std::cout << server_variable() << " names no server: run ./dev test, or this test by tests/servers.sh\n";
    return true;
}

std::string server_socket() {
    const auto url = variable(server_variable());
    const auto name = std::string(by_backend("", "host=", "socket="));
    const auto begin = url.find(name) + name.size();
    const auto path = url.substr(begin, url.find('&', begin) - begin);
    if (backend() == Backend::mariadb) return path;
    const auto port = variable("KITH_TEST_PORT");
    return path + "/.s.PGSQL." + (port.empty() ? "5432" : port);
}

class Raw::Connection {
public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    virtual ~Connection() = default;

    virtual void run(const std::string& sql) const = 0;
    virtual std::string value(const std::string& sql) const = 0;
};

namespace {

template <class Client>
class ConnectionOf final : public Raw::Connection {
public:
    explicit ConnectionOf(const std::string& url) : client_(url) {}

    void run(const std::string& sql) const override { client_.run(sql); }
    std::string value(const std::string& sql) const override { return client_.value(sql); }

private:
    Client client_;
};

std::shared_ptr<Raw::Connection> open(const std::string& url) {
    switch (backend()) {
    case Backend::sqlite: return std::make_shared<ConnectionOf<RawSqlite>>(url.substr(url.find(':') + 1));
#ifdef KITH_WITH_POSTGRESQL
    case Backend::postgresql: return std::make_shared<ConnectionOf<RawPostgresql>>(url);
#endif
#ifdef KITH_WITH_MARIADB
    case Backend::mariadb: return std::make_shared<ConnectionOf<RawMariadb>>(url);
#endif
    default: throw std::invalid_argument("this build has no client library for the database");
    }
}

std::string with_name(std::string text, const std::string& name) { return text.replace(text.find("{}"), 2, name); }
Raw server() { return Raw(variable(server_variable())); }

} // namespace

Raw::Raw(const std::string& url) : connection_(open(url)) {}

void Raw::run(const std::string& sql) const { connection_->run(sql); }
std::string Raw::value(const std::string& sql) const { return connection_->value(sql); }

TemporaryFolder::TemporaryFolder() {
    std::random_device random;
    name_ = "kith-test-" + std::to_string(random()) + std::to_string(random());
    path_ = std::filesystem::temp_directory_path() / name_;
    std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    const auto drop = by_backend("", "DROP SCHEMA \"{}\" CASCADE", "DROP DATABASE \"{}\"");
    for (const auto& [file, schema] : schemas_) server().run(with_name(drop, schema));
}

std::string TemporaryFolder::url(const std::string& file, const std::string& options) const {
    const auto for_all = variable("KITH_TEST_OPTIONS");
    if (on_sqlite() || for_all.empty()) return plain_url(file, options);
    return plain_url(file, for_all + (options.empty() ? "" : "&" + options));
}

Raw TemporaryFolder::raw() const { return Raw(plain_url("test.db", {})); }

std::string TemporaryFolder::url_at(const std::string& address, const std::string& options) const {
    auto text = url("test.db", options);
    const auto name = std::string(by_backend("", "host=", "socket="));
    const auto begin = text.find(name);
    const auto end = text.find('&', begin);
    text.erase(begin, end == std::string::npos ? end : end + 1 - begin);
    while (text.back() == '?' || text.back() == '&') text.pop_back();
    const auto at = text.find('@') + 1;
    return text.replace(at, text.find('/', at) - at, address);
}

/// In the form of client libraries.
std::string TemporaryFolder::plain_url(const std::string& file, const std::string& options) const {
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

} // namespace travel
