#include "support/rows.hpp"
#include "support/travel.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// Pages by their place in the order, and by their number.

namespace pages_test {

using namespace kith::literals;
using namespace travel;

namespace {

struct Note;
struct Topic {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ReverseSet<Note, "topic"> notes{};
};
struct Note {
    kith::PrimaryKey<> id{};
    kith::Field<std::string, kith::unique> slug{};
    std::optional<std::int32_t> rank{};
    double score{};
    std::optional<kith::Decimal> price{};
    kith::ForeignKey<Topic, kith::null> topic{};
    kith::Field<std::optional<std::string>, kith::unique> alias{};
    kith::Lazy<std::string> body{};
    kith::ManyToMany<Topic> others{};
    kith::Annotation<std::int64_t> links{};

    static constexpr kith::Table table{.unique = {{"slug", "score"}}};
};

using Keys = std::vector<std::int64_t>;
using Notes = kith::QuerySet<Note>;

template <class Rows>
Keys order_of(const Rows& rows) {
    Keys keys;
    for (const auto& row : rows) keys.push_back(row.id);
    return keys;
}

class Pages : public FileTest {
protected:
    Pages() {
        db_.create_tables<Topic, Note>();
        const auto red = db_.objects<Topic>().create({.name = "red"});
        const auto blue = db_.objects<Topic>().create({.name = "Blue"});
        std::vector<Note> notes;
        for (int i = 0; i < 23; ++i) {
            Note note{.slug = fmt::format("n{}", (i * 7) % 23), .score = (i % 4) / 8.0, .body = "b"};
            if (i % 3 != 0) note.rank = i % 5;
            if (i % 2 != 0) note.price = kith::Decimal(fmt::format("{}.50", i % 6));
            if (i % 5 != 0) note.topic = i % 2 == 0 ? red : blue;
            notes.push_back(note);
        }
        db_.objects<Note>().bulk_create(notes);
        log_.clear();
    }

    Notes notes() const { return db_.objects<Note>(); }

    /// Walks all pages to the end and back, and expects the rows in the order that one statement gives them.
    void expect_walk(const Notes& rows, std::size_t size) {
        const auto all = order_of(rows);
        Keys walked;
        std::string token;
        std::vector<std::string> previous;
        for (std::size_t pages = 0; pages < 50; ++pages) {
            log_.clear();
            const auto page = rows.page({.size = size, .after = token});
            EXPECT_EQ(log_.size(), 1u);
            for (const Note& note : page) walked.push_back(note.id);
            previous.push_back(page.previous());
            token = page.next();
            if (token.empty()) break;
            EXPECT_EQ(page.size(), size);
        }
        EXPECT_EQ(walked, all);
        EXPECT_EQ(previous.front(), "");
        Keys back;
        for (token = previous.back(); !token.empty();) {
            const auto page = rows.page({.size = size, .before = token});
            EXPECT_NE(page.next(), "");
            const auto keys = order_of(page);
            back.insert(back.begin(), keys.begin(), keys.end());
            token = page.previous();
        }
        const auto last = all.size() % size == 0 ? size : all.size() % size;
        EXPECT_EQ(back, Keys(all.begin(), all.end() - static_cast<std::ptrdiff_t>(std::min(last, all.size()))));
    }
    std::string refused(const std::function<void()>& work) {
        log_.clear();
        auto message = message_of<kith::ValueError>(work);
        EXPECT_EQ(log_.size(), 0u);
        return message;
    }

