#include "travel.hpp"

#include <cstdint>
#include <string>

using namespace kith::literals;
using namespace travel;

namespace {

class PagesGuide : public Travel {};

} // namespace

TEST_F(PagesGuide, ByKey) {
    const std::string token;
    // [snippet page]
    auto people = db.objects<Person>().order_by("lastname", "-id").prefetch_related("visitation");
    auto page = people.page({.size = 2, .after = token}); // without a token, the first page
    for (Person& person : page) fmt::print("{}\n", person.firstname);
    auto second = people.page({.size = 2, .after = page.next()}); // next() is empty at the end
    auto first = people.page({.size = 2, .before = second.previous()});
    // [/snippet]
    EXPECT_EQ(second.size(), 2u);
    EXPECT_EQ(first[0].id, page[0].id);
    EXPECT_EQ(first.previous(), "");
    EXPECT_EQ(log.size(), 6u);
    const std::string order = "-lastname";
    // [snippet total]
    auto sorted = db.objects<Person>().order_by(kith::runtime(order)).in_total_order(); // by lastname, then by id
    // [/snippet]
    EXPECT_EQ(sorted.page({.size = 2}).size(), 2u);
    // [output partial]
    const std::string expected =
        R"(the order of Person is not total, so pages of it would overlap: add "id", as in order_by("lastname", "id")
)";
    try {
        (void)db.objects<Person>().order_by("lastname").page({.size = 2});
        ADD_FAILURE();
    } catch (const kith::ValueError& error) {
        EXPECT_EQ(std::string(error.what()) + "\n", expected);
    }
}

TEST_F(PagesGuide, OfEachParent) {
    // [snippet each]
    auto cities = db.objects<City>().order_by("name", "id");
    auto provinces = db.objects<Province>().prefetch_related(kith::Prefetch("city_set"_f, cities.page_of({.size = 5})));
    for (Province& province : provinces) {
        if (province.city_set.all().empty()) continue;
        std::string token = cities.page_token(province.city_set.all().end()[-1]);
        auto more = cities.filter("province"_f = province).page({.size = 5, .after = token});
        EXPECT_TRUE(more.empty());
    }
    // [/snippet]
}

TEST_F(PagesGuide, ByNumber) {
    // [snippet number]
    auto page = db.objects<Person>().order_by("lastname").paginate(2, 3); // page 2 of pages of 3 rows
    fmt::print("{} of {}, {} people\n", page.number(), page.pages(), page.count());
    // [/snippet]
    EXPECT_EQ(page.count(), 4);
    EXPECT_EQ(page.size(), 1u);
    EXPECT_EQ(log.size(), 2u);
}
