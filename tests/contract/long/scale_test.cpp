#include "support/memory.hpp"
#include "support/travel.hpp"

#include <algorithm>

namespace scale_test {

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

} // namespace

TEST_F(Scale, AMillionParentsTakeOneStatement) {
    constexpr std::size_t parents = 1'000'000;
    db_.create_tables<Province, City, Person>();
    folder_.raw().run(numbers_into("INSERT INTO province (id, name)", "SELECT i, 'p' FROM n", 1'000'000) +
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
    EXPECT_EQ(log[1].parameters, (std::vector<std::string>{"1", "1000000"})) << "one run";
}

TEST_F(Scale, AMillionParentsFarApartTakeOneStatementToo) {
    db_.create_tables<Province, City, Person>();
    folder_.raw().run(numbers_into("INSERT INTO province (id, name)", "SELECT 3 * i, 'p' FROM n", 1'000'000) +
                      "INSERT INTO city (name, province_id) SELECT 'c', id FROM province WHERE id % 1000 = 0;");
    kith::QueryLog log(db_);
    const auto provinces = objects<Province>().prefetch_related("city_set");
    std::size_t cities = 0;
    for (const Province& province : provinces) cities += province.city_set.all().size();
    EXPECT_EQ(cities, 1000u);
    EXPECT_EQ(log.size(), 2u);
    EXPECT_LT(log[1].sql.size(), 300u) << "the keys are no part of the text";
    EXPECT_NE(log[1].parameters.at(0).find("1000000 keys"), std::string::npos) << log[1].parameters.at(0);
}

/// Most bytes that a stream over the first `rows` provinces has allocated at a time.
std::size_t most_bytes(const kith::Database& db, std::int64_t rows) {
    const auto before = live_bytes();
    std::size_t most = 0;
    std::int64_t seen = 0;
    const auto provinces = db.objects<Province>().filter("id__lte"_f = rows).prefetch_related("city_set");
    for (const Province& province : provinces.iterator({.chunk_size = 2000})) {
        if (++seen % 1000 == 0) most = std::max(most, live_bytes());
        EXPECT_EQ(province.city_set.all().size(), province.id % 1000 == 0 ? 1u : 0u);
    }
    EXPECT_EQ(seen, rows);
    return most - std::min(most, before);
}

TEST_F(Scale, MemoryOfAStreamDoesNotGrowWithTheTable) {
    db_.create_tables<Province, City, Person>();
    folder_.raw().run(numbers_into("INSERT INTO province (id, name)", "SELECT i, 'p' FROM n", 1'000'000) +
                      "INSERT INTO city (name, province_id) SELECT 'c', id FROM province WHERE id % 1000 = 0;");
    (void)most_bytes(db_, 10'000); // prepares statements
    const auto few = most_bytes(db_, 100'000);
    const auto many = most_bytes(db_, 1'000'000);
    EXPECT_LT(many, few + few / 10) << "ten times as many rows";
    EXPECT_LT(many, 4'000'000u) << "two chunks of 2000 rows, and what the client library holds";
}

TEST_F(Scale, ManyForeignKeysShareTheirTargets) {
    db_.create_tables<Province, City, Person>();
    folder_.raw().run(
        "INSERT INTO province (id, name) VALUES (-9223372036854775807, 'first'), (9223372036854775807, 'last'); " +
        numbers_into("INSERT INTO city (name, province_id)",
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

} // namespace scale_test
