#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// As much of JSON as results of scenarios need: text, numbers, truth, nothing, and lists of these.
namespace parity {

class Json {
public:
    Json() : text_("null") {}
    Json(std::nullptr_t) : Json() {}
    Json(bool value) : text_(value ? "true" : "false") {}
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    Json(T value) : text_(std::to_string(value)) {}
    Json(double value) : text_(std::to_string(value)) {}
    Json(std::string_view value) : text_(quoted(value)) {}
    Json(const std::string& value) : Json(std::string_view(value)) {}
    Json(const char* value) : Json(std::string_view(value)) {}
    template <class T>
    Json(const std::optional<T>& value) : Json(value ? Json(*value) : Json()) {}
    template <class T>
    Json(const std::vector<T>& values) {
        std::vector<Json> parts;
        for (const auto& value : values) parts.emplace_back(value);
        text_ = list(parts);
    }
    Json(std::initializer_list<Json> values) : text_(list(values)) {}

    const std::string& text() const { return text_; }

private:
    template <class List>
    static std::string list(const List& values) {
        std::string text;
        for (const Json& value : values) text += (text.empty() ? "" : ", ") + value.text();
        return "[" + text + "]";
    }
    static std::string quoted(std::string_view value) {
        std::string text("\"");
        for (const char c : value) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        return text + '"';
    }

    std::string text_;
};

} // namespace parity
