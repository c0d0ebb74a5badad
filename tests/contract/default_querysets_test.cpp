#include "support/rows.hpp"
#include "support/travel.hpp"

#include <optional>
#include <string>
#include <vector>

namespace default_querysets_test {

using namespace kith::literals;
using travel::expect_parts;
using travel::message_of;

namespace {

using Keys = std::vector<std::int64_t>;

struct Chapter;
struct Remark;

struct Novel {
    kith::PrimaryKey<> id{};
    std::string title{};
    bool hidden{};
    kith::ReverseSet<Chapter, "novel"> chapters{};
    kith::Annotation<std::int64_t> chapter_count{};
};

struct Chapter {
    kith::PrimaryKey<> id{};
    std::string title{};
    bool hidden{};
    kith::ForeignKey<Novel> novel{};
    kith::ReverseSet<Remark, "chapter"> remarks{};
    kith::ReverseSet<Remark, "chapter"> notes{}; // the same rows, and no lookup of the default queryset
    kith::Annotation<std::int64_t> remark_count{};

    static kith::QuerySet<Chapter> objects(const kith::QuerySet<Chapter>& all);
};

struct Remark {
    kith::PrimaryKey<> id{};
    std::string text{};
    kith::ForeignKey<Chapter> chapter{};

    static auto objects(kith::QuerySet<Remark> all) { return all.order_by("-text"); }
};

kith::QuerySet<Chapter> Chapter::objects(const kith::QuerySet<Chapter>& all) {
    return all.filter("hidden"_f = false)
        .prefetch_related("remarks")
        .annotate("remark_count"_f = kith::Count("remarks"_f));
}

struct Egg;
struct Hen {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Egg, kith::null> from{};
    kith::ReverseSet<Egg, "hen"> eggs{};
    static auto objects(kith::QuerySet<Hen> all) { return all.prefetch_related(kith::runtime("eggs")); }
};
struct Egg {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Hen, kith::null> hen{};
    kith::ReverseSet<Hen, "from"> hens{};
    static auto objects(kith::QuerySet<Egg> all) { return all.prefetch_related(kith::runtime("hens")); }
};

/// A novel of three chapters, one of them hidden; the first has two remarks.
class DefaultQuerysets : public travel::FileTest {
protected:
    DefaultQuerysets() {
        fill(db_);
        log_.emplace(db_);
    }
    static void fill(const kith::Database& db) {
        db.create_tables<Novel, Chapter, Remark>();
        const auto novel = db.objects<Novel>().create({.title = "N"});
        const auto first = db.objects<Chapter>().create({.title = "one", .novel = novel});
        db.objects<Chapter>().create({.title = "two", .novel = novel});
        db.objects<Chapter>().create({.title = "three", .hidden = true, .novel = novel});
        db.objects<Remark>().create({.text = "a", .chapter = first});
        db.objects<Remark>().create({.text = "b", .chapter = first});
    }
    std::size_t statements() const { return log_->size(); }

