#include "model/path.hpp"
#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/model/names.hpp"

#include <kith/error.hpp>

#include <gtest/gtest.h>

namespace kith::test {
namespace {

using namespace library;
using detail::FieldLookup;
using kith::model::column_of;
using kith::model::first_step;
using kith::model::walk;

// ---- walk

TEST(Walk, EndsAtAMember) {
    const auto found = walk(model<Book>(), "title", false);
    EXPECT_EQ(found.member, &field<Book>("title"));
    EXPECT_TRUE(found.relations.empty());
    EXPECT_FALSE(found.lookup);
}

TEST(Walk, FollowsRelationsOfAllKinds) {
    const auto found = walk(model<Country>(), "authors__portrait__sitter__clubs__memberships__year", false);
    EXPECT_EQ(found.member, &field<Membership>("year"));
    EXPECT_EQ(names(found.relations),
              (Names{"Country.authors", "Author.portrait", "Portrait.sitter", "Author.clubs", "Club.memberships"}));
}

TEST(Walk, ARelationAtTheEndIsTheMember) {
    const auto found = walk(model<Book>(), "author__country", false);
    EXPECT_EQ(found.member, &field<Author>("country"));
    EXPECT_EQ(names(found.relations), Names{"Book.author"});
}

TEST(Walk, PkIsThePrimaryKey) {
    EXPECT_EQ(walk(model<Book>(), "author__pk", false).member, &field<Author>("id"));
    EXPECT_EQ(walk(model<Portrait>(), "pk__name", false).member, &field<Author>("name"));
    KITH_EXPECT_ERROR(walk(model<Seat>(), "pk", false), ValueError, "several columns");
}

TEST(Walk, TheColumnOfAForeignKeyNamesTheForeignKey) {
    EXPECT_EQ(walk(model<Author>(), "country_id", false).member, &field<Author>("country"));
    EXPECT_EQ(walk(model<Book>(), "writer", false).member, &field<Book>("author"));
    EXPECT_EQ(walk(model<Author>(), "country_id__name", false).member, &field<Country>("name"));
    KITH_EXPECT_ERROR(walk(model<Book>(), "author_id", false), FieldError, "Book has no member 'author_id'");
}

TEST(Walk, MayEndInALookup) {
    EXPECT_EQ(walk(model<Book>(), "title__icontains", true).lookup, FieldLookup::icontains);
    EXPECT_EQ(walk(model<Book>(), "author__isnull", true).lookup, FieldLookup::isnull);
    EXPECT_EQ(walk(model<Book>(), "author__isnull", true).member, &field<Book>("author"));
}

TEST(Walk, AMemberWinsOverALookupOfTheSameName) {
    const auto found = walk(model<Club>(), "memberships__year", true);
    EXPECT_EQ(found.member, &field<Membership>("year"));
    EXPECT_FALSE(found.lookup);
    EXPECT_EQ(walk(model<Club>(), "memberships__year__year", true).lookup, FieldLookup::year);
}

TEST(Walk, ALookupAloneIsNoPath) {
    KITH_EXPECT_ERROR(walk(model<Book>(), "exact", true), FieldError, "Book has no member 'exact'");
}

TEST(Walk, LookupsAreRefusedUnlessAllowed) {
    KITH_EXPECT_ERROR(walk(model<Book>(), "title__exact", false), FieldError, "unknown lookup 'exact' on Book.title");
    KITH_EXPECT_ERROR(walk(model<Book>(), "author__exact", false), FieldError, "Author has no member 'exact'");
}

TEST(Walk, EmptyPartsAreRefused) {
    for (const auto* path : {"", "__", "title__", "__title", "author____name", "author__"}) {
        EXPECT_THROW(walk(model<Book>(), path, true), FieldError) << path;
    }
}

TEST(Walk, SlotsAreRefused) {
    KITH_EXPECT_ERROR(walk(model<Author>(), "early_books__title", true), FieldError,
                      "Author.early_books is a slot that a Prefetch fills");
}

TEST(Walk, GenericForeignKeysAreRefusedByAllTheirNames) {
    for (const auto* path : {"about", "about__title", "about_id", "about_type", "about__isnull"}) {
        KITH_EXPECT_ERROR(walk(model<Remark>(), path, true), FieldError,
                          "Remark.about is a generic foreign key, which leads to several models");
    }
}

// ---- messages

TEST(WalkMessages, NameTheModelAndTheUnknownMember) {
    KITH_EXPECT_ERROR(walk(model<Book>(), "author__country__nmae", false), FieldError,
                      "Country has no member 'nmae' (in \"author__country__nmae\"): did you mean 'name'? "
                      "It has code, name, authors");
}

TEST(WalkMessages, SuggestNothingThatIsTooDifferent) {
    KITH_EXPECT_ERROR(walk(model<Country>(), "population", false), FieldError,
                      "Country has no member 'population' (in \"population\"); it has code, name, authors");
}

TEST(WalkMessages, SuggestLookups) {
    KITH_EXPECT_ERROR(walk(model<Book>(), "title__icontain", true), FieldError,
                      "unknown lookup 'icontain' on Book.title (in \"title__icontain\"): did you mean 'icontains'? "
                      "lookups are exact iexact");
    KITH_EXPECT_ERROR(walk(model<Book>(), "title__author", true), FieldError, "on Book.title (in \"title__author\");");
}

TEST(WalkMessages, NameAGenericForeignKeyOnce) {
    EXPECT_EQ(kith::model::member_names(model<Remark>()), "id, words, about");
}

TEST(WalkMessages, CarryTheModelAndThePath) {
    try {
        walk(model<Book>(), "author__nmae", false);
        ADD_FAILURE() << "nothing was thrown";
    } catch (const FieldError& e) {
        EXPECT_EQ(e.model(), "Author");
        EXPECT_EQ(e.lookup(), "author__nmae");
    }
}

// ---- column_of

kith::model::ColumnWay way(const detail::ModelInfo& from, std::string_view path) {
    return column_of(walk(from, path, false));
}

TEST(ColumnOf, TheKeyOfARelatedRowIsTheForeignKeyItself) {
    for (const auto* path : {"author__id", "author__pk", "author", "writer"}) {
        const auto found = way(model<Book>(), path);
        EXPECT_EQ(found.column, &field<Book>("author")) << path;
        EXPECT_TRUE(found.relations.empty()) << path;
    }
}

TEST(ColumnOf, SeveralKeysInARowAreTrimmed) {
    const auto found = way(model<Portrait>(), "sitter__country__code");
    EXPECT_EQ(found.column, &field<Author>("country"));
    EXPECT_EQ(names(found.relations), Names{"Portrait.sitter"});
}

TEST(ColumnOf, TheMemberThatAForeignKeyRefersToIsTrimmed) {
    EXPECT_EQ(way(model<Membership>(), "member__name").column, &field<Membership>("member"));
    EXPECT_EQ(way(model<Membership>(), "member__id").column, &field<Author>("id"));
}

TEST(ColumnOf, OtherColumnsKeepTheirRelations) {
    const auto found = way(model<Book>(), "author__name");
    EXPECT_EQ(found.column, &field<Author>("name"));
    EXPECT_EQ(names(found.relations), Names{"Book.author"});
    EXPECT_FALSE(found.joined);
}

TEST(ColumnOf, ASetMeansTheKeysOfItsRows) {
    const auto found = way(model<Author>(), "books");
    EXPECT_EQ(found.column, &field<Book>("id"));
    EXPECT_EQ(names(found.relations), Names{"Author.books"});
}

TEST(ColumnOf, TheKeyBehindAManyToManyIsInTheJoinTable) {
    for (const auto* path : {"genres", "genres__id", "genres__pk"}) {
        EXPECT_TRUE(way(model<Book>(), path).joined) << path;
        EXPECT_EQ(names(way(model<Book>(), path).relations), Names{"Book.genres"}) << path;
    }
    EXPECT_FALSE(way(model<Book>(), "genres__name").joined);
}

TEST(ColumnOf, TheJoinTableHoldsWhatItsForeignKeysReferTo) {
    EXPECT_TRUE(way(model<Club>(), "members__name").joined);
    EXPECT_FALSE(way(model<Club>(), "members__id").joined);
}

// ---- first_step

TEST(FirstStep, SplitsAtTheFirstDoubleUnderscore) {
    const auto step = first_step(model<Book>(), "author__country__name");
    EXPECT_EQ(step.member, &field<Book>("author"));
    EXPECT_EQ(step.part, "author");
    EXPECT_EQ(step.behind, "country__name");
}

TEST(FirstStep, WithoutAMemberIsTheFirstPart) {
    const auto step = first_step(model<Book>(), "autor__name");
    EXPECT_EQ(step.member, nullptr);
    EXPECT_EQ(step.part, "autor");
    EXPECT_EQ(step.behind, "name");
}

/// A model with such members, as models made at run time can have them.
detail::ModelInfo with_members(const Names& member_names) {
    detail::ModelInfo made{.name = "made"};
    for (const auto& name : member_names) made.fields.push_back({.name = name});
    return made;
}

TEST(FirstStep, FindsNamesWithDoubleUnderscores) {
    const auto made = with_members({"x__y", "__z"});
    EXPECT_EQ(first_step(made, "x__y").member, &made.fields[0]);
    EXPECT_EQ(first_step(made, "x__y__exact").part, "x__y");
    EXPECT_EQ(first_step(made, "x__y__exact").behind, "exact");
    EXPECT_EQ(first_step(made, "__z").member, &made.fields[1]);
}

} // namespace
} // namespace kith::test
