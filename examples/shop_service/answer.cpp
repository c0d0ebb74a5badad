#include "http.hpp"

#include <kith/json.hpp>
#include <kith/kith.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cstdio>

namespace shop {

namespace {

// Structs that are no tables can be written as JSON too.
struct Fault {
    std::string member{};
    std::string reason{};

    static constexpr kith::Table table{.read_only = true};
};
struct Problem {
    std::string error{};
    kith::Json faults{"[]"};

    static constexpr kith::Table table{.read_only = true};
};

Response refusal(int status, const std::string& reason) { return {status, kith::to_json(Problem{.error = reason})}; }

Response faults_in(const kith::JsonError& error) {
    std::vector<Fault> faults;
    for (const auto& [member, reason] : error.faults()) faults.push_back({.member = member, .reason = reason});
    return {400, kith::to_json(Problem{.error = "the body cannot be read", .faults = {kith::to_json(faults)}})};
}

/// For the log alone: the reason goes to the client.
Response failure(int status, const kith::Error& error) {
    fmt::print(stderr, "shop: {}\n", error.what());
    return refusal(status, error.reason());
}

} // namespace

std::int64_t Request::number(std::size_t group) const {
    std::int64_t number = 0;
    const auto& text = path.at(group);
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stop != text.data() + text.size()) throw Refused(404, "there is no " + text);
    return number;
}

Response answer(Handler handler, const kith::Database& db, const Request& request) {
    try {
        return handler(db, request);
    } catch (const Refused& error) {
        return refusal(error.status(), error.what());
    } catch (const kith::JsonError& error) { // the body
        return faults_in(error);
    } catch (const kith::FieldError& error) { // a filter, an order or an include that is not on the list
        return refusal(400, error.reason());
    } catch (const kith::ValueError& error) { // a value that does not fit, or a damaged page token
        return refusal(400, error.reason());
    } catch (const kith::LimitExceeded& error) { // includes of too much
        return failure(400, error);
    } catch (const kith::DoesNotExist& error) {
        return refusal(404, error.reason());
    } catch (const kith::IntegrityError& error) { // a duplicate, or a row that others need
        return refusal(409, error.reason());
    } catch (const kith::OperationalError& error) { // a deadline, a lock, a server that is away
        return failure(503, error);
    } catch (const kith::Error& error) {
        return failure(500, error);
    }
}

} // namespace shop
