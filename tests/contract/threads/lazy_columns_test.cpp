#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace lazy_columns_test {

using namespace kith::literals;
using travel::expect_parts;
using travel::message_of;

namespace {

struct Article;

struct Writer {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::Lazy<std::string, kith::column<"life">> biography{};
    kith::ReverseSet<Article, "writer"> articles{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

struct Article {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::Lazy<std::string, kith::max_length<40>> body{};
    kith::Lazy<std::optional<int>> rating{};
    kith::ForeignKey<Writer> writer{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

class LazyColumns : public travel::FileTest {
protected:
    LazyColumns() {
        db_.create_tables<Writer, Article>();
        const auto ann = db_.objects<Writer>().create({.name = "Ann", .biography = "Born."});
        const auto bob = db_.objects<Writer>().create({.name = "Bob", .biography = "Not yet."});
        db_.objects<Article>().bulk_create({{.title = "A", .body = "Aa", .rating = 3, .writer = ann},
                                            {.title = "B", .body = "Bb", .writer = ann},
                                            {.title = "C", .body = "Cc", .rating = 5, .writer = bob}});
        log_.emplace(db_);
    }
    std::size_t statements() const { return log_->size(); }
    kith::QuerySet<Article> articles() const { return db_.objects<Article>(); }

    std::optional<kith::QueryLog> log_;
};

} // namespace

TEST_F(LazyColumns, AreLoadedUnlessTheyAreLeftOut) {
    const auto all = articles();
    EXPECT_TRUE(all[0].body.is_loaded());
    EXPECT_EQ(all[0].body, "Aa");
    EXPECT_EQ(all[0].rating, 3);
    EXPECT_EQ(all[1].rating, std::nullopt);
    EXPECT_EQ(statements(), 1u);
}

TEST_F(LazyColumns, DeferLeavesOutAndReadingLoadsOnce) {
    const auto all = articles().defer("body");
    EXPECT_EQ(all.size(), 3u);
    EXPECT_EQ((*log_)[0].sql.find("body"), std::string::npos);
    EXPECT_FALSE(all[0].body.is_loaded());
    EXPECT_TRUE(all[0].rating.is_loaded());
    EXPECT_EQ(*all[0].body, "Aa");
    EXPECT_EQ(all[0].body->size(), 2u);
    EXPECT_EQ(statements(), 2u);
    EXPECT_EQ(all[2].body, "Cc"); // FetchMode::one: a statement for each row
    EXPECT_EQ(statements(), 3u);
}

TEST_F(LazyColumns, OnlyNamesThoseToLoad) {
    const auto rated = articles().only("rating");
    EXPECT_TRUE(rated[0].rating.is_loaded());
    EXPECT_FALSE(rated[0].body.is_loaded());
    EXPECT_EQ(rated[0].title, "A"); // plain columns and keys always come
    EXPECT_EQ(rated[0].writer.key(), 1);
    const auto body = rated.only("body"); // replaces
    EXPECT_TRUE(body[0].body.is_loaded());
    EXPECT_FALSE(body[0].rating.is_loaded());
    const auto none = articles().only(kith::None);
    EXPECT_FALSE(none[0].body.is_loaded() || none[0].rating.is_loaded());
    const auto minus = articles().only("body", "rating").defer("body");
    EXPECT_FALSE(minus[0].body.is_loaded());
    EXPECT_TRUE(minus[0].rating.is_loaded());
    const auto taken_back = minus.defer(kith::None);
    EXPECT_TRUE(taken_back[0].body.is_loaded());
    EXPECT_EQ(statements(), 5u);
}

TEST_F(LazyColumns, PeersAreLoadedTogether) {
    const auto all = articles().defer("body").fetch_mode(kith::FetchMode::peers);
    std::string text;
    for (const Article& article : all) text += article.body.value();
    EXPECT_EQ(text, "AaBbCc");
    EXPECT_EQ(statements(), 2u);
}

TEST_F(LazyColumns, RaiseNamesTheColumn) {
    const auto all = articles().defer("body").fetch_mode(kith::FetchMode::raise);
    EXPECT_EQ(all[0].rating, 3);
    expect_parts(message_of<kith::FetchBlocked>([&] { (void)all[0].body.value(); }),
                 {"Article.body", "only()", "defer()"});
    EXPECT_EQ(statements(), 1u);
}

TEST_F(LazyColumns, OfJoinedRowsAreNamedByTheirPath) {
    const auto all = articles().select_related("writer").defer("writer__biography");
    EXPECT_EQ(all[0].writer->name, "Ann");
    EXPECT_FALSE(all[0].writer->biography.is_loaded());
    EXPECT_TRUE(all[0].body.is_loaded());
    EXPECT_EQ(statements(), 1u);
    EXPECT_EQ(all[0].writer->biography, "Born.");
    EXPECT_EQ(statements(), 2u);
    const auto only = articles().select_related("writer").only("writer__biography");
    EXPECT_TRUE(only[0].writer->biography.is_loaded());
    EXPECT_FALSE(only[0].body.is_loaded());
    // Joined rows are peers, too.
    const auto together = all.fetch_mode(kith::FetchMode::peers);
    EXPECT_EQ(together[0].writer->biography, "Born.");
    EXPECT_EQ(together[2].writer->biography, "Not yet.");
    EXPECT_EQ(statements(), 5u);
    expect_parts(message_of<kith::ValueError>([&] { (void)articles().defer("writer__biography").size(); }),
                 {"Writer.biography", "select_related"});
}

TEST_F(LazyColumns, OfPrefetchedRowsAreLeftOutByTheirQueryset) {
    const auto writers =
        db_.objects<Writer>().prefetch_related(kith::Prefetch("articles"_f, articles().only("rating")));
    EXPECT_FALSE(writers[0].articles.all()[0]->body.is_loaded());
    EXPECT_EQ(statements(), 2u);
    EXPECT_EQ(writers[0].articles.all()[1]->body, "Bb");
    EXPECT_EQ(statements(), 3u);
}

TEST_F(LazyColumns, CopiesGetTheValueThroughTheirRow) {
    std::optional<Article> copy;
    {
        const auto all = articles().defer("body");
        copy.emplace(all[1]);
        EXPECT_FALSE(copy->body.is_loaded());
    }
    EXPECT_EQ(copy->body, "Bb");
    EXPECT_EQ(statements(), 2u);
    const Article again = *copy;
    EXPECT_TRUE(again.body.is_loaded());
    const auto alone = kith::detached(articles().defer("body")[0]);
    EXPECT_THROW((void)alone.body.value(), kith::NotLoaded);
}

TEST_F(LazyColumns, SavingLeavesAloneWhatWasLeftOut) {
    const auto all = articles().defer("body");
    all[0].title = "Z";
    db_.save(all[0]);
    EXPECT_EQ((*log_)[1].sql.find("body"), std::string::npos);
    EXPECT_EQ(articles()[0]->body, "Aa");
    all[0].body = "Zz"; // assigned without being read: no statement
    EXPECT_EQ(statements(), 3u);
    db_.save(all[0]);
    EXPECT_EQ(articles()[0]->body, "Zz");
    EXPECT_THROW(articles().update("body"_f = std::string(41, 'x')), kith::ValueError);
}

TEST_F(LazyColumns, RefreshLeavesThemLeftOut) {
    const auto all = articles().defer("body");
    EXPECT_EQ(all[0].rating, 3);
    articles().update("rating"_f = 4, "body"_f = "new");
    db_.refresh(all[0]);
    EXPECT_EQ(all[0].rating, 4);
    EXPECT_FALSE(all[0].body.is_loaded());
    EXPECT_EQ(all[0].body, "new");
    articles().update("body"_f = "newer");
    db_.refresh(all[0]);
    EXPECT_EQ(all[0].body, "newer");
}

TEST_F(LazyColumns, ARowThatLacksOneCannotBeInserted) {
    Article copy = articles().defer("body")[0].operator*();
    copy.id = 0;
    expect_parts(message_of<kith::ValueError>([&] { db_.insert(copy); }), {"Article.body"});
    EXPECT_EQ(copy.body, "Aa");
    db_.insert(copy);
    EXPECT_EQ(articles().count(), 4);
}

TEST_F(LazyColumns, OfARowThatIsGoneSaySo) {
    for (const auto mode : {kith::FetchMode::one, kith::FetchMode::peers}) {
        const auto all = articles().defer("body").fetch_mode(mode);
        ASSERT_FALSE(all.empty());
        articles().filter("pk"_f = all[0].id).remove();
        expect_parts(message_of<kith::DoesNotExist>([&] { (void)all[0].body.value(); }), {"Article.body"});
        if (mode == kith::FetchMode::peers) {
            EXPECT_EQ(all[1].body, "Cc");
        }
    }
}

TEST_F(LazyColumns, CanBeNamedInConditionsAndValues) {
    const auto all = articles().defer("body");
    EXPECT_EQ(all.filter("body__startswith"_f = "B").count(), 1);
    EXPECT_EQ(all.values_list<"body">(), (std::vector<std::string>{"Aa", "Bb", "Cc"}));
    EXPECT_EQ((db_.objects<Article>().filter("title"_f = all[0].title, "body"_f = all[0].body).count()), 1);
    EXPECT_EQ(fmt::format("{}", all[1].body), "Bb");
}

TEST_F(LazyColumns, NamesFromRunTimeAreCheckedAtOnce) {
    EXPECT_FALSE(articles().defer(kith::runtime("body"))[0]->body.is_loaded());
    const auto refused = [&](const char* name) {
        return message_of<kith::FieldError>([&] { (void)articles().only(kith::runtime(name)); });
    };
    expect_parts(refused("title"), {"Article.title", "kith::Lazy"});
    expect_parts(refused("nothing"), {"no member 'nothing'", "body"});
    expect_parts(refused("writer"), {"Article.writer"});
    expect_parts(refused("title__x"), {"Article.title"});
}

TEST_F(LazyColumns, NullWhereNoneMayBeIsAnError) {
    // The table of another program, which lets the column be NULL.
    const travel::TemporaryFolder folder;
    folder.raw().run(
        "CREATE TABLE writer (id integer PRIMARY KEY, name text, life text); INSERT INTO writer VALUES (1, 'x', NULL)");
    const auto other = kith::connect(folder.url());
    EXPECT_THROW((void)other.objects<Writer>().size(), kith::DatabaseError);
    const auto writers = other.objects<Writer>().only(kith::None);
    expect_parts(message_of<kith::DatabaseError>([&] { (void)writers[0].biography.value(); }),
                 {"Writer.biography", "NULL"});
}

TEST_F(LazyColumns, AreLoadedFromManyThreadsAtOnce) {
    for (const auto mode : {kith::FetchMode::one, kith::FetchMode::peers}) {
        const auto all = articles().defer("body").fetch_mode(mode);
        ASSERT_EQ(all.size(), 3u);
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (const Article& article : all) EXPECT_EQ(article.body->size(), 2u);
                const Article copy = all[1];
                EXPECT_EQ(copy.body, "Bb");
            });
        }
        for (auto& thread : threads) thread.join();
    }
}

} // namespace lazy_columns_test
