#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// select_for_update: which rows it locks, and what others see of it.
namespace for_update_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Texts = std::vector<std::string>;

class ForUpdate : public TravelTest {
protected:
    kith::QuerySet<City> cities() const { return db_.objects<City>(); }
    kith::Database other() const { return kith::connect(folder_.url()); }

    /// What `ask` reads in an `atomic` block of another thread and connection; the error if it fails.
    template <class Ask>
    std::pair<Texts, std::optional<kith::OperationalError>> elsewhere(const Ask& ask) const {
        std::pair<Texts, std::optional<kith::OperationalError>> result;
        std::thread([&] {
            const auto db = other();
            try {
                db.atomic([&] { result.first = ask(db.objects<City>()); });
            } catch (const kith::OperationalError& e) {
                result.second = e;
            }
        }).join();
        return result;
    }
};

using ServerForUpdate = ForUpdate;

Texts names_of(const kith::QuerySet<City>& cities) { return cities.order_by("id").values_list<"name">(); }

} // namespace

TEST_F(ForUpdate, NeedsABlock) {
    const auto locked = cities().select_for_update();
    const auto message = message_of<kith::ValueError>([&] { locked.size(); });
    expect_parts(message, {"select_for_update", "outside of a transaction", "db.atomic"});
    EXPECT_THROW(locked.first(), kith::ValueError);
    EXPECT_THROW(locked.get("id"_f = 1), kith::ValueError);
    EXPECT_THROW(locked.values_list<"name">(), kith::ValueError);
    EXPECT_THROW(for ([[maybe_unused]] City& city : locked.iterator()){}, kith::ValueError);
    EXPECT_THROW((void)kith::evaluate_together(locked), kith::ValueError);
    const auto provinces = db_.objects<Province>().prefetch_related(kith::Prefetch("city_set"_f, locked));
    EXPECT_THROW(provinces.size(), kith::ValueError);
    EXPECT_EQ(log_.size(), 0U);
    EXPECT_EQ(locked.count(), 3);
    EXPECT_TRUE(locked.exists());
    EXPECT_EQ(cities().filter("id__in"_f = locked).size(), 3U);
}

TEST_F(ForUpdate, LocksTheRowsThemselves) {
    db_.atomic([&] {
        EXPECT_EQ(cities().select_for_update().select_related("province").filter("id"_f = 1).size(), 1U);
        EXPECT_TRUE(log_[0].sql.ends_with(by_backend(" = ?1", " FOR UPDATE OF \"city\"", " FOR UPDATE")))
            << log_[0].sql;
        EXPECT_EQ(objects<Person>().select_for_update().select_related("living").size(), 4U);
        EXPECT_EQ(cities().order_by("id").select_for_update().slice(0, 2).size(), 2U);
        std::size_t streamed = 0;
        for ([[maybe_unused]] City& city : cities().select_for_update().iterator()) ++streamed;
        EXPECT_EQ(streamed, 3U);
    });
}

TEST_F(ForUpdate, APrefetchLocksByItsOwnQueryset) {
    const auto has_lock = [&](std::size_t i) { return log_[i].sql.find("FOR UPDATE") != std::string::npos; };
    const bool locks = !on_sqlite();
    db_.atomic([&] {
        EXPECT_EQ(objects<Person>().select_for_update().prefetch_related("visitation").size(), 4U);
        ASSERT_EQ(log_.size(), 2U);
        EXPECT_EQ(has_lock(0), locks);
        EXPECT_FALSE(has_lock(1));
        const auto locked = cities().select_for_update();
        EXPECT_EQ(objects<Person>().prefetch_related(kith::Prefetch("visitation"_f, locked)).size(), 4U);
        EXPECT_EQ(objects<City>()
                      .prefetch_related(kith::Prefetch("visitors"_f, objects<Person>().select_for_update()))
                      .load_strategy(kith::LoadStrategy::one_trip)
                      .size(),
                  3U);
        ASSERT_EQ(log_.size(), 6U);
        EXPECT_FALSE(has_lock(2));
        EXPECT_EQ(has_lock(3), locks);
        EXPECT_EQ(has_lock(5), locks);
    });
}

TEST_F(ForUpdate, OptionsThatContradictAreRefused) {
    EXPECT_EQ(message_of<kith::ValueError>([&] { cities().select_for_update({.nowait = true, .skip_locked = true}); }),
              "The nowait and skip_locked options are mutually exclusive.");
    db_.atomic([&] {
        EXPECT_THROW(cities().distinct().select_for_update().size(), kith::ValueError);
        EXPECT_THROW(cities().select_for_update({.of = {"self", "province"}}).size(), kith::ValueError);
        const auto sliced = objects<Person>().order_by("id").slice(0, 1).select_for_update();
        EXPECT_THROW(cities().prefetch_related(kith::Prefetch("natives"_f, sliced)).size(), kith::ValueError);
    });
    EXPECT_THROW(cities().select_for_update({.of = {kith::runtime("provinc")}}), kith::FieldError);
}