    std::optional<kith::QueryLog> log_;
};

} // namespace

TEST_F(DefaultQuerysets, AreWhatObjectsGives) {
    const auto chapters = db_.objects<Chapter>();
    EXPECT_EQ(travel::keys_of(chapters), (Keys{1, 2}));
    EXPECT_EQ(chapters[0].remark_count, 2);
    EXPECT_EQ(chapters[0].remarks.all()[0]->text, "b");
    EXPECT_EQ(statements(), 2u);
}

TEST_F(DefaultQuerysets, AllObjectsLeavesThem) {
    const auto chapters = db_.all_objects<Chapter>();
    EXPECT_EQ(travel::keys_of(chapters.order_by("id")), (Keys{1, 2, 3}));
    EXPECT_EQ(statements(), 1u) << "without the lookups of the default";
    EXPECT_EQ(chapters.get("id"_f = 1)->remarks.all()[0]->text, "b") << "sets follow the default of their own model";

    const auto novels = db_.objects<Novel>().prefetch_related(kith::Prefetch("chapters"_f, chapters));
    EXPECT_EQ(novels[0].chapters.all().size(), 3u);
    EXPECT_EQ(novels.explain_loading().find("default queryset"), std::string::npos) << novels.explain_loading();
    EXPECT_EQ(db_.objects<Chapter>().size(), 2u);
}

TEST_F(DefaultQuerysets, DoNotGovernConditionsAndAggregatesThroughRelations) {
    EXPECT_EQ(db_.objects<Novel>().filter("chapters__title"_f = "three").count(), 1);
    EXPECT_EQ(db_.objects<Novel>().aggregate(kith::Count("chapters"_f)), 3);
    const auto novels = db_.objects<Novel>().annotate("chapter_count"_f = kith::Count("chapters"_f));
    EXPECT_EQ(novels[0].chapter_count, 3);
}

TEST_F(DefaultQuerysets, Rule225_GovernSetsPrefetchedOrNot) {
    for (const bool prefetched : {true, false}) {
        const auto novels = prefetched ? db_.objects<Novel>().prefetch_related("chapters") : db_.objects<Novel>();
        const auto before = statements();
        EXPECT_EQ(travel::keys_of(novels[0].chapters.all()), (Keys{1, 2}));
        EXPECT_EQ(novels[0].chapters.all()[0]->remarks.all().size(), 2u);
        EXPECT_EQ(statements() - before, 3u); // the remarks of all chapters in one, either way
        EXPECT_EQ(novels[0].chapters.filter("title__contains"_f = "t").count(), 1);
    }
}

TEST_F(DefaultQuerysets, Rule068_DoNotGovernSingleRowsOrGivenQuerysets) {
    db_.raw("UPDATE chapter SET hidden = TRUE");
    const auto remark = db_.objects<Remark>().prefetch_related("chapter").first();
    EXPECT_EQ(remark->chapter->title, "one");
    EXPECT_EQ(db_.objects<Novel>().first()->chapters.all().size(), 0u);
}

TEST_F(DefaultQuerysets, Rule226_TheirLookupsMergeWithThoseBehindThem) {
    const auto novels = db_.objects<Novel>().prefetch_related("chapters__remarks__chapter");
    EXPECT_EQ(novels[0].chapters.all()[0]->remarks.all()[1]->chapter->title, "one");
    EXPECT_EQ(statements(), 3u); // the way back is known
    expect_parts(novels.explain_loading(), {"default queryset of Chapter", "default queryset of Remark"});
}

TEST_F(DefaultQuerysets, Rule082_TheirFiltersHideChildren) {
    const auto novels = db_.objects<Novel>().prefetch_related("chapters");
    EXPECT_EQ(novels[0].chapters.all().size(), 2u);
    EXPECT_EQ(db_.raw<std::int64_t>("SELECT COUNT(*) FROM chapter").front(), 3);
    EXPECT_EQ(statements(), 3u + 1u);
}

TEST_F(DefaultQuerysets, CopyTheFetchModeOfTheirParents) {
    const auto novels = db_.objects<Novel>().fetch_mode(kith::FetchMode::raise).prefetch_related("chapters");
    const auto chapter = novels[0].chapters.all()[0];
    EXPECT_EQ(chapter->remarks.all().size(), 2u);
    EXPECT_THROW((void)chapter->notes.all().size(), kith::FetchBlocked);
}

TEST_F(DefaultQuerysets, Rule058_InACircleAreRefusedWithTheWay) {
    db_.create_tables<Hen, Egg>();
    const auto before = statements();
    expect_parts(message_of<kith::ValueError>([&] { (void)db_.objects<Hen>(); }), {"Hen → Egg → Hen"});
    EXPECT_EQ(statements(), before);
}

// ---- other databases

TEST_F(DefaultQuerysets, Rule221_APrefetchAsksTheDatabaseOfItsQueryset) {
    const auto other = kith::connect(folder_.url("other.db"));
    fill(other);
    other.raw("UPDATE remark SET text = replace(replace(text, 'a', 'other a'), 'b', 'other b')");
    kith::QueryLog there(other);
    const auto chapters = db_.objects<Chapter>()
                              .prefetch_related(kith::None)
                              .prefetch_related(kith::Prefetch("remarks"_f, other.objects<Remark>()));
    const auto& remarks = chapters[0].remarks.all();
    ASSERT_EQ(remarks.size(), 2u);
    EXPECT_EQ(remarks[0].text, "other b");
    EXPECT_EQ(statements(), 1u);
    EXPECT_EQ(there.size(), 1u);
    // What is read through those rows comes from where they come from.
    const kith::Ref<Remark> held = remarks.rows()[0];
    db_.refresh(chapters[0]);
    EXPECT_EQ(chapters[0].remarks.filter("text__startswith"_f = "other").count(), 0);
    EXPECT_EQ(there.size(), 1u);
    EXPECT_EQ(held->text, "other b");
}

TEST_F(DefaultQuerysets, Rule222_RowsOfAnotherDatabaseLeadBack) {
    const auto other = kith::connect(folder_.url("other.db"));
    fill(other);
    const auto chapters = db_.objects<Chapter>()
                              .prefetch_related(kith::None)
                              .prefetch_related(kith::Prefetch("remarks"_f, other.objects<Remark>()));
    EXPECT_EQ(&*chapters[0].remarks.all()[0]->chapter, &chapters[0]);
    EXPECT_EQ(statements(), 1u);
}

TEST_F(DefaultQuerysets, RowsOfAnotherDatabaseLoadTheirRelationsThere) {
    const auto other = kith::connect(folder_.url("other.db"));
    fill(other);
    other.raw("UPDATE novel SET title = 'other'");
    kith::QueryLog there(other);
    const auto remarks = db_.objects<Remark>().prefetch_related(
        kith::Prefetch("chapter"_f, other.objects<Chapter>().prefetch_related(kith::None)));
    EXPECT_EQ(remarks[0].chapter->novel->title, "other");
    EXPECT_EQ(remarks[0].chapter->novel->chapters.all().size(), 2u);
    EXPECT_EQ(statements(), 1u);
    EXPECT_EQ(there.size(), 4u);
    EXPECT_EQ(db_.objects<Remark>().on(other).prefetch_related("chapter__novel")[0]->chapter->novel->title, "other");
    EXPECT_EQ(statements(), 1u);
}

} // namespace default_querysets_test
