#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace travel {

/// Finds the ends of messages in the data of one side of a connection.
class MessageCounter {
public:
    enum class Side : unsigned char { client, server };

    MessageCounter(bool postgresql, Side side) : postgresql_(postgresql), starts_(postgresql && side == Side::client) {}
    /// Consumes bytes up to the end of the next message, and returns how many. `complete` if that end was among them.
    std::size_t take(std::string_view bytes, bool& complete);
    /// Whether the next byte begins a message.
    bool is_between() const noexcept { return header_.empty() && left_ == 0; }

private:
    std::size_t header_size() const { return postgresql_ && !starts_ ? 5 : 4; }
    std::size_t body_size() const;

    bool postgresql_;
    bool starts_; // PostgreSQL's first message has no letter before its length
    std::string header_{};
    std::size_t left_{0};
};

/// What a proxy does with a message.
struct Treatment {
    enum class Action : std::uint8_t {
        pass,
        cut,    ///< the connection ends before it
        tear,   ///< the connection ends in the middle of it
        split,  ///< its bytes are sent one by one
        delay,  ///< it, and what follows it, is sent later
        repeat, ///< it is sent twice
    };

    Action action{Action::pass};
    std::chrono::microseconds time{0}; ///< of a delay
};

/// A proxy in front of a server's socket, over loopback, that counts round trips, delays them, and cuts connections. A
/// thread of its own forwards the bytes.
class Proxy {
public:
    using Side = MessageCounter::Side;
    /// Asked once for each message, in the proxy's thread, when its first byte has arrived from that side.
    using Treat = std::function<Treatment(Side, char)>;

    /// Listens on a free port of 127.0.0.1 and forwards to `socket`, a socket in the file system.
    Proxy(std::string socket, bool postgresql);
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;
    ~Proxy();

    int port() const noexcept { return port_; }

    /// How often a client started to send after the server had sent, or after reset().
    std::size_t round_trips() const;
    /// Messages of both sides since reset().
    std::size_t messages() const;
    void reset();
    /// Delays all bytes by this time, in either direction.
    void delay(std::chrono::microseconds each_way);
    /// Cuts the connection that sends the message after the next `messages`; later connections are not cut. Without a
    /// value: no cut. Returns whether an earlier cut was still pending.
    bool cut_after(std::optional<std::size_t> messages);

    /// Silences the connection that sends the message after the next `messages`: it stays open, and everything else
    /// sent on it is dropped. Later connections are not silenced.
    void silence_after(std::size_t messages);

    /// From now on asks what to do with each message.
    void treat(Treat treat);
    /// Waits until everything that was sent has been forwarded, and the server has ended all connections that a client
    /// or a cut has ended. Throws if that takes very long.
    void settle();

private:
    using Clock = std::chrono::steady_clock;

    struct Direction {
        Direction(bool postgresql, Side from) : side(from), counter(postgresql, from) {}

        struct Piece {
            Clock::time_point due;
            std::string bytes;
        };

        Side side;
        MessageCounter counter;
        Treatment treatment{}; // of the current message
        std::string held{};    // bytes that were read and wait to be forwarded
        std::deque<Piece> waiting{};
        bool ended{false}; // there is nothing more to read
    };
    struct Connection {
        Connection(int client_socket, int server_socket, bool postgresql)
            : client(client_socket),
              server(server_socket),
              up(postgresql, Side::client),
              down(postgresql, Side::server) {}

        int client;
        int server;
        Direction up;
        Direction down;
        bool cut{false};
        bool silent{false};
    };

    void work();
    void accept_one();
    bool serve(Connection& connection, short client_events, short server_events);
    bool read(Connection& connection, Direction& direction, int from);
    bool begin_message(Connection& connection, Direction& direction, char first);
    void end_message(Connection& connection, Direction& direction);
    void forward(Direction& direction, Clock::duration after);
    bool write(Direction& direction, int to);
    void end(const Connection& connection);
    void drain_ending();
    bool answer_settling(bool quiet);
    int time_left() const;

    std::string socket_;
    bool postgresql_;
    int listener_{-1};
    int wake_[2]{-1, -1};
    int port_{0};
    std::list<Connection> connections_{};
    std::list<int> ending_{}; // sockets of the server, which has yet to notice the end

    mutable std::mutex mutex_{};
    std::size_t round_trips_{0};
    std::size_t messages_{0};
    bool server_spoke_{true};
    std::optional<std::size_t> cut_after_{};
    bool silence_{false}; // silence instead of a cut
    Clock::duration delay_{};
    Treat treat_{};
    std::size_t settling_{0}; // calls of settle()
    std::size_t settled_{0};  // those that may return
    std::condition_variable quiet_{};

    std::thread thread_{};
};

} // namespace travel
