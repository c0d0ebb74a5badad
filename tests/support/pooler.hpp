#pragma once

#include "support/travel.hpp"

#include <random>
#include <string>

namespace travel {

/// A database of its own with the travel data, reached through poolers, which do not forward the choice of a schema.
/// Its sessions start with settings that do not suit Kith.
class PooledDatabase {
public:
    PooledDatabase() : name_("kith-pooled-" + std::to_string(std::random_device{}())) {
        server().run("CREATE DATABASE \"" + name_ + '"');
        server().run("ALTER DATABASE \"" + name_ + "\" SET TimeZone TO 'Asia/Kolkata'");
        fill(kith::connect(direct()));
    }
    PooledDatabase(const PooledDatabase&) = delete;
    PooledDatabase& operator=(const PooledDatabase&) = delete;
    ~PooledDatabase() { server().run("DROP DATABASE \"" + name_ + "\" WITH (FORCE)"); }

    /// Whether there is a server with poolers in front of it.
    static bool available() { return backend() == Backend::postgresql && !variable(session_variable).empty(); }

    std::string direct(const std::string& options = {}) const {
        return with(variable(server_variable()), "postgres?", options);
    }
    /// Through the pooler that gives a client one server connection for as long as it is connected.
    std::string session(const std::string& options = {}) const {
        return with(variable(session_variable), "NAME?", options);
    }
    /// Through the pooler that shares connections between transactions.
    std::string shared(const std::string& options = {}) const {
        return with(variable("KITH_TEST_POOLER_TRANSACTION"), "NAME?", options);
    }
    /// The same, with the option that it requires.
    std::string transaction(const std::string& options = {}) const {
        return shared("pooling=transaction" + (options.empty() ? "" : "&" + options));
    }

private:
    static constexpr const char* session_variable = "KITH_TEST_POOLER_SESSION";

    static Raw server() { return Raw(variable(server_variable())); }
    std::string with(std::string url, const std::string& place, const std::string& options) const {
        url.replace(url.find(place), place.size(), name_ + '?');
        return options.empty() ? url : url + '&' + options;
    }

    std::string name_;
};

} // namespace travel
