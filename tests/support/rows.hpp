#pragma once

#include <kith/kith.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

/// Queries that many tests make of a QuerySet or a set.
namespace travel {

/// One member of every row, in the order of the rows.
template <class Rows, class M, class T>
std::vector<T> column(const Rows& rows, T M::* member) {
    std::vector<T> values;
    for (const M& row : rows) values.push_back(row.*member);
    return values;
}

/// The primary keys of the rows, in ascending order.
template <class Rows>
auto keys_of(const Rows& rows) {
    std::vector<decltype((*rows.begin()).id.value)> keys;
    for (const auto& row : rows) keys.push_back(row.id);
    std::ranges::sort(keys);
    return keys;
}

/// The message of the `Expected` that `work` throws; empty, with a failed test, if it throws nothing of that class.
template <class Expected, class Work>
std::string message_of(Work&& work) {
    try {
        std::forward<Work>(work)();
    } catch (const Expected& error) {
        return error.what();
    } catch (const std::exception& error) {
        ADD_FAILURE() << "an exception of another class: " << error.what();
        return {};
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

/// Expects `text` to contain every one of `parts`.
inline void expect_parts(const std::string& text, std::initializer_list<const char*> parts) {
    for (const char* part : parts) EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' in: " << text;
}

} // namespace travel
