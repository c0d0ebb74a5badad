#include "sql/select.hpp"
#include "unit/library.hpp"
#include "unit/sql/atlas.hpp"
#include "unit/sql/dialects.hpp"
#include "unit/sql/selected.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

/// What select_related selects: no value twice.
namespace kith::test {
namespace {

using library::Author;
using library::Portrait;

/// A note is all that a page can have, and it may be missing in the note.
struct Note {
    kith::PrimaryKey<> id{};
    std::optional<std::string> text{};
};
struct Page {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Note, kith::null> note{};
    kith::ForeignKey<Note> title{};
};

/// A key of a type that only some databases return byte for byte.
struct Device {
    kith::PrimaryKey<kith::Uuid> id{};
    std::string name{};
};
struct Reading {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Device> device{};
};

struct Desk;
struct Clerk {
    kith::PrimaryKey<> id{};
    kith::ReverseOne<Desk, "clerk"> desk{};
};
struct Desk {
    kith::PrimaryKey<> id{};
    kith::OneToOne<Clerk> clerk{};
    std::string room{};
};

template <class M>
sql::RowPlan plan_of(const QuerySet<M>& set) {
    sql::RowPlan plan;
    (void)sql::select_rows(*set.handle().query(), backend::sqlite::Dialect(false), plan);
    return plan;
}

TEST(SelectedRows, ShareTheKeyWithTheForeignKey) {
    const auto plan = plan_of(objects<atlas::Person>().select_related("home__province"));
    ASSERT_EQ(plan.parts.size(), 3U);
    ASSERT_EQ(plan.parts[1].shared.size(), 1U);
    EXPECT_EQ(plan.parts[1].shared[0].slot.field, &field<atlas::City>("id"));
    EXPECT_EQ(plan.parts[1].shared[0].column, 1) << "person.home_id";
    EXPECT_EQ(plan.parts[1].key_columns, std::vector{1}) << "an inner join finds a row";
    EXPECT_TRUE(plan.parts[2].shared.empty()) << "a key that leads nowhere is not a province";
}

TEST(SelectedRows, ShareTheKeyOfTheRowBefore) {
    expect_statement(rows(objects<Clerk>().select_related("desk")),
                     R"(SELECT "clerk"."id", "desk"."id", "desk"."room" FROM "clerk"
           LEFT OUTER JOIN "desk" ON ("clerk"."id" = "desk"."clerk_id"))");
}

/// A row whose other columns are all NULL must not be taken for one that is not there.
TEST(SelectedRows, KeepTheKeyThatTellsWhetherTheyAreThere) {
    expect_statement(rows(objects<Page>().select_related("note", "title")),
                     R"(SELECT "page"."id", "page"."note_id", "page"."title_id", "note"."id", "note"."text", "T3"."text"
           FROM "page" LEFT OUTER JOIN "note" ON ("page"."note_id" = "note"."id")
           INNER JOIN "note" AS "T3" ON ("page"."title_id" = "T3"."id"))");
    expect_statement(rows(objects<Author>().select_related("portrait")),
                     R"(SELECT "author"."id", "author"."name", "author"."born", "author"."biography",
           "author"."country_id", "author"."mentor_id", "portrait"."sitter_id", "portrait"."painter", "portrait"."scan"
           FROM "author" LEFT OUTER JOIN "portrait" ON ("author"."id" = "portrait"."sitter_id"))");
    const auto part = plan_of(objects<Page>().select_related("note")).parts[1];
    EXPECT_EQ(part.key_columns, std::vector{3});
    EXPECT_TRUE(part.shared.empty());
}

TEST(SelectedRows, KeepKeysThatMayBeEqualAndDiffer) {
    // 'no' leads to 'NO' under some collations.
    expect_statement(rows(objects<Author>().defer("biography").select_related("country")),
                     R"(SELECT "author"."id", "author"."name", "author"."born", "author"."country_id",
           "author"."mentor_id", "country"."code", "country"."name" FROM "author"
           LEFT OUTER JOIN "country" ON ("author"."country_id" = "country"."code"))");
    const auto* both = R"(SELECT "reading"."id", "reading"."device_id", "device"."id", "device"."name"
            FROM "reading" INNER JOIN "device" ON ("reading"."device_id" = "device"."id"))";
    expect_statement(rows(objects<Reading>().select_related("device")),
                     {both, R"(SELECT "reading"."id", "reading"."device_id", "device"."name" FROM "reading"
            INNER JOIN "device" ON ("reading"."device_id" = "device"."id"))",
                      both});
}

TEST(SelectedRows, OfAPathThatLeadsBackAreTheRowsBefore) {
    expect_statement(rows(objects<Desk>().select_related("clerk__desk__clerk")),
                     R"(SELECT "desk"."id", "desk"."clerk_id", "desk"."room" FROM "desk"
           INNER JOIN "clerk" ON ("desk"."clerk_id" = "clerk"."id"))");
    expect_statement(rows(objects<Portrait>().select_related("sitter__portrait__sitter__mentor").defer("scan")),
                     R"(SELECT "portrait"."sitter_id", "portrait"."painter", "author"."name", "author"."born",
           "author"."biography", "author"."country_id", "author"."mentor_id", "T3"."id", "T3"."name", "T3"."born",
           "T3"."biography", "T3"."country_id", "T3"."mentor_id" FROM "portrait"
           INNER JOIN "author" ON ("portrait"."sitter_id" = "author"."id")
           LEFT OUTER JOIN "author" AS "T3" ON ("author"."mentor_id" = "T3"."id"))");
}

} // namespace
} // namespace kith::test