TEST_F(ForUpdate, KeptStatementsDifferByLock) {
    db_.atomic([&] {
        for (int i = 0; i < 2; ++i) {
            EXPECT_EQ(cities().filter("id"_f = 1).size(), 1U);
            EXPECT_EQ(cities().filter("id"_f = 1).select_for_update().size(), 1U);
            EXPECT_EQ(cities().filter("id"_f = 1).select_for_update({.nowait = true}).size(), 1U);
            EXPECT_EQ(cities().filter("id"_f = 1).select_for_update({.skip_locked = true}).size(), 1U);
        }
    });
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(log_[i].sql, log_[i + 4].sql);
    if (!on_sqlite()) {
        EXPECT_NE(log_[1].sql, log_[2].sql);
    }
}

TEST_F(ForUpdate, NothingIsLostBetweenReadingAndWriting) {
    const auto count = [&] {
        const auto db = other();
        for (int i = 0; i < 10; ++i) {
            db.atomic([&] {
                const auto city = db.objects<City>().select_for_update().get("id"_f = 1);
                db.objects<City>().filter("id"_f = 1).update("name"_f = city->name + "x");
            });
        }
    };
    db_.objects<City>().filter("id"_f = 1).update("name"_f = "");
    std::thread first(count);
    std::thread second(count);
    first.join();
    second.join();
    EXPECT_EQ(cities().get("id"_f = 1)->name, std::string(20, 'x'));
}

TEST_F(ServerForUpdate, NowaitFailsAtOnce) {
    db_.atomic([&] {
        cities().select_for_update().get("id"_f = 2);
        const auto [names, failure] =
            elsewhere([](const auto& rows) { return names_of(rows.select_for_update({.nowait = true})); });
        ASSERT_TRUE(failure);
        EXPECT_TRUE(failure->is_transient()) << failure->what();
    });
}

TEST_F(ServerForUpdate, SkipLockedLeavesRowsOut) {
    db_.atomic([&] {
        const auto locked = cities().select_for_update().get("id"_f = 3);
        const auto seen =
            elsewhere([](const auto& rows) { return names_of(rows.select_for_update({.skip_locked = true})); });
        EXPECT_EQ(seen.first, (Texts{"Wuhan City", "Guangzhou City"}));
        EXPECT_EQ(elsewhere([](const auto& rows) { return names_of(rows); }).first.size(), 3U);
    });
    EXPECT_EQ(
        elsewhere([](const auto& rows) { return names_of(rows.select_for_update({.nowait = true})); }).first.size(),
        3U);
}

TEST_F(ServerForUpdate, ReadsWhatWasCommittedLast) {
    db_.atomic([&] {
        EXPECT_EQ(cities().get("id"_f = 1)->name, cities().get("id"_f = 1)->name);
        std::thread([&] { other().objects<City>().filter("id"_f = 1).update("name"_f = "new"); }).join();
        EXPECT_EQ(cities().select_for_update().get("id"_f = 1)->name, "new");
    });
}

TEST_F(ServerForUpdate, TablesCanBeNamedOnPostgresqlAlone) {
    const auto of_province = cities().select_related("province").select_for_update({.of = {"province"}});
    const auto shared = cities().select_for_update({.key_share = true});
    if (backend() == Backend::mariadb) {
        db_.atomic([&] {
            expect_parts(message_of<kith::ValueError>([&] { of_province.size(); }), {"MariaDB", "of"});
            expect_parts(message_of<kith::ValueError>([&] { shared.size(); }), {"MariaDB", "key_share"});
        });
        return;
    }
    db_.atomic([&] {
        EXPECT_EQ(of_province.size(), 3U);
        EXPECT_TRUE(log_[0].sql.ends_with(" FOR UPDATE OF \"province\"")) << log_[0].sql;
        EXPECT_EQ(
            elsewhere([](const auto& rows) { return names_of(rows.select_for_update({.nowait = true})); }).first.size(),
            3U);
    });
    db_.atomic([&] {
        EXPECT_EQ(shared.size(), 3U);
        std::thread([&] {
            const auto db = other();
            db.objects<Person>().create({.hometown = db.objects<City>().get("id"_f = 1)});
        }).join();
    });
    EXPECT_EQ(objects<Person>().count(), 5);
}

} // namespace for_update_test
