#pragma once

#include <kith/database.hpp>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Requests and answers as the handlers see them: without the library that carries them.
namespace shop {

struct Request {
    std::vector<std::string> path{};                          ///< what the groups of the route's pattern matched
    std::vector<std::pair<std::string, std::string>> query{}; ///< `?price__lte=20&order=-price`
    std::string body{};

    /// The number that a group of the path matched. Throws Refused with 404 for one that no row can have.
    std::int64_t number(std::size_t group = 0) const;
};

struct Response {
    int status{200};
    std::string body{}; ///< JSON, or nothing
};

/// The shop's own reasons to say no.
class Refused : public std::runtime_error {
public:
    Refused(int status, const std::string& reason) : std::runtime_error(reason), status_(status) {}
    int status() const noexcept { return status_; }

private:
    int status_;
};

using Handler = Response (*)(const kith::Database&, const Request&);

struct Route {
    const char* method;
    const char* pattern; ///< a regular expression for the whole path; its groups are Request::path
    Handler handler;
};

/// Everything that the service answers.
std::span<const Route> routes();

/// What the handler returns, or the answer to what it throws. Throws nothing but std::bad_alloc.
Response answer(Handler handler, const kith::Database& db, const Request& request);

} // namespace shop
