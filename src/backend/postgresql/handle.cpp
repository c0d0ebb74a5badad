#include "backend/postgresql/handle.hpp"

#include "backend/postgresql/error.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace kith::backend::postgresql {
namespace {

PGconn* open(const Settings& settings) {
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : settings) {
        names.push_back(name.c_str());
        values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    return PQconnectdbParams(names.data(), values.data(), /*expand_dbname=*/0);
}

/// The connect_timeout that libpq uses, wherever it comes from; 0 for none.
long seconds_to_connect(PGconn* connection) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconninfo(connection), &PQconninfoFree);
    for (const auto* option = all.get(); option != nullptr && option->keyword != nullptr; ++option) {
        if (std::string_view(option->keyword) != "connect_timeout" || option->val == nullptr) continue;
        const auto seconds = std::clamp(std::strtol(option->val, nullptr, 10), 0L, 1'000'000L);
        return seconds == 1 ? 2 : seconds; // as libpq does
    }
    return 0;
}

/// libpq's messages have several lines, and end with a full stop that our messages add themselves.
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

} // namespace

Handle::Handle(const Settings& settings, std::string name) : connection_(open(settings)), name_(std::move(name)) {
    if (connection_ == nullptr) throw std::bad_alloc();
    if (lost()) {
        const auto message = one_line(PQerrorMessage(connection_));
        PQfinish(connection_);
        raise_unconnected(name_, message);
    }
    // For example that a table already exists, which is what IF NOT EXISTS expects.
    PQsetNoticeReceiver(connection_, [](void*, const PGresult*) {}, nullptr);
}

Handle::~Handle() { PQfinish(connection_); }

void Handle::run_at_opening(const std::string& text) const {
    const auto seconds = seconds_to_connect(connection_);
    // A server that is slow to reach may have used them up: libpq counts them anew for each host.
    const auto least = Clock::now() + std::chrono::seconds(1);
    const auto until = seconds > 0 ? std::max(began_ + std::chrono::seconds(seconds), least) : Clock::time_point::max();
    if (PQsendQuery(connection_, text.c_str()) != 1) fail(nullptr, text);
    Result failed;
    while (true) {
        if (!wait_for_answer(until)) raise_unanswered(name_, seconds);
        Result result(PQgetResult(connection_));
        if (result == nullptr) break;
        if (failed == nullptr && is_failure(result.get())) failed = std::move(result);
    }
    if (failed != nullptr || lost()) fail(failed.get(), text);
}

/// Waits until PQgetResult would not block; false if that takes too long.
bool Handle::wait_for_answer(Clock::time_point until) const {
    constexpr std::chrono::milliseconds longest = std::chrono::hours(1);
    while (PQisBusy(connection_) != 0) {
        const auto left = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()),
                                     std::chrono::milliseconds(0), longest);
        pollfd socket{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
        const int ready = poll(&socket, 1, static_cast<int>(left.count()));
        if (ready == 0 && Clock::now() >= until) return false;
        if (ready > 0 && PQconsumeInput(connection_) == 0) return true; // PQgetResult reports it
    }
    return true;
}

Result Handle::run(const std::string& text, Doubt doubt) const {
    Result result(PQexec(connection_, text.c_str()));
    if (result == nullptr || is_failure(result.get())) fail(result.get(), text, doubt);
    return result;
}

Result Handle::copy(const std::string& text, std::string_view data, std::string_view sql) const {
    if (PQsendQuery(connection_, text.c_str()) != 1) fail(nullptr, sql);
    Result failed;
    Result last;
    while (Result result{PQgetResult(connection_)}) {
        if (PQresultStatus(result.get()) == PGRES_COPY_IN) {
            // Otherwise PQgetResult would ask for data again.
            if (!send_copied(data)) fail(nullptr, sql);
        } else if (!is_failure(result.get())) {
            last = std::move(result);
        } else if (failed == nullptr) {
            failed = std::move(result);
        }
    }
    if (failed != nullptr || last == nullptr || lost()) fail(failed.get(), sql);
    return last;
}

/// False if the connection is lost.
bool Handle::send_copied(std::string_view data) const {
    constexpr std::size_t largest_piece = std::size_t{1} << 20; // the length is an int
    for (; !data.empty(); data.remove_prefix(std::min(largest_piece, data.size()))) {
        const auto size = static_cast<int>(std::min(largest_piece, data.size()));
        if (PQputCopyData(connection_, data.data(), size) != 1) return false;
    }
    return PQputCopyEnd(connection_, nullptr) == 1;
}

void Handle::fail(const PGresult* result, std::string_view sql, Doubt doubt) const {
    const auto field = [&](int code) -> std::string_view {
        const auto* text = result != nullptr ? PQresultErrorField(result, code) : nullptr;
        return text != nullptr ? text : std::string_view{};
    };
    // Without the details of the server's message: they contain values.
    auto text = std::string(field(PG_DIAG_MESSAGE_PRIMARY));
    if (text.empty()) text = one_line(PQerrorMessage(connection_));
    raise({.database = name_,
           .text = text,
           .sql = sql,
           .sqlstate = field(PG_DIAG_SQLSTATE),
           .lost = lost(),
           .doubt = doubt});
}

bool is_failure(const PGresult* result) {
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY: return false;
    default: return true;
    }
}

std::string_view sqlstate_of(const PGresult* result) {
    const auto* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    return state != nullptr ? state : std::string_view{};
}

} // namespace kith::backend::postgresql
