#include "backend/postgresql/opening.hpp"

#include "backend/postgresql/error.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <new>
#include <random>

namespace kith::backend::postgresql {
namespace {

using Clock = base::Bound::Clock;
using std::chrono::milliseconds;

constexpr milliseconds longest_wait = std::chrono::hours(1);

/// What libpq uses for a keyword, wherever it comes from; empty for none.
std::string effective(PGconn* connection, std::string_view keyword) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconninfo(connection), &PQconninfoFree);
    for (const auto* option = all.get(); option != nullptr && option->keyword != nullptr; ++option) {
        if (option->keyword == keyword && option->val != nullptr) return option->val;
    }
    return {};
}

/// The keywords and values as libpq takes them.
class Arguments {
public:
    explicit Arguments(const Settings& settings) {
        for (const auto& [name, value] : settings) {
            names_.push_back(name.c_str());
            values_.push_back(value.c_str());
        }
        names_.push_back(nullptr);
        values_.push_back(nullptr);
    }
    const char* const* names() const { return names_.data(); }
    const char* const* values() const { return values_.data(); }

private:
    std::vector<const char*> names_;
    std::vector<const char*> values_;
};

Opening started(const Settings& settings) {
    const Arguments arguments(settings);
    Opening connection(PQconnectStartParams(arguments.names(), arguments.values(), /*expand_dbname=*/0));
    if (connection == nullptr) throw std::bad_alloc();
    return connection;
}

bool is_open(const Opening& connection) { return PQstatus(connection.get()) == CONNECTION_OK; }

/// Continues to connect until it is done, or until then: libpq gives a silent server up only in the call that blocks.
/// False if it took too long. Throws what `bound` throws.
bool connect_until(Clock::time_point until, const base::Bound& bound, PGconn* connection, const std::string& database) {
    auto wanted = PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (wanted != PGRES_POLLING_OK && wanted != PGRES_POLLING_FAILED) {
        if (bound.over()) bound.raise(fmt::format("a connection to {} was opened", database));
        const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
        if (left <= milliseconds(0)) return false;
        const short events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        pollfd socket{.fd = PQsocket(connection), .events = events, .revents = 0};
        const auto wait = bound.wait(std::min(left, longest_wait));
        if (poll(&socket, 1, static_cast<int>(wait.count())) > 0) wanted = PQconnectPoll(connection);
    }
    return true;
}

/// When a host must have answered that gets this part of the time.
Clock::time_point end_of_attempt(const base::Bound& bound, PGconn* connection, std::size_t attempts_left) {
    const auto seconds = seconds_to_connect(connection);
    const auto now = Clock::now();
    auto time = bound.left(longest_wait) / static_cast<milliseconds::rep>(attempts_left);
    if (seconds > 0) time = std::min<milliseconds>(time, std::chrono::seconds(seconds));
    return now + time;
}

std::vector<std::string> parts_of(std::string_view list) {
    std::vector<std::string> parts;
    while (true) {
        const auto comma = list.find(',');
        parts.emplace_back(list.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        list.remove_prefix(comma + 1);
    }
}

/// libpq passes over an empty value, behind which an earlier one would count.
void replace(Settings& settings, std::string_view keyword, const std::string& value) {
    std::erase_if(settings, [&](const auto& setting) { return setting.first == keyword; });
    if (!value.empty()) settings.emplace_back(keyword, value);
}

/// The settings for each host alone, in the order in which they are tried.
std::vector<Settings> one_by_one(const Settings& settings, PGconn* started) {
    const auto hosts = parts_of(effective(started, "host"));
    const auto addresses = parts_of(effective(started, "hostaddr"));
    const auto ports = parts_of(effective(started, "port"));
    const auto count = std::max(hosts.size(), addresses.size());
    if (count == 1) return {settings};
    const auto part = [](const std::vector<std::string>& parts, std::size_t i) {
        return parts.size() == 1 ? parts.front() : i < parts.size() ? parts[i] : std::string();
    };
    std::vector<Settings> each;
    for (std::size_t i = 0; i < count; ++i) {
        auto& one = each.emplace_back(settings);
        replace(one, "host", part(hosts, i));
        replace(one, "hostaddr", part(addresses, i));
        const auto port = part(ports, i);
        replace(one, "port", port.empty() ? "5432" : port);
    }
    if (effective(started, "load_balance_hosts") == "random") {
        std::ranges::shuffle(each, std::minstd_rand(std::random_device{}()));
    }
    return each;
}

/// Each host alone, and again if any will do where none is of the preferred kind.
std::vector<Settings> attempts(const Settings& settings, PGconn* started) {
    auto each = one_by_one(settings, started);
    if (each.size() == 1 || effective(started, "target_session_attrs") != "prefer-standby") return each;
    const auto hosts = each.size();
    for (std::size_t i = 0; i < hosts; ++i) {
        each.push_back(each[i]);
        each[i].emplace_back("target_session_attrs", "standby");
        each.back().emplace_back("target_session_attrs", "any");
    }
    return each;
}

/// Whether the server itself refused, for a reason that any server of the list would have: as with libpq, no other host
/// is tried then. One that is starting, stopping or not yet ready to be read is passed over, which libpq knows by an
/// SQLSTATE that it does not tell; the text of these is PostgreSQL's own, unless it is translated.
bool is_refusal(std::string_view message) {
    constexpr std::array passing{"is starting up", "is shutting down", "is not yet accepting connections",
                                 "is not accepting connections", "in recovery mode"};
    const auto says = [&](const char* text) { return message.find(text) != std::string_view::npos; };
    return says("FATAL") && std::ranges::none_of(passing, says);
}

Opening open_within(const base::Bound& bound, const Settings& settings, const std::string& database) {
    auto connection = started(settings);
    const auto all = attempts(settings, connection.get());
    std::string failures;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all.size() > 1) connection = started(all[i]);
        const auto until = end_of_attempt(bound, connection.get(), all.size() - i);
        const bool answered = connect_until(until, bound, connection.get(), database);
        if (answered && is_open(connection)) return connection;
        const auto message = answered ? one_line(PQerrorMessage(connection.get())) : std::string("timeout expired");
        failures += fmt::format("{}{}", failures.empty() ? "" : "; ", message);
        if (answered && is_refusal(message)) break;
    }
    if (bound.over()) bound.raise(fmt::format("a connection to {} was opened", database));
    raise_unconnected(database, failures);
}

} // namespace

long seconds_to_connect(PGconn* connection) {
    const auto text = effective(connection, "connect_timeout");
    const auto seconds = std::clamp(std::strtol(text.c_str(), nullptr, 10), 0L, 1'000'000L);
    return seconds == 1 ? 2 : seconds; // as libpq does
}

std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool blank = c == '\n' || c == '\t' || c == ' ';
        if (!blank) {
            line += c;
        } else if (!line.ends_with(' ')) {
            line += ' ';
        }
    }
    while (line.ends_with(' ') || line.ends_with('.')) line.pop_back();
    return line;
}

Opening open(const Settings& settings, const std::string& database, const base::Bound* bound) {
    if (bound != nullptr && bound->can_end()) return open_within(*bound, settings, database);
    const Arguments arguments(settings);
    Opening connection(PQconnectdbParams(arguments.names(), arguments.values(), /*expand_dbname=*/0));
    if (connection == nullptr) throw std::bad_alloc();
    if (!is_open(connection)) raise_unconnected(database, one_line(PQerrorMessage(connection.get())));
    return connection;
}

} // namespace kith::backend::postgresql
