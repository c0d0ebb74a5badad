#include "sample.hpp"
#include "server.hpp"

#include <kith/kith.hpp>

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>

/// Who may do what is left out of this example: everybody may change prices, and read the orders of everybody. A
/// service that is more than an example knows its clients (authentication), decides in each handler which rows are
/// theirs (authorisation), and is reached through a reverse proxy, which speaks TLS. So this one listens on 127.0.0.1
/// alone.

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
    /// Ends wait().
    static void send() { kill(getpid(), SIGTERM); }

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
    fmt::print("listening on http://127.0.0.1:{}\n", port);
    std::fflush(stdout);
    auto answering = std::async(std::launch::async, [&] {
        try {
            server.run();
        } catch (...) {
            Signals::send();
            throw;
        }
    });
    signals.wait();
    server.stop();
    answering.get(); // throws what run() has thrown
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
