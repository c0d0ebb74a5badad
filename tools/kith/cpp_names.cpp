#include "cpp_names.hpp"

#include "printable.hpp"
#include "reserved_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace kith::cli {

namespace {

bool is_plain(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80;
}

/// Words of letters and digits with single `_` between them.
std::string cleaned(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_plain(c)) {
            out += c;
        } else if (!out.empty() && out.back() != '_') {
            out += '_';
        }
    }
    while (out.ends_with('_')) out.pop_back();
    return out;
}

} // namespace

std::string type_name(std::string_view table) {
    std::string out;
    bool starts_word = true;
    for (const char c : cleaned(table)) {
        if (c == '_') {
            starts_word = true;
            continue;
        }
        out += starts_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        starts_word = false;
    }
    const bool is_number = !out.empty() && std::isdigit(static_cast<unsigned char>(out.front())) != 0;
    if (out.empty() || is_number || is_reserved(out)) out.insert(0, "Table");
    return out;
}

std::string member_name(std::string_view column) {
    auto out = cleaned(column);
    if (out.empty()) return "column";
    if (std::isdigit(static_cast<unsigned char>(out.front())) != 0) out.insert(0, "column_");
    if (is_reserved(out)) out += "_value";
    return out;
}

std::string UniqueNames::give(const std::string& wanted) {
    auto name = wanted;
    for (int number = 2; !taken_.insert(name).second; ++number) name = fmt::format("{}_{}", wanted, number);
    return name;
}

std::string literal(std::string_view text) {
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, size] = character_at(text, at);
        const auto bytes = text.substr(at, std::max<std::size_t>(size, 1));
        if (size == 0 || is_unseen(code)) {
            // Three octal digits end an escape, whatever follows.
            for (const char c : bytes) out += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
        } else {
            const bool begins_trigraph = code == '?' && out.ends_with('?');
            if (code == '"' || code == '\\' || begins_trigraph) out += '\\';
            out += bytes;
        }
        at += bytes.size();
    }
    return out + "\"";
}

} // namespace kith::cli
