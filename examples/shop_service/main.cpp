#include "sample.hpp"
#include "server.hpp"

#include <kith/kith.hpp>

#include <fmt/format.h>
#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

constexpr std::string_view usage = R"(usage: shop_service [--create] [--sample] [--port N] [URL]

A shop's JSON service.

  URL        the database: sqlite:shop.db, postgresql://user@host/name, mariadb://user@host/name
             (default: the environment's SHOP_DATABASE, or sqlite:shop.db)
  --create   creates the tables that are missing
  --sample   fills an empty shop with a few things to sell
  --port N   where to listen on 127.0.0.1 (default: 8080; 0 takes any free port)
)";

struct Options {
    std::string url{"sqlite:shop.db"};
    bool create{false};
    bool sample{false};
    bool help{false};
    int port{8080};
};

Options read_options(int count, char** arguments) {
    Options options;
    if (const char* url = std::getenv("SHOP_DATABASE")) options.url = url;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument(arguments[i]);
        if (argument == "--create")
            options.create = true;
        else if (argument == "--sample")
            options.sample = true;
        else if (argument == "--help")
            options.help = true;
        else if (argument == "--port" && i + 1 < count)
            options.port = std::stoi(arguments[++i]);
        else if (argument.starts_with('-'))
            throw std::runtime_error(fmt::format("there is no option {}", argument));
        else
            options.url = argument;
    }
    return options;
}

/// Waits for SIGINT or SIGTERM, which all threads that begin later leave to it.
class Signals {
public:
    Signals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    void wait() const {
        int signal = 0;
        sigwait(&set_, &signal);
    }

private:
    sigset_t set_{};
};

void serve(const Options& options) {
    const Signals signals;
    const auto db = kith::connect(options.url);
    if (options.create || options.sample) shop::create_tables(db);
    if (options.sample) shop::add_sample(db);

    shop::Server server(db);
    const int port = server.bind("127.0.0.1", options.port);
    std::thread answering([&] { server.run(); });
    fmt::print("listening on http://127.0.0.1:{}\n", port);
    std::fflush(stdout);
    signals.wait();
    server.stop();
    answering.join();
}

} // namespace

int main(int count, char** arguments) {
    try {
        const auto options = read_options(count, arguments);
        if (options.help) {
            fmt::print("{}", usage);
        } else {
            serve(options);
        }
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        fmt::print(stderr, "shop_service: {}\n", error.what());
        return EXIT_FAILURE;
    }
}
