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
#include <exception>
#include <memory>
#include <thread>

namespace kith::backend::postgresql {

Handle::Handle(const Settings& settings, std::string name, bool shared, const base::Bound* bound)
    : connection_(open(settings, name, bound).release()), name_(std::move(name)), shared_(shared) {
    watch(bound);
    PQsetNoticeReceiver(
        connection_, [](void* self, const PGresult* notice) { static_cast<Handle*>(self)->note(notice); }, this);
}

/// Most say, for example, that a table already exists, which is what IF NOT EXISTS expects. libpq also tells in this
/// way of errors that arrive while nothing is awaited and, without an SQLSTATE, of other messages.
void Handle::note(const PGresult* notice) noexcept {
    const auto field = [&](int code) {
        const char* const text = PQresultErrorField(notice, code);
        return std::string_view(text != nullptr ? text : "");
    };
    auto severity = field(PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity.empty()) severity = field(PG_DIAG_SEVERITY); // of a server before 9.6, or of a pooler
    constexpr std::array ends{std::string_view("ERROR"), std::string_view("FATAL"), std::string_view("PANIC")};
    was_ended_ = was_ended_ || field(PG_DIAG_SQLSTATE).empty() || std::ranges::find(ends, severity) != ends.end();
}

void Handle::read_unasked() noexcept {
    pollfd socket{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
    while (!lost() && socket.fd >= 0 && poll(&socket, 1, 0) == 1 && PQconsumeInput(connection_) == 1) {}
    (void)PQisBusy(connection_); // which tells note()
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

void Handle::begin() {
    if (bound_ != nullptr && !interruption_.cancels()) bound_->check("a statement was about to be sent");
    (void)PQisBusy(connection_); // what came with an earlier answer tells note()
    if (was_ended_) fail(nullptr, {});
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

void Handle::lose_track() noexcept {
    lost_track_ = true;
    give_up();
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
    const bool whole = last != nullptr && has_all_rows(last.get());
    if (failed == nullptr && !whole && !lost()) lose_track();
    if (failed != nullptr || !whole || (lost() && !answered)) fail(failed.get(), text, doubt);
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
    if (failed == nullptr && last == nullptr && !lost()) lose_track();
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
    if (lost_track_)
        text = "the server's answer is not one to this statement";
    else if (was_ended_)
        text = "the server has ended the connection";
    else if (gave_up_)
        text = "the connection was closed after a deadline or a cancel that the server did not confirm in time";
    raise({.database = name_,
           .text = text,
           .sql = sql,
           .sqlstate = state,
           .constraint = field(PG_DIAG_CONSTRAINT_NAME),
           .table = field(PG_DIAG_TABLE_NAME),
           .column = field(PG_DIAG_COLUMN_NAME),
           .detail = field(PG_DIAG_MESSAGE_DETAIL),
           .lost = lost(),
           .doubt = doubt});
}

bool is_failure(const PGresult* result) {
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY: return false;
    default: return true;
    }
}

std::int64_t told_rows(const PGresult* result) {
    const std::string_view count = PQcmdTuples(const_cast<PGresult*>(result));
    if (count.empty()) return -1;
    std::int64_t rows = 0;
    for (const char digit : count) rows = rows * 10 + (digit - '0');
    return rows;
}

bool has_all_rows(const PGresult* result, std::int64_t before) {
    if (PQresultStatus(result) != PGRES_TUPLES_OK) return true;
    const bool has_end = *PQcmdStatus(const_cast<PGresult*>(result)) != '\0';
    const auto told = told_rows(result);
    return has_end && (told < 0 || told == before + PQntuples(result));
}

std::string_view sqlstate_of(const PGresult* result) {
    const auto* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    return state != nullptr ? state : std::string_view{};
}

} // namespace kith::backend::postgresql
