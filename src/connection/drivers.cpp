#include "connection/drivers.hpp"

#include "backend/sqlite/driver.hpp"
#ifdef KITH_WITH_MARIADB
#include "backend/mariadb/driver.hpp"
#endif
#ifdef KITH_WITH_POSTGRESQL
#include "backend/postgresql/driver.hpp"
#endif

#include <kith/error.hpp>

#include <fmt/format.h>

namespace kith::connection {
namespace {

/// Throws ValueError if the URL names no server, as in `postgresql:travel`.
void require_server(const backend::Address& address) {
    if (address.location.starts_with("//")) return;
    throw ValueError(fmt::format("The URL of a database on a server is {0}://user:password@host:port/name, or "
                                 "{0}:///name for the server's socket on this machine",
                                 address.scheme));
}

std::unique_ptr<backend::Driver> make_postgresql(const backend::Address& address, const ConnectOptions& options) {
    require_server(address);
#ifdef KITH_WITH_POSTGRESQL
    return std::make_unique<backend::postgresql::Driver>(address, options);
#else
    (void)options;
    throw ValueError("This Kith was built without PostgreSQL: install its client library (Debian's libpq-dev), and "
                     "build Kith again with -DKITH_POSTGRESQL=ON");
#endif
}

std::unique_ptr<backend::Driver> make_mariadb(const backend::Address& address, const ConnectOptions& options) {
    require_server(address);
#ifdef KITH_WITH_MARIADB
    return std::make_unique<backend::mariadb::Driver>(address, options);
#else
    (void)options;
    throw ValueError("This Kith was built without MariaDB: install its client library (Debian's libmariadb-dev), and "
                     "build Kith again with -DKITH_MARIADB=ON");
#endif
}

} // namespace

std::unique_ptr<backend::Driver> make_driver(const backend::Address& address, const ConnectOptions& options) {
    const bool shared = options.pooling == Pooling::transaction;
    if (shared && !address.scheme.starts_with("postgres")) {
        throw ValueError(
            "pooling=transaction is an option for poolers of PostgreSQL such as pgbouncer: leave it out of "
            "the URL of another database");
    }
    if (address.scheme == "sqlite") return std::make_unique<backend::sqlite::Driver>(address.location, options);
    if (address.scheme == "postgresql" || address.scheme == "postgres") return make_postgresql(address, options);
    if (address.scheme == "mariadb" || address.scheme == "mysql") return make_mariadb(address, options);
    throw ValueError(fmt::format("'{}' is not a database that Kith knows: write sqlite:file.db, sqlite::memory:, "
                                 "postgresql://user@host/name or mariadb://user@host/name",
                                 address.scheme));
}

} // namespace kith::connection