    kith::QueryLog log_{db_};
};

} // namespace

TEST_F(Pages, FollowEachOtherInEveryOrder) {
    const std::vector<Notes> orders{
        notes().order_by("id"),
        notes().order_by("-id"),
        notes().order_by("rank", "id"),
        notes().order_by("-rank", "id"),
        notes().order_by("rank", "-id"),
        notes().order_by("-rank", "-id"),
        notes().order_by("score", "-rank", "price", "-id"),
        notes().order_by("-price", "rank", "id").reverse(),
        notes().order_by("slug"),
        notes().order_by("-score", "slug"),
        notes().order_by("topic__name", "id"),
        notes().order_by("-topic__name", "-rank", "id"),
        notes().order_by("topic", "id"),
        notes().annotate("links"_f = kith::Count("others"_f)).order_by("-links", "id"),
        notes().filter("rank__gte"_f = 2).order_by("rank", "id"),
        notes().exclude("rank"_f = 2).order_by("-rank", "id").distinct(),
    };
    for (std::size_t i = 0; i < orders.size(); ++i) {
        SCOPED_TRACE(i);
        for (const std::size_t size : {1u, 4u, 23u, 100u}) expect_walk(orders[i], size);
    }
}

TEST_F(Pages, LoadTheLookupsOfTheirRows) {
    const auto page = notes().order_by("id").prefetch_related("topic__notes").page({.size = 5});
    EXPECT_EQ(log_.size(), 3u);
    ASSERT_EQ(page.size(), 5u);
    EXPECT_EQ(page[1].topic->name, "Blue");
    EXPECT_FALSE(page[1].topic->notes.all().empty());
    EXPECT_EQ(log_.size(), 3u);
    EXPECT_EQ(page.rows().size(), 5u);
    EXPECT_THROW((void)page[5], kith::ValueError);
}

TEST_F(Pages, StayWhereTheyAreWhenRowsComeAndGo) {
    const auto first = notes().order_by("id").page({.size = 5});
    notes().filter("id__lte"_f = 5).remove();
    const auto second = notes().order_by("id").page({.size = 5, .after = first.next()});
    EXPECT_EQ(order_of(second), (Keys{6, 7, 8, 9, 10}));
    EXPECT_NE(second.previous(), "") << "whether there are rows before is not asked";
    const auto before = notes().order_by("id").page({.size = 5, .before = second.previous()});
    EXPECT_TRUE(before.empty());
    EXPECT_EQ(before.previous(), "");
    EXPECT_EQ(order_of(notes().order_by("id").page({.size = 5, .after = before.next()})), (Keys{6, 7, 8, 9, 10}))
        << "the row at the place belongs to the page behind an empty one";
    notes().filter("id__gt"_f = 7).remove();
    const auto none = notes().order_by("id").page({.size = 5, .after = second.next()});
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(none.next(), "");
    EXPECT_EQ(order_of(notes().order_by("id").page({.size = 5, .before = none.previous()})), (Keys{6, 7}));
    notes().remove();
    const auto nothing = notes().order_by("id").page();
    EXPECT_TRUE(nothing.empty() && nothing.next().empty() && nothing.previous().empty());
}

TEST_F(Pages, NeedATotalOrder) {
    EXPECT_TRUE(notes().order_by("id").totally_ordered());
    EXPECT_TRUE(notes().order_by("rank", "-pk").totally_ordered());
    EXPECT_TRUE(notes().order_by("slug").totally_ordered());
    EXPECT_TRUE(notes().order_by("score", "slug").totally_ordered());
    EXPECT_FALSE(notes().totally_ordered());
    EXPECT_FALSE(notes().order_by("rank", "score").totally_ordered());
    EXPECT_FALSE(notes().order_by("alias").totally_ordered()) << "several rows may have NULL";
    EXPECT_FALSE(notes().order_by("topic__id").totally_ordered());
    EXPECT_TRUE(db_.objects<Person>().totally_ordered()) << "by the model's order";
    EXPECT_EQ(order_of(notes().order_by("-rank").in_total_order().page({.size = 50})),
              order_of(notes().order_by("-rank", "id")));
    EXPECT_EQ(order_of(notes().order_by("rank").reverse().in_total_order()), order_of(notes().order_by("-rank", "id")));
    EXPECT_EQ(order_of(notes().order_by("-slug").in_total_order()), order_of(notes().order_by("-slug")));
    EXPECT_EQ(notes().order_by("-slug").in_total_order().sql(), notes().order_by("-slug").sql());
    EXPECT_EQ(order_of(notes().in_total_order()), order_of(notes().order_by("id")));
    expect_parts(refused([&] { (void)notes().slice(0, 5).in_total_order(); }), {"Cannot reorder"});
    expect_parts(refused([&] { (void)notes().order_by("-rank").page(); }),
                 {"the order of Note is not total", "add \"id\"", "order_by(\"-rank\", \"id\")"});
    expect_parts(refused([&] { (void)notes().page(); }), {"order_by(\"id\")"});
    expect_parts(refused([&] { (void)notes().order_by("others__name", "id").page(); }), {"leads through a set"});
    expect_parts(refused([&] { (void)notes().order_by("id").slice(0, 5).page(); }), {"Cannot divide into pages"});
    expect_parts(refused([&] { (void)notes().order_by("id").page({.size = 0}); }), {"has 1 to"});
    expect_parts(refused([&] { (void)notes().order_by("id").page({.size = static_cast<std::size_t>(-1)}); }),
                 {"has 1 to"});
    const auto token = notes().order_by("id").page({.size = 2}).next();
    expect_parts(refused([&] { (void)notes().order_by("id").page({.after = token, .before = token}); }), {"not both"});
    EXPECT_THROW((void)notes().order_by("body", "id").defer("body").page({.size = 2}), kith::ValueError);
}

TEST_F(Pages, TokensAreChecked) {
    const auto rows = notes().order_by("-rank", "id");
    const auto token = rows.page({.size = 3}).next();
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    const auto refuse = [&](const Notes& of, const std::string& wrong) {
        expect_parts(refused([&] { (void)of.page({.size = 3, .after = wrong}); }),
                     {"this token is none of a page of Note"});
        if (!wrong.empty()) expect_parts(refused([&] { (void)of.page({.size = 3, .before = wrong}); }), {"this token"});
    };
    refuse(notes().order_by("rank", "id"), token);
    refuse(notes().order_by("-rank", "-id"), token);
    refuse(notes().order_by("-rank", "slug"), token);
    refuse(notes().order_by("id"), token);
    for (const auto* wrong : {"x", "AAAA", "' OR 1=1 --", "====", "\xff\xff", "__"}) refuse(rows, wrong);
    refuse(rows, std::string(1'000'000, 'A'));
    refuse(rows, token + "A");
    refuse(rows, token.substr(1));
    refuse(rows, std::string("\0", 1));
    EXPECT_NO_THROW((void)rows.filter("score__gt"_f = 0.1).page({.size = 3, .after = token}))
        << "conditions may change";
    // Every single change of a letter is noticed, and whatever is cut off.
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        refuse(rows, changed);
        if (i > 0) refuse(rows, token.substr(0, i));
    }
    expect_parts(refused([&] { (void)db_.objects<Topic>().order_by("id").page({.after = token}); }), {"page of Topic"});
}

