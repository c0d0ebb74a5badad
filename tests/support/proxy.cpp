#include "support/proxy.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

namespace travel {
namespace {

void require(bool good, const char* what) {
    if (!good) throw std::runtime_error(std::string("proxy: ") + what + ": " + std::strerror(errno));
}

int connect_to(const std::string& path) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("proxy: the path of the socket is too long");
    std::ranges::copy(path, std::begin(address.sun_path));
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
    ::close(socket);
    return -1;
}

void make_prompt(int socket) {
    fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::size_t byte(char c) { return static_cast<unsigned char>(c); }

} // namespace

std::size_t MessageCounter::body_size() const {
    if (!postgresql_) return byte(header_[0]) | byte(header_[1]) << 8U | byte(header_[2]) << 16U;
    const auto* length = header_.data() + header_.size() - 4; // counts itself
    return (byte(length[0]) << 24U | byte(length[1]) << 16U | byte(length[2]) << 8U | byte(length[3])) - 4;
}

std::size_t MessageCounter::take(std::string_view bytes, bool& complete) {
    std::size_t taken = 0;
    if (left_ == 0) {
        taken = std::min(bytes.size(), header_size() - header_.size());
        header_ += bytes.substr(0, taken);
        complete = false;
        if (header_.size() < header_size()) return taken;
        left_ = body_size();
    }
    const auto body = std::min(bytes.size() - taken, left_);
    left_ -= body;
    complete = left_ == 0;
    if (complete) {
        header_.clear();
        starts_ = false;
    }
    return taken + body;
}

Proxy::Proxy(std::string socket, bool postgresql) : socket_(std::move(socket)), postgresql_(postgresql) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    require(listener_ >= 0, "socket");
    require(bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0, "bind");
    require(listen(listener_, 16) == 0, "listen");
    require(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
    require(pipe(wake_) == 0, "pipe");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { work(); });
}

Proxy::~Proxy() {
    ::close(wake_[1]); // the thread sees the end of the pipe
    thread_.join();
    ::close(wake_[0]);
    ::close(listener_);
    for (const auto& connection : connections_) {
        ::close(connection.client);
        ::close(connection.server);
    }
    for (const int server : ending_) ::close(server);
}

std::size_t Proxy::round_trips() const {
    const std::lock_guard lock(mutex_);
    return round_trips_;
}

std::size_t Proxy::messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
}

void Proxy::reset() {
    const std::lock_guard lock(mutex_);
    round_trips_ = 0;
    messages_ = 0;
    server_spoke_ = true;
}

void Proxy::delay(std::chrono::microseconds each_way) {
    const std::lock_guard lock(mutex_);
    delay_ = each_way;
}

bool Proxy::cut_after(std::optional<std::size_t> messages) {
    const std::lock_guard lock(mutex_);
    silence_ = false;
    return std::exchange(cut_after_, messages).has_value();
}

void Proxy::silence_after(std::size_t messages) {
    const std::lock_guard lock(mutex_);
    silence_ = true;
    cut_after_ = messages;
}

void Proxy::treat(Treat treat) {
    const std::lock_guard lock(mutex_);
    treat_ = std::move(treat);
}

void Proxy::settle() {
    std::unique_lock lock(mutex_);
    const auto mine = ++settling_;
    require(::write(wake_[1], "", 1) == 1, "write");
    const bool is_quiet = quiet_.wait_for(lock, std::chrono::seconds(60), [&] { return settled_ >= mine; });
    if (!is_quiet) throw std::runtime_error("proxy: the server does not end a connection");
}

/// Grants what settle() waits for once a round of the loop has seen nothing to do. Whether somebody waits still.
bool Proxy::answer_settling(bool quiet) {
    const auto is_at_rest = [](const Connection& one) {
        return one.up.waiting.empty() && one.down.waiting.empty() && !one.up.ended && !one.down.ended;
    };
    const bool at_rest = quiet && ending_.empty() && std::ranges::all_of(connections_, is_at_rest);
    const std::lock_guard lock(mutex_);
    if (at_rest && settled_ < settling_) {
        settled_ = settling_;
        quiet_.notify_all();
    }
    return settled_ < settling_;
}

void Proxy::work() {
    std::vector<pollfd> sockets;
    bool hurried = false; // somebody waits until there is nothing to do
    while (true) {
        sockets.assign(
            {{.fd = wake_[0], .events = POLLIN, .revents = 0}, {.fd = listener_, .events = POLLIN, .revents = 0}});
        const auto now = Clock::now();
        const auto add = [&](int socket, const Direction& from, const Direction& to) {
            const bool due = !to.waiting.empty() && to.waiting.front().due <= now;
            const int events = (from.ended ? 0 : POLLIN) | (due ? POLLOUT : 0);
            sockets.push_back({.fd = events != 0 ? socket : -1, .events = static_cast<short>(events), .revents = 0});
        };
        for (const auto& connection : connections_) {
            add(connection.client, connection.up, connection.down);
            add(connection.server, connection.down, connection.up);
        }
        for (const int server : ending_) sockets.push_back({.fd = server, .events = POLLIN, .revents = 0});
        const auto left = time_left();
        const auto wait = hurried && (left < 0 || left > 100) ? 100 : left;
        const timespec limit{.tv_sec = wait / 1'000'000, .tv_nsec = wait % 1'000'000 * 1000L};
        const int ready = ppoll(sockets.data(), sockets.size(), wait < 0 ? nullptr : &limit, nullptr);
        if (ready < 0) continue;
        if (char ignored = 0; sockets[0].revents != 0 && ::read(wake_[0], &ignored, 1) == 0) return;
        std::size_t at = 2;
        for (auto it = connections_.begin(); it != connections_.end(); at += 2) {
            const bool open = serve(*it, sockets[at].revents, sockets[at + 1].revents);
            if (!open) end(*it);
            it = open ? std::next(it) : connections_.erase(it);
        }
        drain_ending();
        if (sockets[1].revents != 0) accept_one();
        hurried = answer_settling(ready == 0);
    }
}

