#pragma once

#include <kith/database.hpp>

#include <memory>
#include <string>

namespace shop {

/// Carries requests to the handlers, and their answers back, over HTTP. The handlers do not know how.
class Server {
public:
    explicit Server(const kith::Database& db);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    /// Returns the port; 0 takes any that is free. Throws std::runtime_error if it cannot be had.
    int bind(const std::string& host, int port);
    /// Answers until stop(): what has begun by then is finished. Throws std::runtime_error if the port fails.
    void run();
    /// Ends run(), from any other thread. run() has been called, or is about to be.
    void stop();

private:
    struct Http;
    std::unique_ptr<Http> http_;
};

} // namespace shop
