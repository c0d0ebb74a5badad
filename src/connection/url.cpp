#include "connection/url.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <utility>

namespace kith::connection {
namespace {

char decoded_character(std::string_view escape) {
    unsigned value = 0;
    const char* const end = escape.data() + escape.size();
    const auto result = std::from_chars(escape.data(), end, value, 16);
    if (escape.size() != 2 || result.ec != std::errc{} || result.ptr != end || value == 0) {
        throw ValueError(
            "In the URL of a database, % must precede two hexadecimal digits; write %25 for the sign itself");
    }
    return static_cast<char>(value);
}

std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        out += decoded_character(text.substr(i + 1, 2));
        i += 2;
    }
    if (out.find('\0') != std::string_view::npos) throw ValueError("The URL of a database contains a NUL character");
    return out;
}

std::int64_t number(std::string_view name, std::string_view text) {
    // Bounded so that adding it to a point in time cannot overflow.
    constexpr std::int64_t most = 1'000'000'000'000;
    std::int64_t value = -1;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc{} || result.ptr != text.data() + text.size() || value < 0 || value > most) {
        throw ValueError(fmt::format("The option {} takes a non-negative number, not '{}'", name, text));
    }
    return value;
}

bool flag(std::string_view name, std::string_view text) {
    if (text == "1" || text == "true") return true;
    if (text == "0" || text == "false") return false;
    throw ValueError(fmt::format("The option {} takes 0 or 1, not '{}'", name, text));
}

FetchMode fetch_mode(std::string_view text) {
    if (text == "one") return FetchMode::one;
    if (text == "peers") return FetchMode::peers;
    if (text == "raise") return FetchMode::raise;
    throw ValueError(fmt::format("The option fetch_mode takes one, peers or raise, not '{}'", text));
}

SqliteTimestamps sqlite_timestamps(std::string_view text) {
    if (text == "text") return SqliteTimestamps::text;
    if (text == "seconds") return SqliteTimestamps::seconds;
    if (text == "milliseconds") return SqliteTimestamps::milliseconds;
    if (text == "microseconds") return SqliteTimestamps::microseconds;
    throw ValueError(
        fmt::format("The option sqlite_timestamps takes text, seconds, milliseconds or microseconds, not '{}'", text));
}

SqliteUuids sqlite_uuids(std::string_view text) {
    if (text == "digits") return SqliteUuids::digits;
    if (text == "hyphenated") return SqliteUuids::hyphenated;
    if (text == "bytes") return SqliteUuids::bytes;
    throw ValueError(fmt::format("The option sqlite_uuids takes digits, hyphenated or bytes, not '{}'", text));
}

Pooling pooling(std::string_view text) {
    if (text == "session") return Pooling::session;
    if (text == "transaction") return Pooling::transaction;
    throw ValueError(fmt::format("The option pooling takes session or transaction, not '{}'", text));
}

ParameterValues parameter_values(std::string_view text) {
    if (text == "shown") return ParameterValues::shown;
    if (text == "redacted") return ParameterValues::redacted;
    throw ValueError(fmt::format("The option parameter_values takes shown or redacted, not '{}'", text));
}

/// False for an option that is not Kith's own.
bool set(ConnectOptions& options, std::string_view name, std::string_view value) {
    if (name == "busy_timeout")
        options.busy_timeout = std::chrono::milliseconds(number(name, value));
    else if (name == "pool_timeout")
        options.pool_timeout = std::chrono::milliseconds(number(name, value));
    else if (name == "pool_size")
        options.pool_size = static_cast<std::size_t>(number(name, value));
    else if (name == "max_idle")
        options.max_idle = std::chrono::milliseconds(number(name, value));
    else if (name == "max_lifetime")
        options.max_lifetime = std::chrono::milliseconds(number(name, value));
    else if (name == "pooling")
        options.pooling = pooling(value);
    else if (name == "statement_cache")
        options.statement_cache = static_cast<std::size_t>(number(name, value));
    else if (name == "pairs_threshold")
        options.pairs_threshold = static_cast<std::size_t>(number(name, value));
    else if (name == "wal")
        options.wal = flag(name, value);
    else if (name == "read_only")
        options.read_only = flag(name, value);
    else if (name == "fetch_mode")
        options.fetch_mode = fetch_mode(value);
    else if (name == "sqlite_timestamps")
        options.sqlite_timestamps = sqlite_timestamps(value);
    else if (name == "sqlite_uuids")
        options.sqlite_uuids = sqlite_uuids(value);
    else if (name == "parameter_values")
        options.parameter_values = parameter_values(value);
    else
        return false;
    return true;
}

void set_all(Url& url, std::string_view query) {
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) {
            // Not shown: it may contain a secret value.
            throw ValueError("The options in the URL of a database are written name=value and separated by &");
        }
        auto name = decode(pair.substr(0, equals));
        auto value = decode(pair.substr(equals + 1));
        if (!set(url.options, name, value)) url.address.settings.emplace_back(std::move(name), std::move(value));
    }
}

/// `host:port`, the host of an IPv6 address in brackets. Several are separated by commas.
void read_hosts(backend::Address& address, std::string_view hosts) {
    bool any_port = false;
    for (bool first = true; first || !hosts.empty(); first = false) {
        const auto comma = hosts.find(',');
        auto one = hosts.substr(0, comma);
        hosts = comma == std::string_view::npos ? std::string_view{} : hosts.substr(comma + 1);
        const auto bracket = one.starts_with('[') ? one.find(']') : std::string_view::npos;
        const auto colon = one.find(':', bracket == std::string_view::npos ? 0 : bracket);
        auto port = colon == std::string_view::npos ? std::string{} : decode(one.substr(colon + 1));
        one = one.substr(0, colon);
        if (bracket != std::string_view::npos) one = one.substr(1, bracket - 1);
        if (!first) {
            address.host += ',';
            address.port += ',';
        }
        address.host += decode(one);
        any_port = any_port || !port.empty();
        address.port += port;
    }
    if (!any_port) address.port.clear();
}

/// `//user:password@host:port/database`.
void read_server(backend::Address& address, std::string_view rest) {
    rest.remove_prefix(2);
    const auto slash = rest.find('/');
    auto authority = rest.substr(0, slash);
    if (slash != std::string_view::npos) address.database = decode(rest.substr(slash + 1));
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto who = authority.substr(0, at);
        const auto colon = who.find(':');
        address.user = decode(who.substr(0, colon));
        if (colon != std::string_view::npos) address.password = decode(who.substr(colon + 1));
        authority.remove_prefix(at + 1);
    }
    read_hosts(address, authority);
}

} // namespace

Url Url::parse(std::string_view text, const ConnectOptions& options) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) {
        throw ValueError("The URL of a database starts with its kind: sqlite:file.db, sqlite::memory: or "
                         "postgresql://user@host/name");
    }
    const auto question = text.find('?', colon);
    const auto location = text.substr(colon + 1, question == std::string_view::npos ? question : question - colon - 1);
    Url url{.address = {.scheme = std::string(text.substr(0, colon)), .location = decode(location)},
            .options = options};
    if (location.starts_with("//")) read_server(url.address, location);
    if (question != std::string_view::npos) set_all(url, text.substr(question + 1));
    return url;
}

} // namespace kith::connection
