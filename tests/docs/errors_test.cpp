#include "travel.hpp"

using namespace kith::literals;
using namespace travel;

namespace {

struct Account {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique, kith::max_length<80>> email{};
};

struct Answer {
    int status{200};
    std::string text{};
};

} // namespace

class Errors : public Travel {};

TEST_F(Errors, Violations) {
    db.create_tables<Account>();
    db.objects<Account>().create({.email = {"li@example.org"}});
    Answer answer;
    // [snippet violation]
    try {
        db.objects<Account>().create({.email = {"li@example.org"}});
    } catch (const kith::IntegrityError& error) {
        if (error.kind() == kith::Violation::unique) {
            answer = {409, error.reason()}; // Account: another row has the same email
        }
    }
    // [/snippet]
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.text, "Account: another row has the same email");
}

TEST_F(Errors, WhatTheyKnow) {
    // [snippet properties]
    try {
        City city{.name = "Changsha"};
        city.province.set_key(99);
        db.save(city);
    } catch (const kith::IntegrityError& error) {
        fmt::print("{}\n", error.what());
        error.sql();  // INSERT INTO "city" …, without parameters
        error.code(); // 787, SQLITE_CONSTRAINT_FOREIGNKEY
    } catch (const kith::Error& error) {
        error.model();  // the struct, where one is known
        error.lookup(); // the path as it was written, where there is one
    }
    // [/snippet]
    City city{.name = "Changsha"};
    city.province.set_key(99);
    try {
        db.save(city);
        ADD_FAILURE();
    } catch (const kith::IntegrityError& error) {
        EXPECT_EQ(error.code(), 787);
        EXPECT_TRUE(error.sql().starts_with("INSERT INTO \"city\"")) << error.sql();
        // [output foreign_key]
        const std::string expected =
            R"(FOREIGN KEY constraint failed. Save a row before the rows that refer to it, and remove those first or declare kith::on_delete
)";
        EXPECT_TRUE((std::string(error.what()) + "\n").ends_with(expected)) << error.what();
    }
}

TEST_F(Errors, Classes) {
    auto people = db.objects<Person>();
    EXPECT_THROW((void)people.filter(kith::runtime("nme") = "x"), kith::FieldError);
    EXPECT_THROW((void)people.slice(2, 1), kith::ValueError);
    EXPECT_THROW((void)people.get("lastname"_f = "Nobody"), kith::DoesNotExist);
    EXPECT_THROW((void)people.get("lastname"_f = "Zhang"), kith::MultipleObjectsReturned);
    EXPECT_THROW((void)people[3].living->name, kith::DoesNotExist);
    EXPECT_THROW((void)people[0].wu_city.size(), kith::NotLoaded);
    EXPECT_THROW((void)kith::detached(people[0]).hometown->name, kith::NotLoaded);
    EXPECT_THROW((void)people.fetch_mode(kith::FetchMode::raise)[0]->hometown->name, kith::FetchBlocked);
    EXPECT_THROW(db.objects<City>().create({.name = "Nowhere"}), kith::IntegrityError);
    EXPECT_THROW(kith::connect("sqlite:/"), kith::OperationalError);
    City unsaved{.name = "Nowhere"};
    EXPECT_THROW(people[0].visitation.add(unsaved), kith::ValueError);
}

TEST_F(Errors, Messages) {
    // [output runtime]
    const std::string expected =
        R"(City has no member 'nme' (in "hometown__nme"): did you mean 'name'? It has id, name, province, visitors
)";
    try {
        (void)db.objects<Person>().filter(kith::runtime("hometown__nme") = "x");
        ADD_FAILURE();
    } catch (const kith::FieldError& error) {
        EXPECT_EQ(std::string(error.what()) + "\n", expected);
        EXPECT_EQ(error.model(), "City");
        EXPECT_EQ(error.lookup(), "hometown__nme");
    }
}
