#include "support/rows.hpp"
#include "support/travel.hpp"

#include <kith/filters.hpp>

#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Texts of requests: values that are read by the type of their column, and lists of what a request may name.

namespace request_texts_test {

enum class Status : std::uint8_t { draft, published };

} // namespace request_texts_test

template <>
struct kith::EnumNames<request_texts_test::Status> {
    using Status = request_texts_test::Status;
    static constexpr kith::EnumName<Status> names[]{{Status::draft, "draft"}, {Status::published, "published"}};
};

namespace request_texts_test {

using namespace kith::literals;
using namespace travel;
using namespace std::chrono;

namespace {

struct Comment;
struct Writer {
    kith::PrimaryKey<> id{};
    std::string name{};
};
struct Article {
    kith::PrimaryKey<> id{};
    std::string title{};
    Status status{};
    std::int64_t views{};
    std::uint64_t size{};
    double score{};
    bool pinned{};
    kith::Date day{};
    kith::Timestamp seen{};
    kith::LocalTimestamp local{};
    kith::Uuid code{};
    kith::Decimal price{};
    std::vector<std::byte> bytes{};
    std::optional<std::string> note{};
    kith::ForeignKey<Writer> author{};
    kith::ReverseSet<Comment, "article"> comments{};
    kith::PrefetchedSet<Comment> shown{};
};
struct Comment {
    kith::PrimaryKey<> id{};
    std::string text{};
    bool hidden{};
    kith::ForeignKey<Article> article{};
    kith::ForeignKey<Writer> author{};
};

using Texts = std::vector<std::pair<std::string, std::string>>;
using Keys = std::vector<std::int64_t>;

class RequestTexts : public FileTest {
protected:
    RequestTexts() {
        db_.create_tables<Writer, Article, Comment>();
        const auto ann = db_.objects<Writer>().create({.name = "Ann"});
        const auto bob = db_.objects<Writer>().create({.name = "Bob, the second"});
        const auto first =
            db_.objects<Article>().create({.title = "Tea, and more",
                                           .views = 5,
                                           .size = std::numeric_limits<std::int64_t>::max(),
                                           .score = 0.5,
                                           .day = sys_days{2024y / 2 / 29},
                                           .seen = sys_days{2024y / 2 / 29} + 12h,
                                           .local = local_days{2024y / 2 / 29} + 12h,
                                           .code = kith::Uuid::parse("00112233-4455-6677-8899-aabbccddeeff"),
                                           .price = kith::Decimal("12.50"),
                                           .bytes = {std::byte{0xff}, std::byte{0}},
                                           .author = ann});
        db_.objects<Article>().create({.title = "River",
                                       .status = Status::published,
                                       .views = -7,
                                       .score = 1e300,
                                       .pinned = true,
                                       .day = sys_days{2025y / 1 / 1},
                                       .note = "x",
                                       .author = bob});
        db_.objects<Comment>().create({.text = "seen", .article = first, .author = bob});
        db_.objects<Comment>().create({.text = "secret", .hidden = true, .article = first, .author = ann});
        log_.clear();
    }

    Keys found(const std::string& path, const std::string& text) {
        return keys_of(db_.objects<Article>().filter(kith::runtime(path) = kith::Text(text)));
    }
    std::string refused(const std::string& path, const std::string& text) {
        log_.clear();
        const auto message = message_of<kith::ValueError>([&] { (void)found(path, text); });
        EXPECT_EQ(log_.size(), 0u) << path << " = " << text;
        return message;
    }

