#include "support/rows.hpp"
#include "support/travel.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Rows that are created together with what their sets hold: `create(row, kith::with("set"_f, rows))`.

namespace create_with_sets_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Texts = std::vector<std::string>;

struct Chapter;
struct Credit;
struct Seat;
struct Stub;
struct Mark;
struct Novel;

struct Writer {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Novel, "writers"> novels{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

struct Novel {
    kith::PrimaryKey<std::int32_t> id{};
    kith::Field<std::string, kith::unique, kith::max_length<50>> title{};
    kith::Field<std::int32_t, kith::server_default> pages{};
    kith::ManyToMany<Writer> writers{};
    kith::ManyToMany<Writer, kith::through<Credit, "novel", "writer">> editors{};
    kith::ManyToMany<Novel, kith::symmetrical> alike{};
    kith::ReverseSet<Credit, "novel"> credits{};
    kith::ReverseSet<Chapter, "novel"> chapters{};
    kith::ReverseSet<Chapter, "cited"> citations{};
    kith::ReverseSet<Seat, "novel"> seats{};
    kith::ReverseGeneric<Mark, "on"> marks{};

    static constexpr kith::Table table{.generic_type = "Novel"};
};

struct Credit {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Novel> novel{};
    kith::ForeignKey<Writer> writer{};
    std::optional<std::int32_t> place{};
};

struct Chapter {
    kith::PrimaryKey<> id{};
    std::string title{};
    std::optional<std::int32_t> number{};
    kith::ForeignKey<Novel, kith::null> novel{};
    kith::ForeignKey<Novel, kith::null, kith::to_field<"title">> cited{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

/// Has no column of its own.
struct Seat {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Novel> novel{};
};

struct Mark {
    kith::PrimaryKey<> id{};
    kith::GenericForeignKey<Novel> on{};
};

struct Leg;
struct Ticket {
    kith::PrimaryKey<kith::Uuid> id{};
    std::string number{};
    kith::ManyToMany<Writer> holders{};
    kith::ReverseSet<Leg, "ticket"> legs{};
    kith::ReverseSet<Stub, "ticket"> stubs{};
};
struct Leg {
    kith::PrimaryKey<kith::Uuid> id{};
    kith::ForeignKey<Ticket> ticket{};
};

/// Its key contains that of its ticket.
struct Stub {
    kith::ForeignKey<Ticket, kith::primary_key> ticket{};
    kith::Field<std::int32_t, kith::primary_key> number{};
};

class CreateWithSets : public FileTest {
protected:
    CreateWithSets() {
        db_.create_tables<Writer, Novel, Credit, Chapter, Seat>();
        folder_.raw().run(by_backend("", R"(ALTER TABLE "novel" ALTER COLUMN "pages" SET DEFAULT 7)",
                                     R"(ALTER TABLE "novel" ALTER COLUMN "pages" SET DEFAULT 7)"));
        a_ = db_.objects<Writer>().create({.name = "a"});
        b_ = db_.objects<Writer>().create({.name = "b"});
        (void)db_.objects<Novel>().create({.title = "first", .pages = 1});
        log_.clear();
    }
    kith::QuerySet<Novel> novels() const { return db_.objects<Novel>(); }
    template <class Set>
    static Texts names(const Set& set) {
        return column(set.order_by("id"), &Writer::name);
    }
    static Novel titled(const std::string& title) { return {.title = title, .pages = 3}; }
    static std::vector<Chapter> chapters(std::size_t count) {
        std::vector<Chapter> rows(count);
        for (std::size_t i = 0; i < count; ++i) rows[i].title = std::to_string(i);
        return rows;
    }
    /// Of a row with `sets` sets: PostgreSQL takes all of it in one.
    static std::size_t expected(std::size_t sets) { return backend() == Backend::postgresql ? 1 : 1 + sets; }
    /// Expects that nothing of a failed call is in the database.
    void expect_nothing() const {
        EXPECT_EQ(db_.objects<Novel>().count(), 1);
        EXPECT_EQ(db_.objects<Chapter>().count(), 0);
        EXPECT_EQ(db_.objects<Credit>().count(), 0);
        EXPECT_EQ(db_.objects<Novel>().filter("writers__isnull"_f = false).count(), 0);
    }

    kith::Ref<Writer> a_{};
    kith::Ref<Writer> b_{};
    kith::QueryLog log_{db_};
};

} // namespace

// ---- what is inserted

TEST_F(CreateWithSets, LinksAndNewRows) {
    const std::vector<Chapter> parts{{.title = "one", .number = 1}, {.title = "two"}};
    const auto novel =
        novels().create(titled("n"), kith::with("writers"_f, std::vector{a_, b_}), kith::with("chapters"_f, parts));
    EXPECT_EQ(log_.size(), expected(2));
    EXPECT_GT(novel->id.value, 1);
    EXPECT_FALSE(novel->writers.is_prefetched());
    EXPECT_FALSE(novel->chapters.is_prefetched());
    EXPECT_EQ(names(novel->writers), (Texts{"a", "b"}));
    const auto inserted = novel->chapters.order_by("id");
    EXPECT_EQ(column(inserted, &Chapter::title), (Texts{"one", "two"}));
    EXPECT_EQ(inserted[0].number, 1);
    EXPECT_EQ(inserted[1].number, std::nullopt);
    EXPECT_EQ(parts.front().id.value, 0) << "copies are inserted";
    EXPECT_EQ(names(db_.objects<Novel>().get("title"_f = "n")->writers), (Texts{"a", "b"}));
}

TEST_F(CreateWithSets, RowsToLinkAreRowsRefsPointersOrKeys) {
    const Writer& row = *a_;
    const auto count = [&](const kith::Ref<Novel>& novel) { return novel->writers.count(); };
    EXPECT_EQ(count(novels().create(titled("keys"), kith::with("writers"_f, {a_->id.value, b_->id.value}))), 2);
    EXPECT_EQ(count(novels().create(titled("refs"), kith::with("writers"_f, {a_, b_, a_}))), 2) << "a link is once";
    EXPECT_EQ(count(novels().create(titled("pointers"), kith::with("writers"_f, {&row}))), 1);
    const auto all = db_.objects<Writer>();
    EXPECT_EQ(count(novels().create(titled("rows"), kith::with("writers"_f, all))), 2);
    EXPECT_EQ(count(novels().create(titled("query"), kith::with("writers"_f, all.filter("name"_f = "b")))), 1);
    EXPECT_EQ(count(novels().create(titled("none"), kith::with("writers"_f, std::vector<std::int64_t>{}))), 0);
}

TEST_F(CreateWithSets, ManyToManysOfEveryKind) {
    const auto first = novels().get("id"_f = 1);
    log_.clear();
    const auto novel = novels().create(titled("n"), kith::with("editors"_f, {b_}), kith::with("alike"_f, {first}),
                                       kith::with("writers"_f, {a_}));
    EXPECT_EQ(log_.size(), expected(4)) << "a symmetrical one has a statement for each direction";
    EXPECT_EQ(names(novel->editors), Texts{"b"});
    EXPECT_EQ(novel->credits.all().size(), 1u);
    EXPECT_EQ(first->alike.all().size(), 1u);
    EXPECT_EQ(novel->alike.all().size(), 1u);
    const auto writer = db_.objects<Writer>().create({.name = "c"}, kith::with("novels"_f, {novel, first}));
    EXPECT_EQ(writer->novels.all().size(), 2u);
    EXPECT_EQ(names(first->writers), Texts{"c"});
}

TEST_F(CreateWithSets, RowsOfTheJoinTable) {
    Credit credit{.place = 4};
    credit.writer = b_;
    const auto novel = novels().create(titled("n"), kith::with("credits"_f, std::vector{credit, credit}));
    EXPECT_EQ(log_.size(), expected(1));
    ASSERT_EQ(novel->credits.all().size(), 2u);
    EXPECT_EQ(novel->credits.first()->place, 4);
    EXPECT_EQ(names(novel->editors.all().distinct()), Texts{"b"});
}

TEST_F(CreateWithSets, ForeignKeysToOtherColumnsAndGenericOnes) {
    db_.create_tables<Mark>();
    const auto novel =
        novels().create(titled("cited"), kith::with("citations"_f, chapters(2)), kith::with("chapters"_f, chapters(1)));
    EXPECT_EQ(novel->citations.all().size(), 2u);
    EXPECT_EQ(novel->chapters.all().size(), 1u);
    const auto marked = novels().create(titled("marked"), kith::with("marks"_f, std::vector<Mark>(3)));
    EXPECT_EQ(marked->marks.all().size(), 3u);
    EXPECT_EQ(novel->marks.all().size(), 0u);
}

TEST_F(CreateWithSets, KeysThatTheProgramMakes) {
    db_.create_tables<Ticket, Leg>();
    log_.clear();
    const auto ticket = db_.objects<Ticket>().create({.number = "7"}, kith::with("holders"_f, {a_, b_}),
                                                     kith::with("legs"_f, std::vector<Leg>(2)));
    EXPECT_EQ(log_.size(), expected(2));
    EXPECT_EQ(names(ticket->holders), (Texts{"a", "b"}));
    EXPECT_EQ(ticket->legs.all().size(), 2u);
    const auto numbered = novels().create({.id = 70, .title = "n", .pages = 3}, kith::with("writers"_f, {a_}));
    EXPECT_EQ(numbered->id.value, 70);
    EXPECT_EQ(names(db_.objects<Novel>().get("id"_f = 70)->writers), Texts{"a"});
}

TEST_F(CreateWithSets, AColumnFilledByTheDatabase) {
    if (on_sqlite()) GTEST_SKIP() << "SQLite has no ALTER COLUMN";
    const auto novel = novels().create({.title = "n"}, kith::with("writers"_f, {a_}));
    EXPECT_EQ(novel->pages.value, 7);
    EXPECT_EQ(log_.size(), expected(1));
}

TEST_F(CreateWithSets, ManyRows) {
    const auto novel =
        novels().create(titled("n"), kith::with("chapters"_f, chapters(1200)), kith::with("writers"_f, {a_}));
    EXPECT_EQ(log_.size(), 5u) << "the novel, three batches of chapters, and the links";
    EXPECT_EQ(novel->chapters.count(), 1200);
    EXPECT_EQ(names(novel->writers), Texts{"a"});
}

TEST_F(CreateWithSets, RowsWithDifferentColumns) {
    auto parts = chapters(3);
    parts[1].id = 500;
    const auto novel = novels().create(titled("n"), kith::with("chapters"_f, parts));
    EXPECT_EQ(novel->chapters.count(), 3);
    EXPECT_TRUE(novel->chapters.contains(std::int64_t{500}));
}

TEST_F(CreateWithSets, RowsOfWhichSomeGiveNoColumn) {
    const auto first = novels().create(titled("n"), kith::with("seats"_f, std::vector<Seat>{{}, {.id = 7000}, {}}));
    EXPECT_EQ(first->seats.count(), 3);
    EXPECT_TRUE(first->seats.contains(std::int64_t{7000}));
    const auto second = novels().create(titled("m"), kith::with("seats"_f, std::vector<Seat>{{.id = 5000}, {}}));
    EXPECT_EQ(second->seats.count(), 2);
    const auto third = novels().create(titled("o"), kith::with("seats"_f, std::vector<Seat>(4)));
    EXPECT_EQ(third->seats.count(), 4);
}

TEST_F(CreateWithSets, RowsWhoseKeyContainsThatOfTheirOwner) {
    db_.create_tables<Ticket, Leg, Stub>();
    const auto ticket = db_.objects<Ticket>().create(
        {.number = "7"}, kith::with("stubs"_f, std::vector<Stub>{{.number = 1}, {.number = 2}}));
    const auto stubs = ticket->stubs.order_by("number");
    ASSERT_EQ(stubs.size(), 2u);
    EXPECT_EQ(stubs[1].number.value, 2);
    EXPECT_EQ(stubs[1].ticket.key(), ticket->id.value);
}

TEST_F(CreateWithSets, AForeignKeyThatLeadsNowhereIsNamed) {
    Credit credit{.place = 4};
    credit.writer.set_key(999);
    try {
        novels().create(titled("n"), kith::with("credits"_f, std::vector{credit}));
        ADD_FAILURE() << "there is no such writer";
    } catch (const kith::IntegrityError& error) {
        EXPECT_EQ(error.kind(), kith::Violation::foreign_key);
        EXPECT_EQ(error.model(), "Credit") << error.what();
        EXPECT_EQ(error.columns(), Texts{"writer_id"}) << error.what();
    }
    expect_nothing();
}

TEST_F(CreateWithSets, ThroughASet) {
    const auto novel = a_->novels.all().create(titled("n"), kith::with("chapters"_f, chapters(2)));
    EXPECT_EQ(names(novel->writers), Texts{"a"});
    EXPECT_EQ(novel->chapters.count(), 2);
    EXPECT_EQ(a_->novels.all().size(), 1u);
}

// ---- all or nothing

TEST_F(CreateWithSets, AFailureLeavesNothing) {
    const auto create = [&](std::int64_t writer, const std::string& title) {
        return novels().create(titled(title), kith::with("chapters"_f, chapters(2)),
                               kith::with("writers"_f, {a_->id.value, writer}));
    };
    EXPECT_THROW(create(999, "n"), kith::IntegrityError) << "there is no such writer";
    expect_nothing();
    EXPECT_THROW(create(b_->id.value, "first"), kith::IntegrityError) << "the title is taken";
    expect_nothing();
    EXPECT_THROW(create(b_->id.value, std::string(51, 'x')), kith::ValueError);
    expect_nothing();
    EXPECT_THROW(novels().create(titled("n"), kith::with("credits"_f, std::vector<Credit>(1))), kith::IntegrityError)
        << "a credit needs a writer";
    expect_nothing();
    const std::vector<Writer> fresh(1);
    expect_parts(message_of<kith::ValueError>([&] { novels().create({.title = "n"}, kith::with("writers"_f, fresh)); }),
                 {"Writer", "not saved"});
    EXPECT_THROW(novels().create({.title = "n"}, kith::with("writers"_f, {kith::Ref<Writer>()})), kith::ValueError);
    expect_nothing();
    (void)create(b_->id.value, "n");
    EXPECT_EQ(db_.objects<Chapter>().count(), 2);
}

TEST_F(CreateWithSets, IsPartOfABlock) {
    EXPECT_THROW(db_.atomic([&] {
        (void)novels().create(titled("n"), kith::with("chapters"_f, chapters(2)), kith::with("writers"_f, {a_}));
        throw std::runtime_error("undo");
    }),
                 std::runtime_error);
    expect_nothing();
    db_.atomic([&] {
        EXPECT_THROW(db_.atomic([&] {
            (void)novels().create(titled("n"), kith::with("chapters"_f, chapters(2)),
                                  kith::with("writers"_f, {std::int64_t{999}}));
        }),
                     kith::IntegrityError);
        (void)novels().create(titled("kept"), kith::with("chapters"_f, chapters(1)));
    });
    EXPECT_EQ(db_.objects<Chapter>().count(), 1);
    EXPECT_EQ(db_.objects<Novel>().count(), 2);
}

// ---- triggers and rules of PostgreSQL

/// Where a row may be left out, one statement could insert children of no novel.
TEST_F(CreateWithSets, ATriggerThatLeavesRowsOut) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "triggers of PostgreSQL";
    folder_.raw().run(R"(CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF NEW.title = 'left out' THEN RETURN NULL; END IF; RETURN NEW; END $$;
        CREATE TRIGGER leaving_out BEFORE INSERT ON novel FOR EACH ROW EXECUTE FUNCTION leave_out())");
    (void)db_.raw("SELECT 1"); // the connection looks at the tables again
    log_.clear();
    EXPECT_THROW(novels().create(titled("left out"), kith::with("chapters"_f, chapters(2))), kith::DatabaseError);
    expect_nothing();
    log_.clear();
    EXPECT_EQ(novels().create(titled("n"), kith::with("chapters"_f, chapters(2)))->chapters.count(), 2);
    EXPECT_GE(log_.size(), 3u) << "row and children one after the other";
}

TEST_F(CreateWithSets, ARuleInTheTableOfTheLinks) {
    if (backend() != Backend::postgresql) GTEST_SKIP() << "rules of PostgreSQL";
    folder_.raw().run("CREATE RULE nothing AS ON DELETE TO novel_writers DO ALSO NOTHING");
    const auto novel = novels().create(titled("n"), kith::with("writers"_f, {a_}));
    EXPECT_EQ(log_.size(), 2u) << "PostgreSQL takes no rules in WITH";
    EXPECT_EQ(names(novel->writers), Texts{"a"});
}

} // namespace create_with_sets_test
