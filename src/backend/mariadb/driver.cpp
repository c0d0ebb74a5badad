#include "backend/mariadb/driver.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <charconv>

namespace kith::backend::mariadb {
namespace {

unsigned number(std::string_view name, std::string_view text, unsigned most) {
    unsigned value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc{} || result.ptr != text.data() + text.size() || value > most) {
        throw ValueError(fmt::format("{} takes a number up to {}, not '{}'", name, most, text));
    }
    return value;
}

bool flag(std::string_view name, std::string_view text) {
    if (text == "0" || text == "1") return text == "1";
    throw ValueError(fmt::format("The option {} takes 0 or 1, not '{}'", name, text));
}

void set(ConnectionSettings& settings, const std::string& name, const std::string& value) {
    if (name == "socket")
        settings.socket = value;
    else if (name == "connect_timeout")
        settings.connect_timeout = number("The option connect_timeout", value, 86400);
    else if (name == "ssl")
        settings.tls = flag(name, value);
    else if (name == "ssl_verify")
        settings.verify_certificate = flag(name, value);
    else if (name == "ssl_ca")
        settings.certificate_authority = value;
    else if (name == "ssl_cert")
        settings.certificate = value;
    else if (name == "ssl_key")
        settings.key = value;
    else
        throw ValueError(
            fmt::format("A MariaDB database has no option '{}': the options are those of Kith, and socket, "
                        "connect_timeout (seconds), ssl, ssl_verify (0 or 1), ssl_ca, ssl_cert and ssl_key",
                        name));
}

ConnectionSettings settings_of(const Address& address, const ConnectOptions& options) {
    ConnectionSettings settings{.host = address.host,
                                .user = address.user,
                                .password = address.password,
                                .database = address.database,
                                .name = address.name(),
                                .read_only = options.read_only,
                                .busy_timeout = options.busy_timeout,
                                .statement_cache = options.statement_cache};
    if (settings.host.starts_with('/')) settings.socket = std::exchange(settings.host, {});
    if (!address.port.empty()) settings.port = number("The port of a server", address.port, 65535);
    for (const auto& [name, value] : address.settings) set(settings, name, value);
    // Without TLS there is no certificate to verify, so asking for verification asks for TLS.
    settings.tls = settings.tls || settings.verify_certificate || !settings.certificate_authority.empty();
    return settings;
}

} // namespace

Driver::Driver(const Address& address, const ConnectOptions& options) : settings_(settings_of(address, options)) {
    if (options.wal) throw ValueError("wal is an option of SQLite's files: leave it out of the URL of a server");
}

backend::ServerAddress Driver::server_address() const {
    constexpr unsigned usual = 3306;
    const bool by_socket = !settings_.socket.empty();
    return {.system = "mariadb",
            .database = settings_.database,
            .address = by_socket ? settings_.socket : settings_.host,
            .port = static_cast<std::uint16_t>(by_socket || settings_.port == usual ? 0 : settings_.port)};
}

std::unique_ptr<backend::Connection> Driver::open(const base::Bound* bound) {
    return std::make_unique<Connection>(settings_, dialect_, bound);
}

} // namespace kith::backend::mariadb
