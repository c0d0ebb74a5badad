#include "server.hpp"

#include "http.hpp"

#include <kith/error.hpp>

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace shop {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t threads = 8;
constexpr std::size_t longest_body = 1'000'000;

Request request_of(const httplib::Request& given) {
    Request request{.body = given.body};
    for (std::size_t i = 1; i < given.matches.size(); ++i) request.path.push_back(given.matches[i]);
    for (const auto& [name, text] : given.params) request.query.emplace_back(name, text);
    return request;
}

void pass_on(Response answer, httplib::Response& response) {
    response.status = answer.status;
    if (!answer.body.empty()) response.set_content(answer.body, "application/json");
}

} // namespace

struct Server::Http {
    explicit Http(const kith::Database& given)
        : db(given.deadline(3s).limits({.rows = 1000, .related_rows = 20'000, .statements = 50})) {
        for (const Route& route : routes()) add(route);
        server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
        server.set_payload_max_length(longest_body);
        server.set_keep_alive_timeout(1); // stop() waits for it
        server.set_tcp_nodelay(true);
        server.set_error_handler([](const httplib::Request&, httplib::Response& response) {
            if (response.body.empty()) response.set_content(R"({"error":"there is nothing here"})", "application/json");
        });
    }

    void add(const Route& route) {
        const auto handle = [this, handler = route.handler](const httplib::Request& given,
                                                            httplib::Response& response) {
            pass_on(answer(handler, db, request_of(given)), response);
        };
        const std::string_view method = route.method;
        if (method == "GET") server.Get(route.pattern, handle);
        if (method == "POST") server.Post(route.pattern, handle);
        if (method == "PUT") server.Put(route.pattern, handle);
        if (method == "PATCH") server.Patch(route.pattern, handle);
        if (method == "DELETE") server.Delete(route.pattern, handle);
    }

    kith::Database db; // each of its calls has a deadline and limits
    httplib::Server server{};
    std::atomic<bool> ended{false}; // run(), in whatever way
};

Server::Server(const kith::Database& db) : http_(std::make_unique<Http>(db)) {}

Server::~Server() = default;

int Server::bind(const std::string& host, int port) {
    if (port == 0)
        port = http_->server.bind_to_any_port(host);
    else if (!http_->server.bind_to_port(host, port))
        port = -1;
    if (port < 0) throw std::runtime_error("the port cannot be had on " + host);
    return port;
}

void Server::run() {
    const struct Ending {
        std::atomic<bool>& ended;
        ~Ending() { ended = true; }
    } ending{http_->ended};
    if (!http_->server.listen_after_bind()) throw std::runtime_error("the port takes no connections any more");
}

void Server::stop() {
    while (!http_->server.is_running() && !http_->ended)
        std::this_thread::sleep_for(1ms); // run() may be about to begin
    http_->server.stop();
}

} // namespace shop
