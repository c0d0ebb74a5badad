#include "json.hpp"

#include "base/base64.hpp"
#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "printable.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace kith::cli {

namespace {

struct PlainText {
    bool is_short;

    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(std::uint64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return real_text(v, is_short); }
    std::string operator()(const std::string& v) const { return printable(v); }
    std::string operator()(const std::vector<std::byte>& v) const { return fmt::format("<{} bytes>", v.size()); }
    std::string operator()(Date v) const { return moment_text(v); }
    std::string operator()(Timestamp v) const { return moment_text(v); }
    std::string operator()(LocalTimestamp v) const { return moment_text(v); }
    std::string operator()(const Uuid& v) const { return v.str(); }
    std::string operator()(const Decimal& v) const { return v.str(); }
    std::string operator()(const Json& v) const { return printable(v.text); }
};

void append_base64(std::string& out, std::string_view bytes) { append_json_string(out, base64(bytes)); }

} // namespace

void append_json_text(std::string& out, std::string_view text) {
    utf8::is_valid(text) ? append_json_string(out, text) : append_base64(out, text);
}

void append_json(std::string& out, const detail::Value& value, const detail::FieldInfo& field) {
    if (const auto* text = std::get_if<std::string>(&value)) return append_json_text(out, *text);
    // Databases with this type accept only valid JSON.
    if (const auto* json = std::get_if<Json>(&value); json != nullptr && !utf8::is_valid(json->text)) {
        return append_base64(out, json->text);
    }
    append_json_value(out, value, field.type == detail::ColumnType::float32);
}

std::string plain_text(const detail::Value& value, const detail::FieldInfo& field) {
    return std::visit(PlainText{field.type == detail::ColumnType::float32}, value);
}

} // namespace kith::cli
