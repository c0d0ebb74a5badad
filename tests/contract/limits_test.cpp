#include "support/rows.hpp"
#include "support/travel.hpp"

#include <thread>

/// How much a call may load, and how deep its lookups may lead.

namespace limits_test {

using namespace kith::literals;
using namespace travel;

namespace {

class Limits : public TravelTest {
protected:
    kith::Database one_connection(const std::string& options = {}) const {
        return kith::connect(folder_.url("test.db", "pool_size=1" + options));
    }
    static void expect_usable(const kith::Database& db) { EXPECT_EQ(db.objects<Person>().count(), 4); }
};

/// The lookup that the error names.
template <class Work>
std::string lookup_of(const Work& work) {
    try {
        work();
    } catch (const kith::LimitExceeded& error) {
        return error.lookup();
    }
    return "nothing was thrown";
}

} // namespace

TEST_F(Limits, RowsAreCountedAsTheyArrive) {
    const auto db = one_connection();
    const auto people = db.objects<Person>();
    EXPECT_EQ(people.limits({.rows = 4}).size(), 4u);
    const auto few = people.limits({.rows = 3});
    const auto message = message_of<kith::LimitExceeded>([&] { (void)few.size(); });
    expect_parts(message, {"Person", "the main statement", "3 rows", "kith::Limits::rows"});
    expect_usable(db);
    // Nothing of it is kept: it is evaluated again.
    EXPECT_THROW((void)few.size(), kith::LimitExceeded);
    EXPECT_EQ(few.slice(0, 3).size(), 3u);
    EXPECT_EQ(few.count(), 4);
    EXPECT_THROW((void)few.values_list<"firstname">(), kith::LimitExceeded);
    expect_usable(db);
    EXPECT_THROW(
        (void)db.objects<Person>()
            .raw("SELECT * FROM " + by_backend("QSOptimize_person", "\"QSOptimize_person\"", "QSOptimize_person"))
            .limits({.rows = 3})
            .size(),
        kith::LimitExceeded);
    expect_usable(db);
}

TEST_F(Limits, RelatedRowsNameTheirLookup) {
    for (const std::string options : {"", "&pairs_threshold=0", "&load_strategy=one_trip"}) {
        const auto db = one_connection(options);
        const auto people = db.objects<Person>().prefetch_related("hometown", "visitation__province");
        EXPECT_EQ(people.limits({.related_rows = 100}).size(), 4u) << options;
        EXPECT_EQ(lookup_of([&] { (void)people.limits({.related_rows = 2}).size(); }), "hometown") << options;
        EXPECT_EQ(lookup_of([&] { (void)people.limits({.related_rows = 7}).size(); }), "visitation") << options;
        expect_usable(db);
        const auto message = message_of<kith::LimitExceeded>([&] { (void)people.limits({.related_rows = 2}).size(); });
        expect_parts(message, {"Person", "the lookup \"hometown\"", "2 related rows", "kith::Limits::related_rows"});
        // What is loaded through its rows later is bounded too, by itself.
        const auto first = db.objects<Person>().limits({.related_rows = 2}).order_by("id").first();
        EXPECT_THROW((void)first->visitation.all().size(), kith::LimitExceeded) << options;
        EXPECT_EQ(first->hometown->name, "Shiyan City");
        expect_usable(db);
    }
}

TEST_F(Limits, BytesAndStatementsAreBounded) {
    const auto db = one_connection();
    const auto people = db.objects<Person>().prefetch_related("hometown", "visitation__province");
    EXPECT_EQ(people.limits({.bytes = 10'000}).size(), 4u);
    expect_parts(message_of<kith::LimitExceeded>([&] { (void)people.limits({.bytes = 40}).size(); }),
                 {"Person", "40 bytes", "kith::Limits::bytes"});
    EXPECT_EQ(people.limits({.statements = 4}).size(), 4u);
    EXPECT_EQ(lookup_of([&] { (void)people.limits({.statements = 3}).size(); }), "visitation__province");
    EXPECT_EQ(lookup_of([&] { (void)people.limits({.statements = 1}).size(); }), "hometown");
    expect_usable(db);
}

TEST_F(Limits, TheLowestOfSeveralHolds) {
    const auto db = one_connection("&max_rows=3&max_statements=2");
    EXPECT_EQ(db.options().limits, (kith::Limits{.rows = 3, .statements = 2}));
    EXPECT_THROW((void)db.objects<Person>().size(), kith::LimitExceeded);
    EXPECT_THROW((void)db.objects<Person>().limits({.rows = 100}).size(), kith::LimitExceeded);
    EXPECT_EQ(db.objects<Person>().slice(0, 3).size(), 3u);
    EXPECT_THROW((void)db.objects<Person>().slice(0, 3).limits({.rows = 2}).size(), kith::LimitExceeded);
    EXPECT_THROW((void)db.limits({.rows = 2}).objects<Person>().slice(0, 3).size(), kith::LimitExceeded);
    const auto by_options = kith::connect(folder_.url(), {.limits = {.rows = 3}});
    EXPECT_THROW((void)by_options.objects<Person>().size(), kith::LimitExceeded);
    // Each call counts by itself, also in a block.
    db.atomic([&] {
        for (int i = 0; i < 4; ++i) EXPECT_EQ(db.objects<Province>().size(), 2u);
        EXPECT_THROW((void)db.objects<Person>().size(), kith::LimitExceeded);
        // The database has not failed, so the block goes on.
        db.objects<Province>().create({.name = "c"});
    });
    EXPECT_EQ(db.objects<Province>().size(), 3u);
}

TEST_F(Limits, WhatAWriteReturnsIsNotLoaded) {
    const auto db = one_connection().limits({.rows = 2, .bytes = 1});
    EXPECT_EQ(db.objects<Province>().bulk_create(std::vector<Province>(5, Province{.name = "new"})).size(), 5u);
    EXPECT_EQ(db.objects<Province>().create({.name = "new"})->name, "new");
    EXPECT_EQ(objects<Province>().filter("name"_f = "new").count(), 6);
}

TEST_F(Limits, BothSidesOfACombinationBound) {
    const auto people = objects<Person>();
    EXPECT_THROW((void)(people & people.limits({.rows = 3})).size(), kith::LimitExceeded);
    EXPECT_THROW((void)(people.limits({.rows = 3}) | people).size(), kith::LimitExceeded);
    EXPECT_EQ((people | people.limits({.rows = 4})).size(), 4u);
}

/// Rows of another database count like all others, and against the limits of its handle as well.
TEST_F(Limits, RowsOfAnotherDatabaseCountHereAndThere) {
    const TemporaryFolder folder;
    const auto other = kith::connect(folder.url());
    fill(other);
    const auto db = one_connection();
    const auto loads = [&](const kith::Database& from, const kith::Limits& limits) {
        const auto people = db.objects<Person>()
                                .prefetch_related(kith::Prefetch("visitation"_f, from.objects<City>()),
                                                  kith::Prefetch("hometown"_f, from.objects<City>()))
                                .limits(limits);
        return lookup_of([&] { (void)people.size(); });
    };
    const std::string all = "nothing was thrown";
    EXPECT_EQ(loads(other, {.related_rows = 100}), all);
    EXPECT_EQ(loads(other.limits({.related_rows = 100}), {.related_rows = 2}), "visitation");
    EXPECT_EQ(loads(other.limits({.related_rows = 2}), {.related_rows = 100}), "visitation");
    EXPECT_EQ(loads(other.limits({.statements = 9}), {.bytes = 200}), "visitation");
    EXPECT_EQ(loads(other.limits({.bytes = 100'000}), {.statements = 1}), "visitation");
    // All lookups there count together.
    const auto few = other.limits({.statements = 1});
    EXPECT_EQ(loads(few, {}), "hometown");
    EXPECT_EQ(loads(other.limits({.statements = 2}), {}), all);
    // So do those of all chunks of a stream.
    const auto streams = [&](const kith::Database& from) {
        const kith::Prefetch visited("visitation"_f, from.objects<City>());
        return lookup_of([&] {
            for (const auto& person : db.objects<Person>().prefetch_related(visited).iterator({.chunk_size = 1})) {
                (void)person;
            }
        });
    };
    EXPECT_EQ(streams(other.limits({.statements = 100})), all);
    EXPECT_EQ(streams(other.limits({.statements = 1})), "visitation");
    expect_usable(db);
    expect_usable(other);
}

TEST_F(Limits, AStreamCountsAllItsRows) {
    const auto db = one_connection();
    std::size_t rows = 0;
    EXPECT_THROW(
        {
            for (const Person& person : db.objects<Person>().limits({.rows = 3}).iterator({.chunk_size = 1})) {
                rows += person.id > 0 ? 1 : 0;
            }
        },
        kith::LimitExceeded);
    EXPECT_EQ(rows, 3u);
    expect_usable(db);
}

/// Otherwise a limit would not protect anything.
TEST_F(Limits, WhatIsTooMuchIsNotReadIntoMemory) {
    const auto db = one_connection();
    const std::string large(100'000, 'x');
    const std::vector<Province> some(30, {.name = large}); // few enough for a message to MariaDB
    for (int i = 0; i < 10; ++i) db.objects<Province>().bulk_create(some);
    const kith::QueryLog log(db);
    EXPECT_THROW((void)db.objects<Province>().limits({.bytes = 1'000'000}).size(), kith::LimitExceeded);
    EXPECT_THROW((void)db.objects<Province>().limits({.rows = 8}).size(), kith::LimitExceeded);
    for (std::size_t i = 0; i < log.size(); ++i) EXPECT_LE(log[i].bytes, 1'200'000u) << i;
    EXPECT_EQ(db.objects<Province>().count(), 302);
}

// ---- lookups from outside

TEST_F(Limits, ALookupFromOutsideHasAGreatestDepth) {
    const auto repeated = [](std::size_t parts) {
        std::string path = "hometown";
        for (std::size_t i = 1; i < parts; ++i) path += i % 2 == 1 ? "__natives" : "__hometown";
        return path;
    };
    const auto people = objects<Person>();
    const auto lookup = [&](std::size_t parts) { return kith::runtime(repeated(parts)); };
    EXPECT_EQ(people.prefetch_related(lookup(16)).size(), 4u);
    const auto deep = message_of<kith::FieldError>([&] { (void)people.prefetch_related(lookup(17)); });
    expect_parts(deep, {"hometown__natives", "Person", "more than 16 relations", "max_lookup_depth"});
    EXPECT_NO_THROW((void)kith::connect(folder_.url("test.db", "max_lookup_depth=17"))
                        .objects<Person>()
                        .prefetch_related(lookup(17)));
    // However long it is, and however small the stack.
    const auto refuse = [&] {
        for (const std::size_t parts : {600U, 40'000U}) {
            const auto path = repeated(parts);
            EXPECT_THROW((void)people.prefetch_related(kith::runtime(path)), kith::FieldError);
            EXPECT_THROW((void)people.select_related(kith::runtime(path)), kith::FieldError);
            EXPECT_THROW((void)people.filter(kith::runtime(path) = 1), kith::FieldError);
            EXPECT_THROW((void)people.order_by(kith::runtime(path)), kith::FieldError);
            EXPECT_THROW(kith::prefetch_related_objects(people, kith::runtime(path)), kith::FieldError);
            std::string unknown = "x";
            for (std::size_t i = 0; i < parts; ++i) unknown += "__x";
            EXPECT_THROW((void)people.prefetch_related(kith::runtime(unknown)), kith::FieldError);
            EXPECT_THROW((void)people.filter(kith::runtime(unknown) = 1), kith::FieldError);
            EXPECT_THROW((void)people.filter(kith::runtime("firstname" + unknown) = 1), kith::FieldError);
        }
    };
    (void)people.size(); // on this thread, which has the stack to open a database with
    pthread_attr_t small;
    ASSERT_EQ(pthread_attr_init(&small), 0);
    ASSERT_EQ(pthread_attr_setstacksize(&small, std::size_t{128} * 1024), 0);
    pthread_t thread{};
    std::function<void()> work = refuse;
    const auto run = [](void* given) -> void* {
        (*static_cast<std::function<void()>*>(given))();
        return nullptr;
    };
    ASSERT_EQ(pthread_create(&thread, &small, run, &work), 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&small);
}

TEST_F(Limits, LookupsFromOutsideHaveAGreatestNumber) {
    const auto db = kith::connect(folder_.url("test.db", "max_lookups=3"));
    const auto three = db.objects<Person>().prefetch_related("hometown", "visitation__province");
    EXPECT_EQ(three.size(), 4u);
    const auto message = message_of<kith::FieldError>([&] { (void)three.prefetch_related(kith::runtime("living")); });
    expect_parts(message, {"'living'", "Person", "more than 3 relations", "max_lookups"});
    std::vector<kith::Lookup<Person>> many;
    for (int i = 0; i < 250; ++i) many.emplace_back(kith::runtime(i % 2 == 0 ? "hometown" : "hometown__province"));
    EXPECT_EQ(db.objects<Person>().prefetch_related(many).size(), 4u); // the same relation counts once
}

} // namespace limits_test
