#include "base/mutex.hpp"
#include "connection/database_core.hpp"
#include "schedules/flag.hpp"
#include "schedules/schedule.hpp"
#include "support/connections.hpp"
#include "support/rows.hpp"
#include "support/visits.hpp"

#include <memory>
#include <optional>
#include <vector>

using namespace kith::literals;
using namespace travel;
using schedules::explore;
using schedules::Flag;
using schedules::Schedule;

/// Threads that share a Database. On SQLite, where readers wait for nobody: all waiting is Kith's own.
namespace {

class Schedules : public TravelTest {
protected:
    Schedules() { (void)visits(people_with_visits(db_)); } // the models are known before a schedule begins

    std::shared_ptr<kith::Database> connect(const std::string& options) const {
        return std::make_shared<kith::Database>(kith::connect(folder_.url("test.db", options)));
    }
};

} // namespace

TEST_F(Schedules, APlaceInThePoolGoesRound) {
    explore([&](Schedule& schedule) {
        const auto db = connect("pool_size=1");
        for (int i = 0; i < 3; ++i) {
            schedule.add([db, i] {
                if (i == 0) db->atomic([&] { EXPECT_EQ(db->objects<City>().count(), 3); }, {.read_only = true});
                EXPECT_EQ(db->objects<City>().count(), 3);
                if (i == 1) {
                    EXPECT_EQ(visits(people_with_visits(*db)), 5u);
                }
            });
        }
        return [db] { take_connections<City>(*db, 1); };
    });
}

TEST_F(Schedules, AnExhaustedPoolRefusesAndRecovers) {
    explore([&](Schedule& schedule) {
        const auto db = connect("pool_size=2");
        const auto held = std::make_shared<Flag>();
        const auto refused = std::make_shared<Flag>();
        for (int i = 0; i < 2; ++i) {
            schedule.add([db, held, refused] {
                auto stream = db->objects<City>().iterator({.chunk_size = 1});
                EXPECT_NE(stream.begin(), stream.end());
                held->raise();
                refused->await(1);
            });
        }
        schedule.add([db, held, refused] {
            held->await(2);
            EXPECT_THROW((void)db->objects<City>().count(), kith::OperationalError);
            refused->raise();
        });
        return [db] { take_connections<City>(*db, 2); };
    });
}

TEST_F(Schedules, TheLastUserClosesIt) {
    explore([&](Schedule& schedule) {
        const auto db = connect("pool_size=2");
        const std::weak_ptr<kith::connection::DatabaseCore> core = kith::connection::DatabaseAccess::core(*db);
        for (int i = 0; i < 3; ++i) {
            schedule.add([all = std::make_optional(people_with_visits(*db)), i]() mutable {
                if (i == 0) {
                    auto stream = all->iterator({.chunk_size = 1});
                    EXPECT_NE(stream.begin(), stream.end());
                    all.reset();
                } else {
                    EXPECT_EQ(visits(*all), 5u);
                    all.reset();
                }
            });
        }
        return [core] { EXPECT_TRUE(core.expired()); };
    });
}

TEST_F(Schedules, ATransactionIsSharedAndEnds) {
    explore([&](Schedule& schedule) {
        const auto db = connect("pool_size=2");
        const auto shared = std::make_shared<std::optional<kith::Database>>();
        const auto begun = std::make_shared<Flag>();
        schedule.add([=] {
            const auto work = [&](kith::Database& tx) {
                *shared = tx;
                begun->raise();
                tx.objects<Province>().create({.name = "Hunan"});
                throw std::domain_error("changed its mind");
            };
            EXPECT_THROW(db->atomic(work), std::domain_error);
        });
        schedule.add([=] {
            begun->await(1);
            const auto tx = **shared;
            for (int i = 0; i < 2; ++i) {
                const auto count = tx.objects<Province>().count();
                EXPECT_TRUE(count == 2 || count == 3) << count;
            }
            tx.atomic([&](kith::Database& inner) { (void)inner.objects<City>().count(); }, {.read_only = true});
        });
        return [db] {
            EXPECT_EQ(db->objects<Province>().count(), 2);
            take_connections<City>(*db, 2);
        };
    });
}

TEST_F(Schedules, AStreamGoesToAnotherThread) {
    explore([&](Schedule& schedule) {
        const auto db = connect("pool_size=2");
        using Stream = kith::Stream<Person>;
        const auto stream = std::make_shared<std::optional<Stream>>();
        const auto rows = std::make_shared<std::size_t>(0);
        const auto begun = std::make_shared<Flag>();
        schedule.add([=] {
            stream->emplace(people_with_visits(*db).iterator({.chunk_size = 1, .snapshot = true}));
            *rows += (*stream)->begin() != (*stream)->end() ? 1 : 0;
            begun->raise();
            EXPECT_EQ(db->objects<City>().count(), 3); // on the same connection, or on another if it has moved
        });
        schedule.add([=] {
            begun->await(1);
            Stream here = std::move(**stream);
            for (const Person& person : here) *rows += person.visitation.all().size() <= 3 ? 1 : 0;
            EXPECT_EQ(db->objects<City>().count(), 3);
            stream->reset();
        });
        return [=] {
            EXPECT_EQ(*rows, 4u);
            take_connections<City>(*db, 2);
        };
    });
}

TEST_F(Schedules, ObserversComeAndGo) {
    explore([&](Schedule& schedule) {
        const auto db = connect("pool_size=2");
        const auto all = std::make_shared<kith::QueryLog>(*db);
        schedule.add([db] {
            bool has_ended = false;
            auto token = db->on_query([&](const kith::QueryEvent& event) {
                kith::base::schedule_point();
                EXPECT_FALSE(has_ended);
                EXPECT_FALSE(event.sql.empty());
            });
            const kith::QueryLog log(*db);
            const kith::LoadingDetector detector(*db, {.runs = 1});
            token.reset();
            has_ended = true;
            EXPECT_LE(log.size(), 4u);
            EXPECT_LE(detector.findings().size(), 4u);
        });
        for (int i = 0; i < 2; ++i) {
            schedule.add([db] {
                for (int n = 0; n < 2; ++n) EXPECT_EQ(db->objects<City>().count(), 3);
            });
        }
        return [=] { EXPECT_EQ(all->size(), 4u); };
    });
}

TEST_F(Schedules, ACallIsCancelledOrEnds) {
    explore([&](Schedule& schedule) {
        const auto db = connect("pool_size=1");
        const auto source = std::make_shared<std::stop_source>();
        for (int i = 0; i < 2; ++i) {
            schedule.add([=] {
                try {
                    EXPECT_EQ(visits(people_with_visits(db->stop(source->get_token()))), 5u);
                } catch (const kith::Cancelled&) {}
            });
        }
        schedule.add([=] {
            kith::base::schedule_point();
            source->request_stop();
        });
        return [db] { take_connections<City>(*db, 1); };
    });
}
