#include "support/travel.hpp"

#include <atomic>
#include <barrier>
#include <thread>

using namespace kith::literals;
using namespace travel;

/// What tells saved rows with the key 0 from new ones is shared by all threads.
namespace {

constexpr int threads = 8;

struct Letter {
    kith::PrimaryKey<> id{};
    std::string text{};
};

} // namespace

TEST(SavedRows, AreCopiedAndDestroyedByManyThreadsAtOnce) {
    TemporaryFolder folder;
    const auto db = kith::connect(folder.url());
    db.create_tables<Letter>();
    const auto letter = db.objects<Letter>().get_or_create("id"_f = 0).first;
    std::barrier start(threads);
    std::atomic<int> saved{0};
    {
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i) {
            running.emplace_back([&] {
                start.arrive_and_wait();
                for (int round = 0; round < 200; ++round) {
                    std::vector<Letter> copies(1, *letter);
                    for (int copy = 0; copy < 10; ++copy) copies.push_back(copies.front());
                    const auto all = db.objects<Letter>(); // pages come and go beside it
                    saved += all.contains(copies.back()) ? 1 : 0;
                    copies.emplace_back();
                    EXPECT_THROW((void)all.contains(copies.back()), kith::ValueError);
                }
            });
        }
    }
    EXPECT_EQ(saved, threads * 200);
    EXPECT_EQ(kith::detail::key_marks.load(), 0U);
}