void Proxy::end(const Connection& connection) {
    ::close(connection.client);
    shutdown(connection.server, SHUT_WR);
    ending_.push_back(connection.server);
}

/// Until the server has closed them: before, it may be at work for the client still.
void Proxy::drain_ending() {
    std::array<char, 65536> buffer;
    std::erase_if(ending_, [&](int server) {
        while (true) {
            const auto got = ::read(server, buffer.data(), buffer.size());
            if (got > 0 || (got < 0 && errno == EINTR)) continue;
            if (got < 0 && errno == EAGAIN) return false;
            ::close(server);
            return true;
        }
    });
}

void Proxy::accept_one() {
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    const int server = connect_to(socket_);
    if (server < 0) {
        ::close(client);
        return;
    }
    make_prompt(client);
    make_prompt(server);
    connections_.emplace_back(client, server, postgresql_);
}

/// False if the connection has ended and everything sent before has been forwarded.
bool Proxy::serve(Connection& connection, short client_events, short server_events) {
    auto& [client, server, up, down, cut, silent] = connection;
    if ((client_events & ~POLLOUT) != 0 && !read(connection, up, client)) up.ended = true;
    if ((server_events & ~POLLOUT) != 0 && !read(connection, down, server)) down.ended = true;
    if (!write(up, server) || !write(down, client)) return false;
    const bool ended = up.ended || down.ended || cut;
    return !ended || !up.waiting.empty() || !down.waiting.empty();
}

/// Reads what one side sent, up to the point of a cut. False at the end of the data.
bool Proxy::read(Connection& connection, Direction& direction, int from) {
    std::array<char, 65536> buffer;
    const auto got = ::read(from, buffer.data(), buffer.size());
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0 || connection.cut) return false;
    if (connection.silent) return true;
    const std::lock_guard lock(mutex_);
    std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    while (!bytes.empty() && !connection.cut) {
        if (direction.counter.is_between() && !begin_message(connection, direction, bytes.front())) break;
        bool complete = false;
        const auto taken = direction.counter.take(bytes, complete);
        direction.held += bytes.substr(0, taken);
        bytes.remove_prefix(taken);
        if (complete) end_message(connection, direction);
    }
    if (direction.treatment.action == Treatment::Action::pass) forward(direction, {});
    return !connection.cut;
}

/// False if the connection is cut, or silenced, before the message.
bool Proxy::begin_message(Connection& connection, Direction& direction, char first) {
    direction.treatment = {};
    if (cut_after_ == std::size_t{0}) {
        (silence_ ? connection.silent : connection.cut) = true;
        cut_after_.reset();
        return false;
    }
    const auto treatment = treat_ ? treat_(direction.side, first) : Treatment{};
    if (treatment.action == Treatment::Action::pass) return true;
    forward(direction, {}); // what came before it
    connection.cut = treatment.action == Treatment::Action::cut;
    direction.treatment = treatment;
    return !connection.cut;
}

void Proxy::end_message(Connection& connection, Direction& direction) {
    ++messages_;
    if (cut_after_) --*cut_after_;
    const auto treatment = std::exchange(direction.treatment, {});
    auto& held = direction.held;
    switch (treatment.action) {
    case Treatment::Action::tear:
        held.resize(held.size() / 2);
        connection.cut = true;
        return forward(direction, {});
    case Treatment::Action::split:
        for (const char byte : std::exchange(held, {})) {
            held = byte;
            forward(direction, {});
        }
        return;
    case Treatment::Action::repeat: held += std::string(held); return forward(direction, {});
    case Treatment::Action::delay: return forward(direction, treatment.time);
    default: return;
    }
}

void Proxy::forward(Direction& direction, Clock::duration after) {
    if (direction.held.empty()) return;
    direction.waiting.push_back({Clock::now() + delay_ + after, std::exchange(direction.held, {})});
}

bool Proxy::write(Direction& direction, int to) {
    while (!direction.waiting.empty() && direction.waiting.front().due <= Clock::now()) {
        auto& bytes = direction.waiting.front().bytes;
        const auto sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN || errno == EINTR;
        const std::lock_guard lock(mutex_);
        const bool from_server = direction.side == Side::server;
        if (!from_server && server_spoke_) ++round_trips_;
        server_spoke_ = from_server;
        bytes.erase(0, static_cast<std::size_t>(sent));
        if (bytes.empty()) direction.waiting.pop_front();
    }
    return true;
}

/// Microseconds until the next bytes are due; -1 if there are none.
int Proxy::time_left() const {
    auto first = Clock::time_point::max();
    const auto now = Clock::now();
    for (const auto& connection : connections_) {
        for (const auto* direction : {&connection.up, &connection.down}) {
            if (!direction->waiting.empty()) first = std::min(first, direction->waiting.front().due);
        }
    }
    if (first == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::microseconds>(first - now).count();
    // Bytes that are already due wait for the socket to accept them.
    return left > 0 ? static_cast<int>(std::min<std::chrono::microseconds::rep>(left, 1'000'000)) : 100'000;
}

} // namespace travel
