#include "backend/address.hpp"

#include <algorithm>
#include <string_view>

namespace kith::backend {

namespace {

/// Removes the part up to the next comma from `rest` and returns it.
std::string_view take_part(std::string_view& rest) {
    const auto comma = rest.find(',');
    const auto part = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    return part;
}

} // namespace

std::string Address::hosts() const {
    std::string text;
    std::string_view names = host;
    std::string_view ports = port;
    for (auto left = std::ranges::count(host, ',') + 1; left > 0; --left) {
        const auto name = take_part(names);
        const auto number = take_part(ports);
        const bool in_brackets = name.find(':') != std::string_view::npos; // an IPv6 address
        text += in_brackets ? '[' + std::string(name) + ']' : std::string(name);
        if (!number.empty()) text += ':' + std::string(number);
        if (left > 1) text += ',';
    }
    return text;
}

std::string Address::name() const {
    std::string text = scheme + "://";
    if (!user.empty()) text += user + '@';
    text += hosts();
    if (host.empty()) {
        const auto given =
            std::ranges::find_if(settings, [](const auto& s) { return s.first == "host" || s.first == "socket"; });
        if (given != settings.end()) text += given->second;
    }
    return text + '/' + database;
}

} // namespace kith::backend
