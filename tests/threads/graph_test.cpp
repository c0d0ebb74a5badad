#include "support/travel.hpp"

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

using namespace kith::literals;
using namespace travel;

/// One graph, read and lazily loaded by many threads at once.
namespace {

constexpr int threads = 8;

struct Letter {
    kith::PrimaryKey<> id{};
    kith::Lazy<std::string> text{};
};

class Threads : public TravelTest {
protected:
    /// Runs `work(number)` on all threads, started together.
    template <class F>
    static void together(F&& work) {
        std::barrier start(threads);
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i) {
            running.emplace_back([&, i] {
                start.arrive_and_wait();
                work(i);
            });
        }
    }
};

} // namespace

TEST_F(Threads, ALazyRelationIsLoadedOnceForAll) {
    const auto people = objects<Person>().all();
    (void)people.size();
    log_.clear();
    std::vector<const City*> homes(threads);
    together([&](int i) { homes[static_cast<std::size_t>(i)] = &*people[0].hometown; });
    for (const auto* home : homes) EXPECT_EQ(home, homes.front());
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(Threads, ALazySetIsLoadedOnceForAll) {
    const auto people = objects<Person>().all();
    (void)people.size();
    log_.clear();
    std::atomic<std::size_t> rows{0};
    together([&](int) { rows += people[0].visitation.all().size(); });
    EXPECT_EQ(rows, 3u * threads);
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(Threads, ALazyColumnIsLoadedOnceForAll) {
    db_.create_tables<Letter>();
    db_.objects<Letter>().bulk_create({{.text = "a letter"}, {.text = "another one"}});
    const auto letters = db_.objects<Letter>().defer("text").fetch_mode(kith::FetchMode::peers);
    (void)letters.size();
    log_.clear();
    std::atomic<std::size_t> read{0};
    together([&](int) {
        const Letter copy = letters[1];
        read += letters[0].text->size() + copy.text->size();
    });
    EXPECT_EQ(read, threads * std::string("a letteranother one").size());
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(Threads, AQuerySetIsEvaluatedOnceForAll) {
    const auto people = objects<Person>().prefetch_related("visitation__province");
    std::atomic<std::size_t> found{0};
    together([&](int) {
        for (const Person& person : people) {
            for (const City& city : person.visitation.all()) found += city.province->name.empty() ? 0 : 1;
        }
    });
    EXPECT_EQ(found, 5u * threads);
    EXPECT_EQ(log_.size(), 3u);
}

TEST_F(Threads, EverythingOfAGraphIsLoadedFromManyThreads) {
    // Begins with another person on each thread.
    const auto read = [](const kith::QuerySet<Person>& people, std::size_t first) {
        std::size_t names = 0;
        for (std::size_t p = 0; p < people.size(); ++p) {
            const auto& person = people[(p + first) % people.size()];
            for (const City& city : person.visitation.all()) {
                names += city.province->name.size();
                for (const City& sibling : city.province->city_set.all()) names += sibling.name.size();
            }
            names += person.hometown->visitors.all().size();
        }
        return names;
    };
    const auto alone = read(objects<Person>(), 0);
    for (int round = 0; round < 20; ++round) {
        const auto people = objects<Person>().all();
        (void)people.size();
        together([&](int i) { EXPECT_EQ(read(people, static_cast<std::size_t>(i)), alone); });
    }
}

TEST_F(Threads, RefsAreHeldAndLetGoFromManyThreads) {
    auto people = std::make_unique<kith::QuerySet<Person>>(objects<Person>().prefetch_related("visitation"));
    (void)people->size();
    together([&](int) {
        for (int round = 0; round < 200; ++round) {
            const auto rows = people->rows();
            const auto cities = rows[0]->visitation.all();
            const auto copy = *rows[1];
            EXPECT_EQ(cities.size(), 3u);
            EXPECT_EQ(copy.visitation.all().size(), 1u);
        }
    });
    const auto last = people->rows().front();
    people.reset();
    EXPECT_EQ(last->visitation.all().size(), 3u) << "a Ref holds what it leads to";
}

TEST_F(Threads, RowsOfAStreamAreReadAndLetGoOnOtherThreads) {
    std::mutex mutex;
    std::condition_variable_any more;
    std::vector<kith::Ref<Person>> handed;
    std::vector<std::jthread> readers;
    std::atomic<std::size_t> visits{0};
    for (int i = 0; i < threads; ++i) {
        readers.emplace_back([&](const std::stop_token& token) {
            for (;;) {
                kith::Ref<Person> person;
                {
                    std::unique_lock lock(mutex);
                    more.wait(lock, token, [&] { return !handed.empty(); });
                    if (handed.empty()) return;
                    person = std::move(handed.back());
                    handed.pop_back();
                }
                const Person copy = *person;
                person = nullptr;
                for (const City& city : copy.visitation.all()) visits += city.province->name.empty() ? 0 : 1;
            }
        });
    }
    for (int round = 0; round < 20; ++round) {
        for (Person& person : objects<Person>().prefetch_related("visitation").iterator({.chunk_size = 1})) {
            if (round % 3 == 0) continue;
            const std::lock_guard lock(mutex);
            handed.emplace_back(kith::detail::RowHandle(&person));
            more.notify_one();
        }
    }
    readers.clear(); // stops and joins them when all is read
    EXPECT_EQ(visits, 13u * 5u);
}

TEST_F(Threads, ThreadsWithTheirOwnTransactionsShareAGraph) {
    const auto people = objects<Person>().all();
    (void)people.size();
    const std::vector<std::string> homes{"Shiyan City", "Guangzhou City", "Wuhan City", "Guangzhou City"};
    together([&](int i) {
        db_.atomic([&] {
            const auto person = static_cast<std::size_t>(i) % people.size();
            EXPECT_EQ(people[person].hometown->name, homes[person]);
            EXPECT_EQ(people[0].visitation.all().size(), 3u);
        });
    });
}

TEST_F(Threads, GraphsAreLinkedFromManyThreads) {
    const auto wuhan = objects<City>().get("name"_f = "Wuhan City");
    together([&](int) {
        for (int round = 0; round < 50; ++round) {
            auto person = objects<Person>().order_by("id").first();
            person->hometown = wuhan;
            person->living = objects<City>().first();
            EXPECT_EQ(person->hometown->name, "Wuhan City");
        }
    });
}

namespace {

using SqliteThreads = Threads;

} // namespace

TEST_F(SqliteThreads, AMemoryDatabaseServesAllThreadsInTurn) {
    const auto db = kith::connect("sqlite::memory:");
    fill(db);
    const auto people = db.objects<Person>().all();
    (void)people.size();
    const std::vector<std::string> provinces{"Hubei Province", "Guangdong Province", "Hubei Province",
                                             "Guangdong Province"};
    together([&](int i) {
        const auto person = static_cast<std::size_t>(i) % people.size();
        EXPECT_EQ(people[person].hometown->province->name, provinces[person]);
        EXPECT_EQ(db.objects<City>().count(), 3);
    });
}
