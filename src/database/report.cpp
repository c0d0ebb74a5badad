#include "database/report.hpp"

#include "database/database_core.hpp"
#include "database/lease.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kith::database {
namespace {

constexpr std::size_t most_keys_shown = 8;

std::string part_of_key(const sql::KeySet::Column& column, std::size_t row) {
    return detail::is_integer(column.type) ? fmt::format("{}", column.integers[row])
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

/// A range-for over a QuerySet is the user's line; `std::ranges::find(rows, …)` is one of the standard library's, which
/// says nothing of the program.
std::source_location of_program(std::source_location where) {
    return std::string_view(where.file_name()).find("/include/c++/") == std::string_view::npos ? where
                                                                                               : std::source_location{};
}

} // namespace

std::unique_ptr<Report> Report::begin(Lease& lease, const sql::Statement& statement, std::string_view lookup,
                                      const Work& work) {
    if (!lease.core().observers().any()) return nullptr;
    return std::make_unique<Report>(lease, statement, lookup, work);
}

Report::Report(Lease& lease, const sql::Statement& statement, std::string_view lookup, const Work& work)
    : observers_(&lease.core().observers()),
      sql_(statement.text),
      lookup_(lookup),
      work_(work),
      number_(observers_->next_number()),
      connection_(lease.connection().number) {
    work_.where = of_program(work.where);
    const bool show = lease.core().options().parameter_values == ParameterValues::shown;
    for (const auto& bind : statement.binds) {
        if (show && observers_->any_shown_values()) parameters_.shown.push_back(to_string(bind));
        parameters_.redacted.push_back(redacted(bind));
        parameter_bytes_ += size_of(bind);
    }
    start_ = std::chrono::steady_clock::now();
}

void Report::finish(const Outcome& outcome) noexcept {
    observers_->statement({.number = number_,
                           .evaluation = work_.evaluation,
                           .sql = sql_,
                           .start = start_,
                           .duration = std::chrono::steady_clock::now() - start_,
                           .rows = outcome.rows,
                           .bytes = outcome.bytes,
                           .parameter_bytes = parameter_bytes_,
                           .lookup = lookup_,
                           .connection = connection_,
                           .where = work_.where,
                           .failed = outcome.failed},
                          parameters_);
}

} // namespace kith::database
