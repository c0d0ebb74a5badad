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

Response refusal(const std::string& reason, const std::vector<kith::Fault>& given) {
    std::vector<Fault> faults;
    for (const auto& [member, text] : given) faults.push_back({.member = member, .reason = text});
    return {400, kith::to_json(Problem{.error = reason, .faults = {kith::to_json(faults)}})};
}

/// For the log alone: the reason goes to the client.
Response failure(int status, const kith::Error& error) {
    fmt::print(stderr, "shop: {}\n", error.what());
    return refusal(status, error.reason());
}

/// PostgreSQL stores no NUL in a text.
void refuse_nul(std::string_view body) {
    if (body.find("\\u0000") != std::string_view::npos) throw Refused(400, "a text cannot contain \\u0000");
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
        refuse_nul(request.body);
        return handler(db, request);
    } catch (const Refused& error) {
        return refusal(error.status(), error.what());
    } catch (const kith::JsonError& error) { // the body
        return refusal("the body cannot be read", error.faults());
    } catch (const kith::ValidationError& error) { // what validate() of a model finds wrong
        return refusal("the values cannot be stored", error.faults());
    } catch (const kith::FieldError& error) { // a filter, an order or an include that is not on the list
        return refusal(400, error.reason());
    } catch (const kith::LimitExceeded& error) { // includes of too much
        return failure(400, error);
    } catch (const kith::StaleRow&) {
        return refusal(409, "another has changed this meanwhile: read it again");
    } catch (const kith::IntegrityError& error) { // a duplicate, or a row that others need
        return refusal(409, error.reason());
    } catch (const kith::OperationalError& error) { // a deadline, a lock, a server that is away
        return failure(503, error);
    } catch (const kith::Error& error) { // the service's own fault: no request shall be able to cause it
        return failure(500, error);
    }
}

} // namespace shop
