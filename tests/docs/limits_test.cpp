#include "travel.hpp"

#include <chrono>
#include <stop_token>
#include <string>

using namespace kith::literals;
using namespace std::chrono_literals;
using namespace travel;

namespace {

class Limits : public Travel {
protected:
    /// A statement that takes long enough.
    static constexpr const char* endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000000) SELECT count(*) FROM n";
};

} // namespace

TEST_F(Limits, Deadlines) {
    const std::stop_source source;
    const std::stop_token token = source.get_token();
    // [snippet deadline]
    auto people = db.objects<Person>().prefetch_related("visitation__province").deadline(200ms);
    for (Person& person : people) fmt::print("{}\n", person.firstname); // or kith::DeadlineExceeded

    auto service = db.deadline(500ms); // each of its calls may take so long
    auto number = service.objects<Person>().count();
    service.atomic([&] { service.objects<City>().filter("name"_f = "Wuhan").update("name"_f = "Wuhan City"); });
    // [/snippet]
    EXPECT_EQ(people.size(), static_cast<std::size_t>(number));
    // [snippet stop]
    auto requested = db.objects<Person>().deadline(2s, token); // until the client has gone, or for two seconds
    auto cancellable = db.stop(token);                         // without a deadline
    // [/snippet]
    EXPECT_EQ(requested.size(), people.size());
    EXPECT_EQ(cancellable.objects<Person>().count(), number);
    // [snippet atomic]
    db.atomic(
        [&](kith::Database& tx) {
            auto wuhan = tx.objects<City>().get("name__startswith"_f = "Wuhan");
            tx.objects<Person>().filter("lastname"_f = "Zhang").update("hometown"_f = wuhan);
        },
        {.deadline = 1s, .stop = token});
    // [/snippet]
}

TEST_F(Limits, Messages) {
    // [output deadline]
    const std::string expected =
        R"(count Person: the deadline of 0 ms passed while a statement was about to be sent. Nothing of it was kept; load less at once, look at explain() for a missing index, or set a later deadline
)";
    try {
        (void)db.objects<Person>().deadline(0ms).count();
        ADD_FAILURE();
    } catch (const kith::DeadlineExceeded& error) {
        EXPECT_EQ(std::string(error.what()) + "\n", expected);
        EXPECT_EQ(error.model(), "Person");
    }
    EXPECT_THROW((void)db.deadline(20ms).raw<std::int64_t>(endless), kith::DeadlineExceeded);
    EXPECT_EQ(db.raw<std::int64_t>("SELECT 1").front(), 1);
}

TEST_F(Limits, Budgets) {
    // [snippet limits]
    auto page = db.objects<Person>()
                    .prefetch_related("visitation__visitors")
                    .limits({.rows = 100, .related_rows = 10'000, .bytes = 10'000'000, .statements = 5});

    auto careful = kith::connect("sqlite::memory:", {.limits = {.related_rows = 1'000'000, .bytes = 500'000'000}});
    auto stricter = careful.limits({.rows = 1000}); // the lowest of all holds
    // [/snippet]
    EXPECT_EQ(page.size(), 4u);
    EXPECT_EQ(stricter.options().limits.rows, 0u);
    // [output limit]
    const std::string expected =
        R"(Person: the lookup "visitation" would exceed the limit of 2 related rows: ask for less with filter or slice, a sliced queryset in a Prefetch or fewer lookups, or raise kith::Limits::related_rows
)";
    try {
        (void)page.limits({.related_rows = 2}).size();
        ADD_FAILURE();
    } catch (const kith::LimitExceeded& error) {
        EXPECT_EQ(std::string(error.what()) + "\n", expected);
        EXPECT_EQ(error.lookup(), "visitation");
    }
}

TEST_F(Limits, Retries) {
    // [snippet retries]
    db.atomic(
        [&](kith::Database& tx) {
            auto zhang = tx.objects<Person>().order_by("id").first();
            zhang->firstname += '!';
            tx.save(zhang);
        },
        {.isolation = kith::Isolation::serializable, .deadline = 2s, .retries = 5});
    // [/snippet]
    EXPECT_TRUE(db.objects<Person>().order_by("id").first()->firstname.ends_with('!'));
    int tries = 0;
    // [snippet transient]
    while (true) {
        try {
            db.objects<City>().filter("name"_f = "Wuhan").update("name"_f = "Wuhan City");
            break;
        } catch (const kith::Error& error) {
            if (!error.is_transient() || ++tries == 3) throw;
        }
    }
    // [/snippet]
    EXPECT_EQ(tries, 0);
}

namespace {
void open_uploaded() {
    // [snippet untrusted]
    auto uploaded = kith::connect("sqlite:uploaded.db?untrusted=1&read_only=1");
    auto also = kith::connect("sqlite:uploaded.db", {.read_only = true, .untrusted = true});
    // [/snippet]
}
} // namespace

TEST_F(Limits, Files) { EXPECT_THROW(open_uploaded(), kith::OperationalError); }

TEST_F(Limits, Paths) {
    const std::string path = "hometown__province";
    // [snippet outside]
    auto strict = kith::connect("sqlite::memory:", {.max_lookup_depth = 4, .max_lookups = 20});
    auto asked = strict.objects<Person>().prefetch_related(kith::runtime(path)); // FieldError for a longer one
    // [/snippet]
    EXPECT_THROW((void)strict.objects<Person>().prefetch_related(
                     kith::runtime("hometown__visitors__hometown__visitors__hometown")),
                 kith::FieldError);
}
