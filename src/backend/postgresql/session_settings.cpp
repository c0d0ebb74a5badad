#include "backend/postgresql/session_settings.hpp"

#include "backend/postgresql/names.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace kith::backend::postgresql {
namespace {

/// Splits words as the server does: at blanks without a backslash before them.
std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> words;
    bool inside = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        constexpr std::string_view blanks = " \t\n\r\f\v";
        if (blanks.find(text[i]) != std::string_view::npos) {
            inside = false;
            continue;
        }
        if (!inside) words.emplace_back();
        inside = true;
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        words.back() += text[i];
    }
    return words;
}

std::pair<std::string, std::string> setting(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw ValueError(
            fmt::format("With pooling=transaction, options takes settings as -c name=value, not '{}'", text));
    }
    std::string name(text.substr(0, equals));
    std::ranges::replace(name, '-', '_');
    // The defaults for transactions come too late for the one that has begun.
    if (name == "default_transaction_read_only") {
        name = "transaction_read_only";
    } else if (name.starts_with("default_transaction_")) {
        throw ValueError(fmt::format("With pooling=transaction, options cannot contain {}: set the isolation of each "
                                     "atomic block, or use ALTER ROLE … SET",
                                     name));
    }
    return {std::move(name), std::string(text.substr(equals + 1))};
}

} // namespace

ServerSettings settings_for(const ConnectOptions& options) {
    // In PostgreSQL, zero means to wait for a lock forever.
    const auto wait =
        std::clamp<std::int64_t>(options.busy_timeout.count(), 1, std::numeric_limits<std::int32_t>::max());
    return {{"TimeZone", "UTC"}, {"standard_conforming_strings", "on"}, {"lock_timeout", std::to_string(wait)}};
}

std::string set_for_session(const ServerSettings& settings, bool read_only) {
    std::string text;
    for (const auto& [name, value] : settings) text += fmt::format("SET {} TO {}; ", name, text_literal(value));
    if (read_only) text += "SET default_transaction_read_only TO on; ";
    return text;
}

// A SELECT, because SET takes only one setting.
std::string set_for_transaction(const ServerSettings& settings, bool read_only) {
    std::string text = "SELECT ";
    const auto add = [&](std::string_view name, std::string_view value) {
        text += fmt::format("{}pg_catalog.set_config({}, {}, true)", text.ends_with(' ') ? "" : ", ",
                            text_literal(name), text_literal(value));
    };
    for (const auto& [name, value] : settings) add(name, value);
    if (read_only) add("transaction_read_only", "on");
    return text;
}

ServerSettings parse_options(std::string_view options) {
    ServerSettings settings;
    const auto all = words(options);
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::string_view word = all[i];
        if (word == "-c" && i + 1 < all.size()) {
            word = all[++i];
        } else if (word.starts_with("-c") || word.starts_with("--")) {
            word.remove_prefix(2);
        } else {
            throw ValueError(fmt::format("With pooling=transaction, options takes settings as -c name=value; '{}' "
                                         "cannot be applied to a transaction",
                                         word));
        }
        settings.push_back(setting(word));
    }
    return settings;
}

} // namespace kith::backend::postgresql
