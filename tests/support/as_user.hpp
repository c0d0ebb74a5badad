#pragma once

#include <string>

namespace travel {

/// The URL of a server with another user, `name:password`.
inline std::string as_user(std::string url, const std::string& user) {
    const auto begin = url.find("//") + 2;
    return url.replace(begin, url.find('@') - begin, user);
}

} // namespace travel
