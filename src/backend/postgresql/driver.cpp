#include "backend/postgresql/driver.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
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
            throw ValueError(fmt::format("A PostgreSQL database has no option '{}': the options are those of Kith, and "
                                         "those of libpq such as sslmode, connect_timeout and application_name",
                                         keyword));
        }
        settings.emplace_back(keyword, value);
    }
    // A server that does not answer must not be awaited forever.
    if (!given("connect_timeout") && std::getenv("PGCONNECT_TIMEOUT") == nullptr) {
        settings.emplace_back("connect_timeout", "10");
    }
    settings.emplace_back("client_encoding", "UTF8");
    return settings;
}

/// Removes the last `options` from what libpq sends when it connects, and returns it: poolers that share connections
/// refuse such options, or drop them silently.
std::string take_options(Settings& libpq) {
    std::string last;
    for (const auto& [keyword, value] : libpq) {
        if (keyword == "options") last = value;
    }
    std::erase_if(libpq, [](const auto& one) { return one.first == "options"; });
    return last;
}

ConnectionSettings settings_of(const Address& address, const ConnectOptions& options) {
    ConnectionSettings settings{.libpq = libpq_settings(address),
                                .name = address.name(),
                                .pooling = options.pooling,
                                .read_only = options.read_only,
                                .server = settings_for(options),
                                .statement_cache = options.statement_cache};
    if (options.pooling == Pooling::transaction) {
        const auto given = parse_options(take_options(settings.libpq));
        settings.server.insert(settings.server.begin(), given.begin(), given.end());
        settings.statement_cache = 0; // only a statement without a name works behind every pooler
    }
    return settings;
}

} // namespace

Driver::Driver(const Address& address, const ConnectOptions& options) : settings_(settings_of(address, options)) {
    if (options.wal) throw ValueError("wal is an option of SQLite's files: leave it out of the URL of a server");
}

backend::ServerAddress Driver::server_address() const {
    constexpr unsigned usual = 5432;
    const auto setting = [&](std::string_view keyword) {
        // If a keyword is given twice, libpq takes the last.
        const auto found =
            std::ranges::find(settings_.libpq.rbegin(), settings_.libpq.rend(), keyword, &Settings::value_type::first);
        return found != settings_.libpq.rend() ? std::string_view(found->second) : std::string_view{};
    };
    backend::ServerAddress address{.system = "postgresql", .database = std::string(setting("dbname"))};
    const auto host = setting("host");
    if (host.find(',') != std::string_view::npos) return address; // only libpq knows which one it uses
    address.address = host;
    const auto text = setting("port");
    std::uint16_t port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    if (port != usual) address.port = port;
    return address;
}

std::unique_ptr<backend::Connection> Driver::open(const base::Bound* bound) {
    return std::make_unique<Connection>(settings_, dialect_, bound);
}

} // namespace kith::backend::postgresql
