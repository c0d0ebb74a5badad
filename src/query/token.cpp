#include "base/base64.hpp"
#include "base/json_text.hpp"
#include "query/place.hpp"
#include "query/text_value.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

/// Places as tokens: the version, the fingerprint, a flag, the values with their sizes, and a check sum; in base64 with
/// letters that need no escape in a URL.
namespace kith::query {

namespace {

using detail::Query;

constexpr char version = 1;
constexpr std::size_t longest_token = std::size_t{64} * 1024;
constexpr std::uint32_t null_size = 0xffffffff;

/// FNV-1a: short, and the same on every machine.
std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

/// A number as bytes, the lowest first.
template <class T>
void put(std::string& to, T number) {
    for (std::size_t i = 0; i < sizeof number; ++i) to += static_cast<char>(number >> (8 * i) & 0xff);
}

template <class T>
std::optional<T> take(std::string_view& from) {
    if (from.size() < sizeof(T)) return std::nullopt;
    T number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        number |= static_cast<T>(static_cast<T>(static_cast<unsigned char>(from[i])) << (8 * i));
    }
    from.remove_prefix(sizeof number);
    return number;
}

std::uint64_t fingerprint(const Query& query, const std::vector<Order>& order) {
    auto text = fmt::format("{}\n{}\n{}", query.model->name, query.model->schema, query.model->table);
    for (const auto& term : order) {
        text += term.descending ? "\n-" : "\n+";
        for (const auto* relation : term.path.relations) text += relation->field->name + "__";
        text += fmt::format("{} {}", term.path.column->name, static_cast<int>(term.path.column->type));
    }
    return hash_of(text);
}

struct AsText {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(std::uint64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return real_text(v, false); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const std::vector<std::byte>& v) const { return base64(view(v)); }
    std::string operator()(Date v) const { return moment_text(v); }
    std::string operator()(Timestamp v) const { return moment_text(v); }
    std::string operator()(LocalTimestamp v) const { return moment_text(v); }
    std::string operator()(const Uuid& v) const { return v.str(); }
    std::string operator()(const Decimal& v) const { return v.str(); }
    std::string operator()(const Json& v) const { return v.text; }
};

/// The text of a value, from which the same value is read.
std::string text_of(const FieldInfo& column, const Value& value) {
    auto text = std::visit(AsText{}, value);
    if (value_of_text(column, text) == std::optional(value)) return text;
    throw ValueError(fmt::format("{} is {}, which no token for pages can contain: order by another column",
                                 column.label(), detail::to_string(value)),
                     {.model = column.model->name, .lookup = column.name});
}

std::string url_letters(std::string text) {
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    while (text.ends_with('=')) text.pop_back();
    return text;
}

std::optional<std::string> bytes_of(std::string_view token) {
    if (token.size() > longest_token || token.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
    std::string text(token);
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    auto bytes = from_base64(text);
    // One text for each token: unused bits are 0.
    return bytes && url_letters(base64(*bytes)) == token ? bytes : std::nullopt;
}

std::optional<Value> read_value(std::string_view& from, const Order& term) {
    const auto size = take<std::uint32_t>(from);
    if (!size) return std::nullopt;
    if (*size == null_size) return Value{};
    if (*size > from.size()) return std::nullopt;
    auto value = value_of_text(*term.path.column, from.substr(0, *size));
    from.remove_prefix(*size);
    return value;
}

std::optional<PagePlace> read_place(std::string_view bytes, const Query& query) {
    if (bytes.size() < sizeof(std::uint32_t)) return std::nullopt;
    auto end = bytes.substr(bytes.size() - sizeof(std::uint32_t));
    bytes.remove_suffix(end.size());
    if (take<std::uint32_t>(end) != static_cast<std::uint32_t>(hash_of(bytes))) return std::nullopt;
    const auto order = order_of(query);
    if (take<std::uint8_t>(bytes) != version || take<std::uint64_t>(bytes) != fingerprint(query, order)) {
        return std::nullopt;
    }
    const auto flag = take<std::uint8_t>(bytes);
    if (!flag || *flag > 1) return std::nullopt;
    PagePlace place{.inclusive = *flag == 1};
    for (const auto& term : order) {
        auto value = read_value(bytes, term);
        if (!value) return std::nullopt;
        place.values.push_back(std::move(*value));
    }
    return bytes.empty() ? std::optional(std::move(place)) : std::nullopt;
}

} // namespace

std::string token_of(const Query& query, const PagePlace& place) {
    const auto order = order_of(query);
    std::string bytes(1, version);
    put(bytes, fingerprint(query, order));
    bytes += static_cast<char>(place.inclusive ? 1 : 0);
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (detail::is_null(place.values[i])) {
            put(bytes, null_size);
            continue;
        }
        const auto text = text_of(*order[i].path.column, place.values[i]);
        put(bytes, static_cast<std::uint32_t>(text.size()));
        bytes += text;
    }
    put(bytes, static_cast<std::uint32_t>(hash_of(bytes)));
    auto token = url_letters(base64(bytes));
    if (token.size() <= longest_token) return token;
    throw ValueError(fmt::format("the values of a {} that order it are too large for a token: order by other columns",
                                 query.model->name),
                     {.model = query.model->name});
}

PagePlace place_of_token(const Query& query, std::string_view token) {
    if (const auto bytes = bytes_of(token)) {
        if (auto place = read_place(*bytes, query)) return std::move(*place);
    }
    throw ValueError(fmt::format("this token is none of a page of {} in this order: {}", query.model->name,
                                 detail::to_string(Value{std::string(token.substr(0, longest_token))})),
                     {.model = query.model->name});
}

} // namespace kith::query
