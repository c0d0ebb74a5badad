#include "backend/address.hpp"

#include <algorithm>

namespace kith::backend {

std::string Address::name() const {
    std::string text = scheme + "://";
    if (!user.empty()) text += user + '@';
    text += host;
    if (!port.empty()) text += ':' + port;
    if (host.empty()) {
        const auto given =
            std::ranges::find_if(settings, [](const auto& s) { return s.first == "host" || s.first == "socket"; });
        if (given != settings.end()) text += given->second;
    }
    return text + '/' + database;
}

} // namespace kith::backend
