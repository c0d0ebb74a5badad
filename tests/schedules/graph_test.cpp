#include "schedules/schedule.hpp"
#include "support/travel.hpp"

#include <memory>
#include <optional>

using namespace kith::literals;
using namespace travel;
using schedules::explore;
using schedules::Schedule;

/// Graphs that several threads read, link and let go.
namespace {

struct Pupil {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ForeignKey<Pupil, kith::null> mentor{};
    kith::ReverseSet<Pupil, "mentor"> pupils{};
};

class GraphSchedules : public TravelTest {
protected:
    GraphSchedules() {
        db_.create_tables<Pupil>();
        for (const auto* name : {"Ann", "Bob", "Cem"}) db_.objects<Pupil>().create({.name = name});
        (void)objects<Person>().prefetch_related("visitation__province", "hometown").size();
        (void)pupil("Ann");
    }
    kith::Ref<Pupil> pupil(const std::string& name) const { return db_.objects<Pupil>().get("name"_f = name); }
};

} // namespace

TEST_F(GraphSchedules, ARelationIsLoadedOnceForAll) {
    explore([&](Schedule& schedule) {
        const auto mode = schedule.random() % 2 == 0 ? kith::FetchMode::one : kith::FetchMode::peers;
        const auto people = std::make_shared<kith::QuerySet<Person>>(objects<Person>().fetch_mode(mode));
        (void)people->size();
        log_.clear();
        for (int i = 0; i < 3; ++i) {
            schedule.add([people] {
                EXPECT_EQ((*people)[0].hometown->name, "Shiyan City");
                EXPECT_EQ((*people)[0].visitation.all().size(), 3u);
            });
        }
        return [&] { EXPECT_EQ(log_.size(), 2u); };
    });
}

TEST_F(GraphSchedules, AQuerySetIsEvaluatedOnceForAll) {
    explore([&](Schedule& schedule) {
        const auto people = std::make_shared<kith::QuerySet<Person>>(objects<Person>().prefetch_related("visitation"));
        log_.clear();
        for (int i = 0; i < 3; ++i) {
            schedule.add([people] { EXPECT_EQ((*people)[0].visitation.all().size(), 3u); });
        }
        return [&] { EXPECT_EQ(log_.size(), 2u); };
    });
}

TEST_F(GraphSchedules, TheLastHolderFreesTheGraph) {
    explore([&](Schedule& schedule) {
        auto people = std::make_optional(objects<Person>().prefetch_related("visitation"));
        for (int i = 0; i < 3; ++i) {
            schedule.add([row = std::make_optional(people->rows()[static_cast<std::size_t>(i)])]() mutable {
                const auto copy = std::make_unique<Person>(**row);
                const auto cities = copy->visitation.all();
                row.reset();
                EXPECT_LE(cities.size(), 3u);
                EXPECT_FALSE(copy->hometown->name.empty());
            });
        }
        people.reset();
        return [] {};
    });
}

TEST_F(GraphSchedules, AChunkIsEmptiedOnlyWhenNothingHoldsIt) {
    explore([&](Schedule& schedule) {
        auto stream = std::make_shared<kith::Stream<Person>>(
            objects<Person>().prefetch_related("visitation").iterator({.chunk_size = 1}));
        auto at = stream->begin();
        for (std::size_t i = 0; i < 2; ++i) {
            schedule.add([held = kith::Ref<Person>(kith::detail::RowHandle(&*at))]() mutable {
                const auto cities = held->visitation.all();
                held = nullptr;
                EXPECT_EQ(cities.size(), 3u);
            });
        }
        schedule.add([stream, at]() mutable {
            std::size_t cities = 0;
            for (++at; at != stream->end(); ++at) cities += at->visitation.all().size();
            EXPECT_EQ(cities, 2u);
        });
        return [] {};
    });
}

TEST_F(GraphSchedules, GraphsAreLinkedMergedAndLetGo) {
    explore([&](Schedule& schedule) {
        const auto shared = pupil("Cem");
        for (int i = 0; i < 3; ++i) {
            schedule.add([&, cem = shared, i]() mutable {
                auto ann = pupil("Ann");
                auto bob = pupil("Bob");
                ann->mentor = bob;
                bob->mentor = i == 0 ? cem : ann; // a circle, or a chain
                const auto held = std::make_optional(bob);
                bob->mentor = ann;
                bob = nullptr;
                ann->mentor = cem;
                cem = nullptr;
                EXPECT_EQ(ann->mentor->name, "Cem");
                EXPECT_EQ((*held)->mentor->mentor->name, "Cem");
            });
        }
        return [shared] { EXPECT_EQ(shared->name, "Cem"); };
    });
}
