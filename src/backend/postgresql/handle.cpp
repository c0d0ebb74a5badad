#include "backend/postgresql/handle.hpp"

#include "backend/postgresql/error.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

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

/// libpq's messages have several lines, and end with a stop that ours bring themselves.
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
    // Such as that a table exists already, which is what IF NOT EXISTS asks for.
    PQsetNoticeReceiver(connection_, [](void*, const PGresult*) {}, nullptr);
}

Handle::~Handle() { PQfinish(connection_); }

Result Handle::run(const std::string& text, Doubt doubt) const {
    Result result(PQexec(connection_, text.c_str()));
    if (result == nullptr || is_failure(result.get())) fail(result.get(), text, doubt);
    return result;
}

void Handle::fail(const PGresult* result, std::string_view sql, Doubt doubt) const {
    const auto field = [&](int code) -> std::string_view {
        const auto* text = result != nullptr ? PQresultErrorField(result, code) : nullptr;
        return text != nullptr ? text : std::string_view{};
    };
    // The detail of the server's message is left out: it holds values.
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
