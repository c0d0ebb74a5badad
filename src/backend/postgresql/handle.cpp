#include "backend/postgresql/handle.hpp"

#include "backend/helper_thread.hpp"
#include "backend/postgresql/error.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <thread>

namespace kith::backend::postgresql {
namespace {

/// The connect_timeout that libpq uses, wherever it comes from; 0 for none.
long seconds_to_connect(PGconn* connection) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconninfo(connection), &PQconninfoFree);
    for (const auto* option = all.get(); option != nullptr && option->keyword != nullptr; ++option) {
        if (std::string_view(option->keyword) != "connect_timeout" || option->val == nullptr) continue;
        const auto seconds = std::clamp(std::strtol(option->val, nullptr, 10), 0L, 1'000'000L);
        return seconds == 1 ? 2 : seconds; // as libpq does
    }
    return 0;
}

using Opening = std::unique_ptr<PGconn, decltype(&PQfinish)>;

/// Continues to connect until it is done. A server that does not answer is left after its connect_timeout by libpq only
/// in the call that blocks, so here as well. Throws what `bound` throws.
void connect_within(const base::Bound& bound, PGconn* connection, const std::string& name) {
    using Clock = base::Bound::Clock;
    const auto hosts = std::string_view(PQhost(connection) != nullptr ? PQhost(connection) : "");
    const auto seconds = seconds_to_connect(connection) * (1 + std::ranges::count(hosts, ','));
    const auto until = seconds > 0 ? Clock::now() + std::chrono::seconds(seconds) : Clock::time_point::max();
    auto wanted = PGRES_POLLING_WRITING;
    while (wanted != PGRES_POLLING_OK && wanted != PGRES_POLLING_FAILED) {
        if (bound.over()) bound.raise(fmt::format("a connection to {} was opened", name));
        if (Clock::now() >= until) raise_unconnected(name, "timeout expired");
        const short events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        pollfd socket{.fd = PQsocket(connection), .events = events, .revents = 0};
        const auto left = bound.wait(std::chrono::seconds(1));
        if (poll(&socket, 1, static_cast<int>(left.count())) > 0) wanted = PQconnectPoll(connection);
    }
}

PGconn* open(const Settings& settings, const std::string& database, const base::Bound* bound) {
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : settings) {
        names.push_back(name.c_str());
        values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    if (bound == nullptr) return PQconnectdbParams(names.data(), values.data(), /*expand_dbname=*/0);
    Opening connection(PQconnectStartParams(names.data(), values.data(), /*expand_dbname=*/0), &PQfinish);
    if (connection != nullptr && PQstatus(connection.get()) != CONNECTION_BAD) {
        connect_within(*bound, connection.get(), database);
    }
    return connection.release();
}

/// libpq's messages have several lines, and end with a full stop that our messages add themselves.
std::string one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool blank = c == '\n' || c == '\t' || c == ' ';
        if (!blank) {
            line += c;
        } else if (!line.ends_with(' ')) {
            line += ' ';
        }
    }
    while (line.ends_with(' ') || line.ends_with('.')) line.pop_back();
    return line;
}

} // namespace

Handle::Handle(const Settings& settings, std::string name, bool shared, const base::Bound* bound)
    : connection_(open(settings, name, bound != nullptr && bound->can_end() ? bound : nullptr)),
      name_(std::move(name)),
      shared_(shared) {
    watch(bound);
    if (connection_ == nullptr) throw std::bad_alloc();
    if (lost()) {
        const auto message = one_line(PQerrorMessage(connection_));
        PQfinish(connection_);
        raise_unconnected(name_, message);
    }
    // For example that a table already exists, which is what IF NOT EXISTS expects.
    PQsetNoticeReceiver(connection_, [](void*, const PGresult*) {}, nullptr);
}

Handle::~Handle() { PQfinish(connection_); }

