#include "backend/interruption.hpp"
#include "schedules/flag.hpp"
#include "schedules/schedule.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

using kith::backend::Interruption;
using kith::base::Bound;
using kith::base::Bounds;
using schedules::explore;
using schedules::Flag;
using schedules::Schedule;

/// A cancel travels beside its connection, and hits what the server runs when it arrives.
namespace {

constexpr int statements = 3;

/// A connection, its server, and what cancels hit there.
struct Server {
    Flag sent;
    Flag answered;
    int runs{0}; // the statement; 0 for none
    bool is_closed{false};
    std::vector<std::pair<int, int>> hits{}; // which was to be cancelled, and which was hit

    void serve() {
        for (int number = 1; number <= statements; ++number) {
            sent.await(number);
            if (is_closed) return;
            kith::base::schedule_point();
            runs = 0;
            answered.raise();
        }
    }
    void close() {
        is_closed = true;
        for (int i = 0; i < statements; ++i) sent.raise();
    }
};

std::function<bool()> cancel(const std::shared_ptr<Server>& server, int number) {
    return [server, number] {
        kith::base::schedule_point();
        if (server->runs != 0 && !server->is_closed) server->hits.emplace_back(number, server->runs);
        return true;
    };
}

/// Sends the statement, whose time is over at once. False if the connection cannot be used again.
bool run(const std::shared_ptr<Server>& server, int number) {
    const Bound bound(std::make_shared<Bounds>(Bounds{.deadline = std::chrono::milliseconds(0)}), {}, {});
    Interruption interruption;
    server->runs = number;
    server->sent.raise();
    Interruption::milliseconds wait{};
    do {
        const auto step = interruption.next(bound, std::chrono::hours(1), wait, [&] { return cancel(server, number); });
        if (step == Interruption::Step::give_up) return false;
    } while (!server->answered.await_for_some_time(number));
    return interruption.end();
}

} // namespace

TEST(CancelSchedules, NoCancelHitsALaterStatement) {
    explore([](Schedule& schedule) {
        const auto server = std::make_shared<Server>();
        schedule.add([server] { server->serve(); });
        schedule.add([server] {
            int number = 1;
            while (number <= statements && run(server, number)) ++number;
            server->close();
        });
        return [server] {
            for (const auto& [meant, hit] : server->hits) EXPECT_EQ(meant, hit);
        };
    });
}
