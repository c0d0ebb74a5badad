#include "service.hpp"

#include <kith/json.hpp>

#include <fmt/core.h>

#include <cstdio>
#include <utility>

namespace {

// A struct that is no table can be written as JSON too.
struct Problem {
    std::string error{};

    static constexpr kith::Table table{.read_only = true};
};

Response refusal(int status, const std::string& reason) { return {status, kith::to_json(Problem{.error = reason})}; }

/// The reason goes to the client, everything to the log.
Response failure(int status, const kith::Error& error) {
    fmt::print(stderr, "shop: {}\n", error.what());
    return refusal(status, error.reason());
}

} // namespace

Response answer(Handler handler, const kith::Database& db, Request request) {
    try {
        return handler(db, std::move(request));
    } catch (const Refused& error) {
        return refusal(error.status, error.what());
    } catch (const kith::FieldError& error) { // a name that is not on a list
        return refusal(400, error.reason());
    } catch (const kith::ValueError& error) { // a value that does not fit, a body that cannot be read
        return refusal(400, error.reason());
    } catch (const kith::DoesNotExist& error) {
        return refusal(404, error.reason());
    } catch (const kith::StaleRow&) {
        return refusal(409, "another has changed this meanwhile: read it again");
    } catch (const kith::IntegrityError& error) { // a duplicate, or a row that others need
        return refusal(409, error.reason());
    } catch (const kith::OperationalError& error) { // a deadline, a lock, a server that is away
        return failure(503, error);
    } catch (const kith::Error& error) {
        return failure(500, error);
    }
}
