#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace kith::observe {

/// Writes JSON that may stand in an HTML script element: no `<`, `>` or `&` comes out, and nothing that is no UTF-8.
class JsonWriter {
public:
    /// What the calls so far have written.
    std::string take() && { return std::move(out_); }

    void begin_object() { begin('{'); }
    void end_object() { end('}'); }
    void begin_array() { begin('['); }
    void end_array() { end(']'); }
    /// The name of the member whose value comes next.
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
    bool is_first_{true}; // nothing stands yet in the innermost object or array, or a name stands before what comes
};

} // namespace kith::observe