void Handle::run_at_opening(const std::string& text) const {
    const auto seconds = seconds_to_connect(connection_);
    // A server that is slow to reach may have used them up: libpq counts them anew for each host.
    const auto least = Clock::now() + std::chrono::seconds(1);
    const auto until = seconds > 0 ? std::max(began_ + std::chrono::seconds(seconds), least) : Clock::time_point::max();
    if (PQsendQuery(connection_, text.c_str()) != 1) fail(nullptr, text);
    Result failed;
    while (true) {
        if (!wait_for_answer(until)) raise_unanswered(name_, seconds);
        Result result(PQgetResult(connection_));
        if (result == nullptr) break;
        if (failed == nullptr && is_failure(result.get())) failed = std::move(result);
    }
    if (failed != nullptr || lost()) fail(failed.get(), text);
}

/// Waits until PQgetResult would not block; false if that takes too long.
bool Handle::wait_for_answer(Clock::time_point until) const {
    constexpr std::chrono::milliseconds longest = std::chrono::hours(1);
    while (PQisBusy(connection_) != 0) {
        if (bound_ != nullptr) bound_->check(fmt::format("a connection to {} was opened", name_));
        auto left = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()),
                               std::chrono::milliseconds(0), longest);
        if (bound_ != nullptr) left = bound_->wait(left);
        pollfd socket{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
        const int ready = poll(&socket, 1, static_cast<int>(left.count()));
        if (ready == 0 && Clock::now() >= until) return false;
        if (ready > 0 && PQconsumeInput(connection_) == 0) return true; // PQgetResult reports it
    }
    return true;
}

void Handle::begin() const {
    if (bound_ != nullptr && !interruption_.cancels()) bound_->check("a statement was about to be sent");
}

void Handle::end() {
    if (!interruption_.cancels()) return;
    // A pooler may pass the cancel on after it has answered, and the connection to the server to somebody else.
    if (!interruption_.end() || shared_) give_up();
}

void Handle::await(short events) {
    constexpr std::chrono::milliseconds longest = std::chrono::hours(1);
    pollfd socket{.fd = PQsocket(connection_), .events = events, .revents = 0};
    const auto make_cancel = [&] {
        const std::shared_ptr<PGcancel> cancel(PQgetCancel(connection_), &PQfreeCancel);
        return [cancel] {
            std::array<char, 256> message{};
            return cancel == nullptr || PQcancel(cancel.get(), message.data(), static_cast<int>(message.size())) == 1;
        };
    };
    while (!gave_up_ && socket.fd >= 0) {
        auto left = longest;
        if (bound_ != nullptr &&
            interruption_.next(*bound_, longest, left, make_cancel) == Interruption::Step::give_up) {
            cancel_again();
            return give_up();
        }
        if (poll(&socket, 1, static_cast<int>(left.count())) > 0) return;
    }
}

/// Under load, a cancel may come before the server has begun the statement, and then it is without effect. The server
/// would run the statement to its end before it notices that nobody listens.
void Handle::cancel_again() noexcept {
    using std::chrono::milliseconds;
    if (shared_) return; // the pooler knows that its client has gone
    try {
        const std::shared_ptr<PGcancel> cancel(PQgetCancel(connection_), &PQfreeCancel);
        if (cancel == nullptr) return;
        const HelperThread helper([cancel] {
            for (const milliseconds pause : {milliseconds(50), milliseconds(250), milliseconds(1000)}) {
                std::this_thread::sleep_for(pause);
                std::array<char, 256> message{};
                PQcancel(cancel.get(), message.data(), static_cast<int>(message.size()));
            }
            return true;
        });
    } catch (const std::exception&) { // NOLINT(bugprone-empty-catch): no thread, or no memory
    }
}

void Handle::await_result() {
    if (bound_ == nullptr && !interruption_.cancels()) return;
    while (!gave_up_ && PQisBusy(connection_) != 0) {
        await(POLLIN);
        if (PQconsumeInput(connection_) == 0) return; // PQgetResult reports it
    }
}

void Handle::give_up() noexcept {
    gave_up_ = true;
    if (const int socket = PQsocket(connection_); socket >= 0) shutdown(socket, SHUT_RDWR);
}

