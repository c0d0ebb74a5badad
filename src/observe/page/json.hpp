#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace kith::observe {

/// Writes JSON that is safe in an HTML script element: the output contains no `<`, `>` or `&`, and is valid UTF-8.
class JsonWriter {
public:
    /// The JSON written so far.
    std::string take() && { return std::move(out_); }

    void begin_object() { begin('{'); }
    void end_object() { end('}'); }
    void begin_array() { begin('['); }
    void end_array() { end(']'); }
    /// The name of the next member; its value must follow.
    void name(std::string_view text);

    void value(std::string_view text);
    void value(bool flag) { add(flag ? "true" : "false"); }
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    void value(T number) {
        add(fmt::format("{}", number));
    }

    template <class T>
    void member(std::string_view named, const T& what) {
        name(named);
        if constexpr (std::convertible_to<T, std::string_view>) {
            value(std::string_view(what));
        } else {
            value(what);
        }
    }

private:
    void begin(char bracket);
    void end(char bracket);
    void separate();
    void add(std::string_view text);

    std::string out_{};
    bool is_first_{true}; // nothing is written yet in the innermost object or array, or its name was just written
};

} // namespace kith::observe