TEST_F(Pages, WhatATokenCannotContainIsRefused) {
    notes().filter("id"_f = 2).update("body"_f = std::string(100'000, 'x'));
    expect_parts(message_of<kith::ValueError>([&] { (void)notes().order_by("-body", "id").page({.size = 1}); }),
                 {"too large for a token"});
}

TEST_F(Pages, AreOfEachParent) {
    const auto some = notes().order_by("-score", "id");
    const auto topics =
        db_.objects<Topic>().order_by("id").prefetch_related(kith::Prefetch("notes"_f, some.page_of({.size = 3})));
    EXPECT_EQ(topics.size(), 2u);
    EXPECT_EQ(log_.size(), 2u);
    for (const Topic& topic : topics) {
        const auto whole = order_of(some.filter("topic"_f = topic));
        const auto first = order_of(topic.notes.all());
        EXPECT_EQ(first, Keys(whole.begin(), whole.begin() + 3));
        const auto token = some.page_token(*topic.notes.all()[2]);
        const auto second = some.filter("topic"_f = topic).page({.size = 3, .after = token});
        EXPECT_EQ(order_of(second), Keys(whole.begin() + 3, whole.begin() + 6));
        const auto again = db_.objects<Topic>()
                               .filter("id"_f = topic.id)
                               .prefetch_related(kith::Prefetch("notes"_f, some.page_of({.size = 3, .after = token})));
        EXPECT_EQ(order_of(again[0].notes.all()), order_of(second));
    }
    EXPECT_THROW((void)some.page_of({.before = "x"}), kith::ValueError);
    EXPECT_THROW((void)notes().page_of({.size = 3}), kith::ValueError);
    const auto red = db_.objects<Topic>().get("id"_f = 1);
    const auto of_set = red->notes.all().order_by("id").page({.size = 2});
    EXPECT_EQ(order_of(of_set), (Keys{3, 5}));
    EXPECT_EQ(order_of(red->notes.all().order_by("id").page({.size = 2, .after = of_set.next()})), (Keys{7, 9}));
}

TEST_F(Pages, HaveNumbers) {
    const auto page = notes().order_by("-id").paginate(2, 10);
    EXPECT_EQ(log_.size(), 2u);
    EXPECT_EQ(order_of(page), (Keys{13, 12, 11, 10, 9, 8, 7, 6, 5, 4}));
    EXPECT_EQ(page.count(), 23);
    EXPECT_EQ(page.pages(), 3u);
    EXPECT_EQ(page.number(), 2u);
    EXPECT_TRUE(page.has_next() && page.has_previous());
    const auto last = notes().paginate(3, 10);
    EXPECT_EQ(order_of(last), (Keys{21, 22, 23})) << "by the primary key if nothing else orders";
    EXPECT_FALSE(last.has_next());
    EXPECT_TRUE(notes().paginate(4, 10).empty());
    EXPECT_EQ(notes().none().paginate(1, 10).pages(), 1u);
    expect_parts(refused([&] { (void)notes().paginate(0, 10); }), {"counted from 1"});
    expect_parts(refused([&] { (void)notes().paginate(1, 0); }), {"has 1 to"});
    expect_parts(refused([&] { (void)notes().slice(0, 5).paginate(1, 2); }), {"Cannot divide into pages"});
    EXPECT_TRUE(notes().paginate(2'000'000'000, 2'000'000'000).empty());
}

} // namespace pages_test