Result Handle::run(const std::string& text, Doubt doubt) {
    begin();
    if (PQsendQuery(connection_, text.c_str()) != 1) fail(nullptr, text, doubt);
    Result failed;
    Result last;
    bool answered = false;
    while (!answered) {
        await_result();
        if (gave_up_) break;
        Result result(PQgetResult(connection_));
        if (result == nullptr) {
            answered = !lost();
            break;
        }
        auto& place = is_failure(result.get()) ? failed : last;
        if (place == nullptr || &place == &last) place = std::move(result);
    }
    end(); // may give the connection up, which changes nothing about the answer
    if (failed != nullptr || last == nullptr || (lost() && !answered)) fail(failed.get(), text, doubt);
    return last;
}

Result Handle::copy(const std::string& text, std::string_view data, std::string_view sql) {
    begin();
    if (PQsendQuery(connection_, text.c_str()) != 1) fail(nullptr, sql);
    Result failed;
    Result last;
    while (true) {
        await_result();
        if (gave_up_) break;
        Result result(PQgetResult(connection_));
        if (result == nullptr) break;
        if (PQresultStatus(result.get()) == PGRES_COPY_IN) {
            // Otherwise PQgetResult would ask for data again.
            if (!send_copied(data)) fail(nullptr, sql);
        } else if (!is_failure(result.get())) {
            last = std::move(result);
        } else if (failed == nullptr) {
            failed = std::move(result);
        }
    }
    end();
    if (failed != nullptr || last == nullptr || lost()) fail(failed.get(), sql);
    return last;
}

/// False if the connection is lost.
bool Handle::send_copied(std::string_view data) {
    constexpr std::size_t largest_piece = std::size_t{1} << 20; // the length is an int
    if (bound_ != nullptr && PQsetnonblocking(connection_, 1) != 0) return false;
    bool good = true;
    for (; good && !data.empty(); data.remove_prefix(std::min(largest_piece, data.size()))) {
        const auto size = static_cast<int>(std::min(largest_piece, data.size()));
        good = PQputCopyData(connection_, data.data(), size) == 1 && flush();
        if (interruption_.cancels()) break; // it fails in any case
    }
    const char* const refusal = data.empty() ? nullptr : "not all of the data was sent";
    good = good && PQputCopyEnd(connection_, refusal) == 1 && flush();
    return good && PQsetnonblocking(connection_, 0) == 0;
}

/// Sends what libpq holds. False if the connection is lost.
bool Handle::flush() {
    int left = 0;
    while (!gave_up_ && (left = PQflush(connection_)) == 1) {
        await(POLLIN | POLLOUT);
        if (PQconsumeInput(connection_) == 0) return false;
    }
    return !gave_up_ && left == 0;
}

void Handle::fail(const PGresult* result, std::string_view sql, Doubt doubt) const {
    const auto field = [&](int code) -> std::string_view {
        const auto* text = result != nullptr ? PQresultErrorField(result, code) : nullptr;
        return text != nullptr ? text : std::string_view{};
    };
    // Without the details of the server's message: they contain values.
    const auto state = field(PG_DIAG_SQLSTATE);
    constexpr std::string_view cancelled = "57014";
    if (bound_ != nullptr && bound_->over() && (lost() || state.empty() || state == cancelled)) {
        const bool in_doubt = state != cancelled && lost() && doubt != Doubt::none;
        bound_->raise(fmt::format("{} ran a statement", name_),
                      {.sql = std::string(sql), .sqlstate = std::string(in_doubt ? outcome_unknown : state)},
                      in_doubt ? lost_remedy(doubt) : std::string_view{});
    }
    auto text = std::string(field(PG_DIAG_MESSAGE_PRIMARY));
    if (text.empty()) text = one_line(PQerrorMessage(connection_));
    if (gave_up_)
        text = "the connection was closed after a deadline or a cancel that the server did not confirm in time";
    raise({.database = name_, .text = text, .sql = sql, .sqlstate = state, .lost = lost(), .doubt = doubt});
}

bool is_failure(const PGresult* result) {
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY: return false;
    default: return true;
    }
}

std::string_view sqlstate_of(const PGresult* result) {
    const auto* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    return state != nullptr ? state : std::string_view{};
}

} // namespace kith::backend::postgresql
