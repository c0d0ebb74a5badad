#include "sample.hpp"
#include "service.hpp"

#include <fmt/core.h>
#include <httplib.h>

#include <chrono>
#include <cstdlib>
#include <exception>

using namespace std::chrono_literals;

Request request_of(const httplib::Request& given) {
    Request request{.body = given.body};
    for (std::size_t i = 1; i < given.matches.size(); ++i) request.path.push_back(given.matches[i]);
    for (const auto& [name, text] : given.params) request.query[name] = text;
    return request;
}

int main(int count, char** arguments) {
    try {
        const auto db = kith::connect(count > 1 ? arguments[1] : "sqlite:shop.db").deadline(3s).limits({.rows = 1000});
        const int port = count > 2 ? std::atoi(arguments[2]) : 8080;
        create_sample(db);

        httplib::Server server;
        server.set_payload_max_length(1'000'000);
        for (const Route& route : routes()) {
            const auto handle = [db, handler = route.handler](const httplib::Request& given,
                                                              httplib::Response& response) {
                const auto result = answer(handler, db, request_of(given));
                response.status = result.status;
                response.set_content(result.body + "\n", "application/json");
            };
            if (route.method == "GET") server.Get(route.pattern, handle);
            if (route.method == "POST") server.Post(route.pattern, handle);
            if (route.method == "PATCH") server.Patch(route.pattern, handle);
        }
        fmt::print("http://127.0.0.1:{}\n", port);
        return server.listen("127.0.0.1", port) ? EXIT_SUCCESS : EXIT_FAILURE;
    } catch (const std::exception& error) {
        fmt::print(stderr, "shop: {}\n", error.what());
        return EXIT_FAILURE;
    }
}
