#include "travel.hpp"

#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace kith::literals;
using namespace travel;

class Lifetime : public Travel {
protected:
    // [snippet ref]
    kith::Ref<Person> find(const std::string& name) const {
        auto people = db.objects<Person>().prefetch_related("visitation");
        for (std::size_t i = 0; i < people.size(); ++i)
            if (people[i].lastname == name) return people.rows()[i]; // outlives the QuerySet
        return {};
    }
    // [/snippet]
};

TEST_F(Lifetime, Refs) {
    const auto li = find("Li");
    EXPECT_EQ(li->visitation.all()[0]->name, "Wuhan");
    EXPECT_EQ(log.size(), 2u);
}

TEST_F(Lifetime, Copies) {
    // [snippet copy]
    Person copy = *db.objects<Person>().select_related("hometown").get("lastname"_f = "Li");
    copy.hometown->name;     // the copy holds the graph of its original: no statement
    copy.firstname = "Xiao"; // its columns are its own
    db.save(copy);
    // [/snippet]
    EXPECT_EQ(log.size(), 2u);
    EXPECT_EQ(copy.hometown->name, "Guangzhou");
    EXPECT_EQ(db.objects<Person>().get("lastname"_f = "Li")->firstname, "Xiao");
    EXPECT_FALSE(std::is_copy_assignable_v<Person>);
}

TEST_F(Lifetime, Sets) {
    // [snippet set]
    kith::QuerySet<City> cities;
    {
        auto people = db.objects<Person>().prefetch_related("visitation");
        cities = people[0].visitation.all();
    }
    cities.size(); // no statement: the set holds the rows it is of
    // [/snippet]
    EXPECT_EQ(cities.size(), 3u);
    EXPECT_EQ(log.size(), 2u);
}

TEST_F(Lifetime, Detached) {
    // [snippet detached]
    std::vector<Person> kept;
    for (const Person& person : db.objects<Person>().iterator({.chunk_size = 1000}))
        if (person.lastname == "Zhang") kept.push_back(kith::detached(person));
    kept[0].hometown.key(); // keys stay
    // [/snippet]
    EXPECT_EQ(kept.size(), 2u);
    EXPECT_EQ(kept[0].hometown.key(), 3);
    EXPECT_THROW((void)kept[0].hometown->name, kith::NotLoaded);
    db.save(kept[0]);
    EXPECT_EQ(kept[0].hometown->name, "Shiyan");
}

TEST_F(Lifetime, Assignment) {
    // [snippet assignment]
    auto li = db.objects<Person>().get("lastname"_f = "Li");
    auto wuhan = db.objects<City>().get("name"_f = "Wuhan");
    li->hometown = wuhan; // graph of li → graph of wuhan
    wuhan = nullptr;
    li->hometown->name; // "Wuhan", and no statement: li keeps it alive
    // [/snippet]
    EXPECT_EQ(li->hometown->name, "Wuhan");
    EXPECT_EQ(log.size(), 2u);
}

TEST_F(Lifetime, Threads) {
    // [snippet threads]
    auto people = db.objects<Person>();
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i)
        readers.emplace_back([&people] {
            for (const Person& person : people) person.visitation.all().size();
        });
    readers.clear(); // joins them: 1 statement, and 1 for each person
    // [/snippet]
    EXPECT_EQ(log.size(), 1u + 4u);
}

TEST_F(Lifetime, Invalidation) {
    auto li = db.objects<Person>().get("lastname"_f = "Li");
    auto before = li->visitation.all();
    EXPECT_EQ(before.size(), 1u);
    // [snippet add]
    auto cities = li->visitation.all();
    cities.size();               // 1
    li->visitation.add(2);       // the set forgets what it had loaded
    li->visitation.all().size(); // 2: one statement
    cities.size();               // 1: these are the rows as they were
    // [/snippet]
    EXPECT_EQ(cities.size(), 1u);
    EXPECT_EQ(li->visitation.all().size(), 2u);
}