    kith::QueryLog log_{db_};
};

const std::string no_utf8 = "\xc3(";
const std::string with_nul = std::string("a\0b", 3);

} // namespace

TEST_F(RequestTexts, AreReadByTheTypeOfTheColumn) {
    EXPECT_EQ(found("title", "River"), (Keys{2}));
    EXPECT_EQ(found("status", "draft"), (Keys{1}));
    EXPECT_EQ(found("views", "-7"), (Keys{2}));
    EXPECT_EQ(found("views__gte", "5"), (Keys{1}));
    EXPECT_EQ(found("views__gt", "4.5"), (Keys{1}));
    EXPECT_EQ(found("size", "9223372036854775807"), (Keys{1}));
    EXPECT_EQ(found("score", "0.5"), (Keys{1}));
    EXPECT_EQ(found("score__gte", "1e300"), (Keys{2}));
    EXPECT_EQ(found("pinned", "true"), (Keys{2}));
    EXPECT_EQ(found("day", "2024-02-29"), (Keys{1}));
    EXPECT_EQ(found("day__year", "2025"), (Keys{2}));
    EXPECT_EQ(found("seen", "2024-02-29T13:00:00+01:00"), (Keys{1}));
    EXPECT_EQ(found("seen__gte", "2024-02-29"), (Keys{1}));
    EXPECT_EQ(found("local", "2024-02-29 12:00"), (Keys{1}));
    EXPECT_EQ(found("code", "00112233445566778899AABBCCDDEEFF"), (Keys{1}));
    EXPECT_EQ(found("price", "12.5"), (Keys{1}));
    EXPECT_EQ(found("bytes", "/wA="), (Keys{1}));
    EXPECT_EQ(found("note__isnull", "false"), (Keys{2}));
    EXPECT_EQ(found("title__icontains", "RIV"), (Keys{2}));
    EXPECT_EQ(found("author", "1"), (Keys{1}));
    EXPECT_EQ(found("author__name__startswith", "B"), (Keys{2}));
}

TEST_F(RequestTexts, ListsAreSeparatedByCommas) {
    EXPECT_EQ(found("id__in", "2, 1,7"), (Keys{1, 2}));
    EXPECT_EQ(found("title__in", "River,Tea\\, and more"), (Keys{1, 2}));
    EXPECT_EQ(found("status__in", "draft,published"), (Keys{1, 2}));
    EXPECT_EQ(found("views__range", "-7,4.5"), (Keys{2}));
    EXPECT_EQ(found("day__range", "2024-01-01,2024-12-31"), (Keys{1}));
    expect_parts(refused("id__in", "1,x"), {"Article.id is compared with 'x', which is not a whole number"});
    expect_parts(refused("id__in", ""), {"''"});
    expect_parts(refused("views__range", "1"), {"range takes two values separated by a comma"});
}

TEST_F(RequestTexts, ThatDoNotFitAreRefusedBeforeAnythingIsSent) {
    for (const auto* text : {"", "x", "1x", " 1", "99999999999999999999", "1e400", "1.5", "0x10", "+1", "NaN"}) {
        expect_parts(refused("views", text), {"Article.views is compared with", "which is not a whole number"});
    }
    for (const auto* text : {"nan", "NaN", "inf", "-infinity", "1e400", "", "one"}) {
        expect_parts(refused("score", text), {"which is not a number"});
        expect_parts(refused("price", text), {"which is not a number"});
        expect_parts(refused("views__gt", text), {"which is not a whole number"});
    }
    expect_parts(refused("price", "1e5"), {"which is not a number"});
    expect_parts(refused("price", std::string(100'000, '9')), {"which is not a number"});
    expect_parts(refused("size", "-1x"), {"which is not a whole number"});
    expect_parts(refused("status", "Draft"), {"which is not one of draft, published"});
    expect_parts(refused("pinned", "perhaps"), {"which is not true or false"});
    expect_parts(refused("day", "2023-02-29"), {"which is not a date such as 2024-02-29"});
    expect_parts(refused("day__year", "MMXX"), {"year, month and day take a whole number"});
    expect_parts(refused("seen", "yesterday"), {"which is not a timestamp such as"});
    expect_parts(refused("local", "2024-02-29T12:00Z"), {"which is not a time without a zone"});
    expect_parts(refused("code", "42"), {"which is not a Uuid of 32 hexadecimal digits"});
    expect_parts(refused("bytes", "/wA"), {"which is not base64"});
    expect_parts(refused("note__isnull", "NULL"), {"isnull takes true or false"});
    for (const auto& text : {no_utf8, with_nul}) {
        for (const auto* path : {"title", "title__in", "title__icontains", "title__iregex", "author__name", "note"}) {
            expect_parts(refused(path, text), {"which is not UTF-8 without NUL characters"});
        }
    }
    EXPECT_LT(refused("views", std::string(1'000'000, '7')).size(), 400u);
}

TEST_F(RequestTexts, OfAnyLengthAndSignFindNothingMore) {
    EXPECT_EQ(found("title", std::string(100'000, 'x')), Keys{});
    EXPECT_EQ(found("views__lt", "99999999999999999999"), (Keys{1, 2})) << "any number can be ordered";
    EXPECT_EQ(found("views__in", "9223372036854775807,-9223372036854775808"), Keys{});
    EXPECT_EQ(found("day__year", "0"), Keys{});
    EXPECT_EQ(found("title", "' OR 1=1 --"), Keys{});
    EXPECT_EQ(found("title__contains", "%"), Keys{});
}

TEST_F(RequestTexts, AreTakenByLiteralPathsAndByUpdate) {
    EXPECT_EQ(keys_of(db_.objects<Article>().filter("views__lt"_f = kith::Text("0"))), (Keys{2}));
    EXPECT_EQ(db_.objects<Article>().filter("id"_f = 2).update("status"_f = kith::Text("draft")), 1);
    EXPECT_EQ(found("status", "draft"), (Keys{1, 2}));
    EXPECT_THROW(db_.objects<Article>().update("status"_f = kith::Text("gone")), kith::ValueError);
}

// ---- Filters

TEST_F(RequestTexts, FiltersTurnTextsIntoConditions) {
    const kith::Filters<Article> allowed{"status", "views__gte", "author__name", "comments__text", "comments__hidden"};
    const auto articles = db_.objects<Article>();
    EXPECT_EQ(keys_of(allowed.apply(articles, Texts{{"status", "draft"}, {"views__gte", "5"}})), (Keys{1}));
    EXPECT_EQ(keys_of(allowed.apply(articles, std::map<std::string, std::string>{{"author__name", "Ann"}})), (Keys{1}));
    EXPECT_EQ(keys_of(allowed.apply(articles, {{"views__gte", "6"}})), Keys{});
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ(keys_of(allowed.apply(articles, Texts{})), (Keys{1, 2}));
    EXPECT_EQ(keys_of(allowed.apply(articles, {{"comments__text", "seen"}, {"comments__hidden", "true"}})), Keys{})
        << "they are about the same comment, as in one filter() call";
}

TEST_F(RequestTexts, FiltersAllowExactlyWhatIsListed) {
    const kith::Filters<Article> allowed{"status", "views__gte", "author__name", "id"};
    const std::vector<std::string> others{"pk",
                                          "views",
                                          "views__lte",
                                          "status__exact",
                                          "status__in",
                                          "Status",
                                          "status ",
                                          " status",
                                          "author",
                                          "author_id",
                                          "author__pk",
                                          "id__in",
                                          "views__gte__gte",
                                          "__",
                                          "",
                                          "-id",
                                          "status__",
                                          std::string(100'000, 's'),
                                          no_utf8,
                                          with_nul,
                                          "comments__author__name"};
    for (const auto& name : others) {
        const auto message =
            message_of<kith::FieldError>([&] { (void)allowed.apply(db_.objects<Article>(), Texts{{name, "1"}}); });
        expect_parts(message, {"Article cannot be filtered by", "Allowed are: status, views__gte, author__name, id"});
        EXPECT_LT(message.size(), 400u);
    }
    expect_parts(
        message_of<kith::FieldError>([&] { (void)allowed.apply(db_.objects<Article>(), {{"vews__gte", "1"}}); }),
        {"'vews__gte': did you mean 'views__gte'?"});
    expect_parts(message_of<kith::ValueError>(
                     [&] { (void)allowed.apply(db_.objects<Article>(), Texts{{"id", "1"}, {"id", "2"}}); }),
                 {"Article is filtered by 'id' twice"});
    EXPECT_EQ(log_.size(), 0u);
    EXPECT_THROW((void)kith::Filters<Article>({}).apply(db_.objects<Article>(), {{"id", "1"}}), kith::FieldError);
}

// ---- Orders

TEST_F(RequestTexts, OrdersAreThoseThatAreListed) {
    const kith::Orders<Article> allowed{"views", "author__name", "-day"};
    const auto order = [&](std::string_view text) {
        Keys keys;
        for (const Article& article : allowed.apply(db_.objects<Article>(), text)) keys.push_back(article.id);
        return keys;
    };
    EXPECT_EQ(order("views"), (Keys{2, 1}));
    EXPECT_EQ(order("-views"), (Keys{1, 2}));
    EXPECT_EQ(order("-author__name, views"), (Keys{2, 1}));
    EXPECT_EQ(order("-day"), (Keys{2, 1}));
    EXPECT_EQ(order("").size(), 2u);
    log_.clear();
    for (const auto* text : {"id", "day", "--views", "-", "views,", ",", "views__gte", "?", "--day", "author"}) {
        expect_parts(message_of<kith::FieldError>([&] { (void)order(text); }), {"cannot be ordered by"});
    }
    for (const auto* text : {"views,views", "views,-views", "-day,-day"}) {
        expect_parts(message_of<kith::ValueError>([&] { (void)order(text); }), {"twice"});
    }
    EXPECT_EQ(log_.size(), 0u);
}

// ---- Includes

TEST_F(RequestTexts, IncludesLoadWhatIsListed) {
    const kith::Includes<Article> allowed{"author", "comments__author"};
    EXPECT_EQ(allowed.apply(db_.objects<Article>(), "author, comments__author").size(), 2u);
    EXPECT_EQ(log_.size(), 4u) << "articles, authors, comments, their authors";
    EXPECT_EQ(allowed.apply(db_.objects<Article>(), "").size(), 2u);
    EXPECT_EQ(log_.size(), 5u);
    for (const auto* text : {"comments", "author__name", "Author", "author,", "shown", "comments__author__x"}) {
        expect_parts(message_of<kith::FieldError>([&] { (void)allowed.apply(db_.objects<Article>(), text); }),
                     {"cannot be loaded with"});
    }
    EXPECT_THROW((void)allowed.apply(db_.objects<Article>(), "author,author"), kith::ValueError);
    EXPECT_EQ(log_.size(), 5u);
}

TEST_F(RequestTexts, APrefetchOnTheListRestrictsWhatLeadsThroughIt) {
    const auto visible = db_.objects<Comment>().filter("hidden"_f = false);
    const kith::Includes<Article> allowed{"comments__author", kith::Prefetch("comments"_f, visible),
                                          kith::Prefetch("comments"_f, visible, "shown"_f)};
    const auto one = allowed.apply(db_.objects<Article>().filter("id"_f = 1), "comments__author");
    ASSERT_EQ(one[0].comments.all().size(), 1u);
    EXPECT_EQ(one[0].comments.all()[0]->author->name, "Bob, the second");
    EXPECT_EQ(log_.size(), 3u);
    const auto slot = allowed.apply(db_.objects<Article>().filter("id"_f = 1), "shown");
    EXPECT_EQ(slot[0].shown.size(), 1u);
    EXPECT_EQ(log_.size(), 5u);
}

} // namespace request_texts_test
