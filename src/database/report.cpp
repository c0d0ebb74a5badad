#include "database/report.hpp"

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

} // namespace

std::unique_ptr<Report> Report::begin(Observers& observers, const sql::Statement& statement, std::string_view lookup) {
    return observers.any() ? std::make_unique<Report>(observers, statement, lookup) : nullptr;
}

Report::Report(Observers& observers, const sql::Statement& statement, std::string_view lookup)
    : observers_(&observers), number_(observers.next_number()), sql_(statement.text), lookup_(lookup) {
    parameters_.reserve(statement.binds.size());
    for (const auto& bind : statement.binds) parameters_.push_back(to_string(bind));
}

void Report::finish(std::size_t rows, bool failed) noexcept {
    observers_->statement({.number = number_,
                           .sql = sql_,
                           .parameters = &parameters_,
                           .duration = std::chrono::steady_clock::now() - began_,
                           .rows = rows,
                           .lookup = lookup_,
                           .failed = failed});
}

} // namespace kith::database
