#include "connection/url.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <string>
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

template <class E>
struct Choice {
    std::string_view name;
    E value;
};
constexpr Choice<FetchMode> fetch_modes[]{
    {"one", FetchMode::one}, {"peers", FetchMode::peers}, {"raise", FetchMode::raise}};
constexpr Choice<LoadStrategy> load_strategies[]{
    {"automatic", LoadStrategy::automatic}, {"levels", LoadStrategy::levels}, {"one_trip", LoadStrategy::one_trip}};
constexpr Choice<ParameterValues> parameter_values[]{{"shown", ParameterValues::shown},
                                                     {"redacted", ParameterValues::redacted}};
constexpr Choice<Pooling> poolings[]{{"session", Pooling::session}, {"transaction", Pooling::transaction}};
constexpr Choice<SqliteTimestamps> sqlite_timestamps[]{{"text", SqliteTimestamps::text},
                                                       {"seconds", SqliteTimestamps::seconds},
                                                       {"milliseconds", SqliteTimestamps::milliseconds},
                                                       {"microseconds", SqliteTimestamps::microseconds}};
constexpr Choice<SqliteUuids> sqlite_uuids[]{
    {"digits", SqliteUuids::digits}, {"hyphenated", SqliteUuids::hyphenated}, {"bytes", SqliteUuids::bytes}};

/// `one, peers or raise`.
template <const auto& choices>
std::string names_of() {
    std::string names;
    for (std::size_t i = 0; i < std::size(choices); ++i) {
        if (i > 0) names += i + 1 < std::size(choices) ? ", " : " or ";
        names += choices[i].name;
    }
    return names;
}

template <const auto& choices>
auto choose(std::string_view option, std::string_view text) {
    for (const auto& choice : choices) {
        if (choice.name == text) return choice.value;
    }
    throw ValueError(fmt::format("The option {} takes {}, not '{}'", option, names_of<choices>(), text));
}

/// An option of Kith's own: its name, what its value is, and how it is set.
struct Option {
    std::string_view name;
    std::string (*takes)();
    void (*set)(ConnectOptions& options, std::string_view name, std::string_view value);
    bool on_sqlite{true};
};

template <auto member>
constexpr Option milliseconds(std::string_view name) {
    return {name, [] { return std::string("milliseconds"); },
            [](ConnectOptions& options, std::string_view option, std::string_view value) {
                options.*member = std::chrono::milliseconds(number(option, value));
            }};
}
template <auto member>
constexpr Option count(std::string_view name) {
    return {name, [] { return std::string("a number"); },
            [](ConnectOptions& options, std::string_view option, std::string_view value) {
                options.*member = static_cast<std::size_t>(number(option, value));
            }};
}
template <auto member>
constexpr Option limit(std::string_view name) {
    return {name, [] { return std::string("a number"); },
            [](ConnectOptions& options, std::string_view option, std::string_view value) {
                options.limits.*member = static_cast<std::size_t>(number(option, value));
            }};
}
template <auto member>
constexpr Option yes_or_no(std::string_view name) {
    return {name, [] { return std::string("0 or 1"); },
            [](ConnectOptions& options, std::string_view option, std::string_view value) {
                options.*member = flag(option, value);
            }};
}
template <auto member, const auto& choices>
constexpr Option one_of(std::string_view name, bool on_sqlite = true) {
    return {name, &names_of<choices>,
            [](ConnectOptions& options, std::string_view option, std::string_view value) {
                options.*member = choose<choices>(option, value);
            },
            on_sqlite};
}

constexpr Option known_options[]{
    milliseconds<&ConnectOptions::busy_timeout>("busy_timeout"),
    milliseconds<&ConnectOptions::pool_timeout>("pool_timeout"),
    milliseconds<&ConnectOptions::max_idle>("max_idle"),
    milliseconds<&ConnectOptions::max_lifetime>("max_lifetime"),
    count<&ConnectOptions::pool_size>("pool_size"),
    count<&ConnectOptions::statement_cache>("statement_cache"),
    count<&ConnectOptions::pairs_threshold>("pairs_threshold"),
    count<&ConnectOptions::max_lookup_depth>("max_lookup_depth"),
    count<&ConnectOptions::max_lookups>("max_lookups"),
    limit<&Limits::rows>("max_rows"),
    limit<&Limits::related_rows>("max_related_rows"),
    limit<&Limits::bytes>("max_bytes"),
    limit<&Limits::statements>("max_statements"),
    yes_or_no<&ConnectOptions::wal>("wal"),
    yes_or_no<&ConnectOptions::read_only>("read_only"),
    yes_or_no<&ConnectOptions::untrusted>("untrusted"),
    one_of<&ConnectOptions::fetch_mode, fetch_modes>("fetch_mode"),
    one_of<&ConnectOptions::load_strategy, load_strategies>("load_strategy"),
    one_of<&ConnectOptions::parameter_values, parameter_values>("parameter_values"),
    one_of<&ConnectOptions::pooling, poolings>("pooling", false),
    one_of<&ConnectOptions::sqlite_timestamps, sqlite_timestamps>("sqlite_timestamps"),
    one_of<&ConnectOptions::sqlite_uuids, sqlite_uuids>("sqlite_uuids"),
};

/// False for an option that is not Kith's own.
bool set(ConnectOptions& options, std::string_view name, std::string_view value) {
    const auto* const known = std::ranges::find(known_options, name, &Option::name);
    if (known == std::end(known_options)) return false;
    known->set(options, name, value);
    return true;
}

/// Throws ValueError: SQLite has no options of its own, so the name is wrong.
[[noreturn]] void refuse_for_sqlite(std::string_view name) {
    std::string list;
    std::string takes; // said behind the last of those that take the same
    for (const auto& option : known_options) {
        if (!option.on_sqlite) continue;
        if (!takes.empty() && takes != option.takes()) list += fmt::format(" ({})", takes);
        list += fmt::format("{}{}", list.empty() ? "" : ", ", option.name);
        takes = option.takes();
    }
    list += fmt::format(" ({})", takes);
    throw ValueError(fmt::format("An SQLite database has no option '{}': the options are {}", name, list));
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
    const auto& unknown = url.address.settings;
    if (url.address.scheme == "sqlite" && !unknown.empty()) refuse_for_sqlite(unknown.front().first);
    return url;
}

} // namespace kith::connection
