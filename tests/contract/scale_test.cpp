#include "support/travel.hpp"

using namespace kith::literals;
using namespace travel;

namespace {

/// An INSERT of what `select` makes of a table `n` with the numbers from 1 to `last` in its column `i`.
std::string numbers_into(const std::string& insert, const std::string& select, int last) {
    const auto with =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(last) + ") ";
    return insert + ' ' + with + select + "; ";
}

class Scale : public FileTest {
protected:
    template <class M>
    kith::QuerySet<M> objects() const {
        return db_.objects<M>();
    }
};

}  // namespace

TEST_F(Scale, AMillionParentsTakeOneStatement) {
    constexpr std::size_t parents = 1'000'000;
    db_.create_tables<Province, City, Person>();
    folder_.raw().run(
        numbers_into("INSERT INTO province (id, name)", "SELECT i, 'p' FROM n", 1'000'000) +
             "INSERT INTO city (name, province_id) SELECT 'c', id FROM province WHERE id % 1000 = 0;");
    kith::QueryLog log(db_);
    const auto provinces = objects<Province>().prefetch_related("city_set");
    std::size_t cities = 0;
    for (const Province& province : provinces) {
        const auto set = province.city_set.all();
        cities += set.size();
        for (const City& city : set) ASSERT_EQ(&*city.province, &province);
    }
    EXPECT_EQ(provinces.size(), parents);
    EXPECT_EQ(cities, parents / 1000);
    EXPECT_EQ(log.size(), 2u);
    EXPECT_LT(log[1].sql.size(), 300u) << "the keys are no part of the text";
    EXPECT_NE(log[1].parameters.at(0).find("1000000 keys"), std::string::npos) << log[1].parameters.at(0);
}

TEST_F(Scale, ManyForeignKeysShareTheirTargets) {
    db_.create_tables<Province, City, Person>();
    folder_.raw().run(
        "INSERT INTO province (id, name) VALUES (-9223372036854775807, 'first'), (9223372036854775807, 'last'); "
        + numbers_into("INSERT INTO city (name, province_id)",
                       "SELECT 'c', CASE WHEN i % 2 = 1 THEN -9223372036854775807 ELSE 9223372036854775807 END FROM n",
                       200'000));
    const auto cities = objects<City>().order_by("id").prefetch_related("province");
    for (std::size_t i = 0; i < cities.size(); i += 2) {
        ASSERT_EQ(&*cities[i].province, &*cities[0].province);
        ASSERT_EQ(&*cities[i + 1].province, &*cities[1].province);
    }
    EXPECT_EQ(cities[0].province->name, "first");
    EXPECT_EQ(cities[1].province->name, "last");
}
