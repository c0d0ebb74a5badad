#include "observe/statement_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace kith::observe {
namespace {

constexpr std::size_t most_keys_shown = 8;

std::string part_of_key(const sql::KeySet::Column& column, std::size_t row) {
    return detail::is_integer(column.type) ? detail::to_string(detail::integer_value(column.type, column.integers[row]))
                                           : detail::to_string(column.values[row]);
}

std::string key(const sql::KeySet& keys, std::size_t row) {
    const auto columns = keys.columns();
    if (columns.size() == 1) return part_of_key(columns.front(), row);
    std::string text = "(";
    for (const auto& column : columns) {
        if (text.size() > 1) text += ", ";
        text += part_of_key(column, row);
    }
    return text + ')';
}

std::string to_string(const sql::KeySet& keys) {
    if (keys.size() == 0) return "<0 keys>";
    std::string text = fmt::format("<{} {}: ", keys.size(), keys.size() == 1 ? "key" : "keys");
    for (std::size_t row = 0; row < std::min(keys.size(), most_keys_shown); ++row) {
        if (row > 0) text += ", ";
        text += key(keys, row);
    }
    if (keys.size() > most_keys_shown) text += ", …";
    return text + '>';
}

std::string to_string(const sql::Bind& bind) {
    if (const auto* keys = std::get_if<std::shared_ptr<const sql::KeySet>>(&bind)) return to_string(**keys);
    return detail::to_string(std::get<sql::Value>(bind));
}

std::string redacted(const sql::Bind& bind) {
    const auto* keys = std::get_if<std::shared_ptr<const sql::KeySet>>(&bind);
    if (keys == nullptr) return "<redacted>";
    const auto count = (*keys)->size();
    return fmt::format("<{} redacted {}>", count, count == 1 ? "key" : "keys");
}

std::size_t size_of(const sql::Value& value) {
    return std::visit(
        [](const auto& held) -> std::size_t {
            using T = std::remove_cvref_t<decltype(held)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
                return 0;
            } else if constexpr (std::is_same_v<T, Uuid>) {
                return 16;
            } else if constexpr (requires { held.size(); }) {
                return held.size();
            } else if constexpr (std::is_same_v<T, Json>) {
                return held.text.size();
            } else if constexpr (std::is_same_v<T, Decimal>) {
                return held.str().size();
            } else {
                return sizeof(std::int64_t);
            }
        },
        value);
}

std::size_t size_of(const sql::Bind& bind) {
    if (const auto* value = std::get_if<sql::Value>(&bind)) return size_of(*value);
    std::size_t bytes = 0;
    for (const auto& column : std::get<std::shared_ptr<const sql::KeySet>>(bind)->columns()) {
        bytes += column.integers.size() * sizeof(std::int64_t);
        for (const auto& value : column.values) bytes += size_of(value);
    }
    return bytes;
}

/// The first word of a statement, `SELECT`.
std::string operation_of(std::string_view sql) {
    const auto begin = std::min(sql.find_first_not_of(" \t\r\n("), sql.size());
    auto word = std::string(sql.substr(begin, sql.find_first_of(" \t\r\n(;", begin) - begin));
    for (char& c : word) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return word;
}

} // namespace

std::unique_ptr<StatementReport> StatementReport::begin(const ReportedConnection& connection,
                                                        const sql::Statement& statement, std::string_view lookup,
                                                        const CallInfo& call) {
    if (!connection.observers->any()) return nullptr;
    return std::make_unique<StatementReport>(connection, statement, lookup, call);
}

StatementReport::StatementReport(const ReportedConnection& connection, const sql::Statement& statement,
                                 std::string_view lookup, const CallInfo& call)
    : observers_(connection.observers.get()),
      sql_(statement.text),
      lookup_(lookup),
      call_(call),
      number_(observers_->next_number()),
      connection_(connection.number) {
    call_.where = of_program(call.where);
    const bool show = connection.parameter_values == ParameterValues::shown;
    for (const auto& bind : statement.binds) {
        if (show && observers_->any_shown_values()) parameters_.shown.push_back(to_string(bind));
        parameters_.redacted.push_back(redacted(bind));
        parameter_bytes_ += size_of(bind);
    }
    if (observers_->any_tracers()) open_span(connection, statement);
    start_ = std::chrono::steady_clock::now();
}

void StatementReport::open_span(const ReportedConnection& connection, const sql::Statement& statement) {
    if (call_.span) call_.span->forget_failure();
    span_ = SpanBuilder::open(connection.observers, Span::Kind::statement, call_.evaluation, [&](SpanBuilder& span) {
        auto operation = operation_of(statement.text);
        std::string summary = operation;
        if (!statement.table.empty()) summary.append(" ").append(statement.table);
        span.name(summary);
        span.set_server(connection.driver.server_address());
        span.set("db.query.text", statement.text);
        span.set("db.query.summary", std::move(summary));
        span.set("db.operation.name", std::move(operation));
        if (!statement.table.empty()) span.set("db.collection.name", std::string(statement.table));
        if (!lookup_.empty()) span.set("kith.lookup", lookup_);
        span.set("kith.connection", std::size_t{connection_});
        span.set("kith.parameter_bytes", parameter_bytes_);
        for (std::size_t i = 0; i < parameters_.shown.size(); ++i) {
            span.set(fmt::format("{}{}", query_parameter, i), parameters_.shown[i]);
        }
        span.set_source(call_.where);
    });
}

void StatementReport::finish(const StatementOutcome& outcome) noexcept { send(outcome, false); }

void StatementReport::fail(const std::exception& error, const StatementOutcome& outcome) noexcept {
    if (span_) span_->fail(error);
    if (call_.span) call_.span->fail(error);
    send(outcome, true);
}

void StatementReport::send(const StatementOutcome& outcome, bool failed) noexcept {
    observers_->statement({.number = number_,
                           .evaluation = call_.evaluation,
                           .sql = sql_,
                           .start = start_,
                           .duration = std::chrono::steady_clock::now() - start_,
                           .rows = outcome.rows,
                           .bytes = outcome.bytes,
                           .parameter_bytes = parameter_bytes_,
                           .lookup = lookup_,
                           .connection = connection_,
                           .where = call_.where,
                           .failed = failed},
                          parameters_);
    if (span_ == nullptr) return;
    try {
        span_->set(outcome.returned ? "db.response.returned_rows" : "kith.affected_rows", outcome.rows);
        if (outcome.returned) span_->set("kith.bytes", outcome.bytes);
    } catch (...) { // NOLINT(bugprone-empty-catch): without memory, the span lacks its numbers
    }
    span_.reset();
}

} // namespace kith::observe
