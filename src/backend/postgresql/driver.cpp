#include "backend/postgresql/driver.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace kith::backend::postgresql {
namespace {

bool knows(std::string_view keyword) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconndefaults(), &PQconninfoFree);
    for (const auto* option = all.get(); option != nullptr && option->keyword != nullptr; ++option) {
        if (option->keyword == keyword) return true;
    }
    return false;
}

Settings libpq_settings(const Address& address) {
    Settings settings;
    const auto set = [&](const char* keyword, const std::string& value) {
        if (!value.empty()) settings.emplace_back(keyword, value);
    };
    set("host", address.host);
    set("port", address.port);
    set("user", address.user);
    set("password", address.password);
    set("dbname", address.database);
    const auto given = [&](std::string_view keyword) {
        return std::ranges::find(address.settings, keyword, &std::pair<std::string, std::string>::first) !=
               address.settings.end();
    };
    for (const auto& [keyword, value] : address.settings) {
        if (!knows(keyword)) {
            throw ValueError(fmt::format("A PostgreSQL database has no option '{}': there are those of Kith, and those "
                                         "of libpq such as sslmode, connect_timeout and application_name",
                                         keyword));
        }
        settings.emplace_back(keyword, value);
    }
    // A server that does not answer must not be waited for without end.
    if (!given("connect_timeout") && std::getenv("PGCONNECT_TIMEOUT") == nullptr) {
        settings.emplace_back("connect_timeout", "10");
    }
    settings.emplace_back("client_encoding", "UTF8");
    return settings;
}

} // namespace

Driver::Driver(const Address& address, const ConnectOptions& options)
    : settings_{.libpq = libpq_settings(address),
                .name = address.name(),
                .read_only = options.read_only,
                .busy_timeout = options.busy_timeout,
                .statement_cache = options.statement_cache} {
    if (options.wal) throw ValueError("wal is an option of SQLite's files: leave it out of the URL of a server");
}

std::unique_ptr<backend::Connection> Driver::open() { return std::make_unique<Connection>(settings_, dialect_); }

} // namespace kith::backend::postgresql
