#include "query/lookups.hpp"
#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/query/queries.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace kith::test {
namespace {

using namespace library;
using detail::LookupSpec;
using query::LookupNode;
using query::LookupsFor;
using query::QueryPtr;

struct Leaf;
/// The default queryset loads the leaves.
struct Branch {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<Leaf, "branch"> leaves{};
    kith::ForeignKey<Branch, kith::null> parent{};
    kith::ReverseSet<Branch, "parent"> twigs{};

    static auto objects(kith::QuerySet<Branch> all) { return all.prefetch_related(kith::runtime("leaves")); }
};

struct Leaf {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Branch> branch{};
    kith::ReverseSet<Leaf, "twin"> twins{};
    kith::ForeignKey<Leaf, kith::null> twin{};
};

struct Egg;
/// Its default queryset and that of Egg load each other.
struct Hen {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<Egg, "hen"> eggs{};
    kith::ForeignKey<Egg, kith::null> from{};

    static auto objects(kith::QuerySet<Hen> all) { return all.prefetch_related(kith::runtime("eggs")); }
};
struct Egg {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Hen> hen{};
    kith::ReverseSet<Hen, "from"> hens{};

    static auto objects(kith::QuerySet<Egg> all) { return all.prefetch_related(kith::runtime("hens")); }
};

/// `genres, author(books)`: children in parentheses. A lookup with a queryset of its own ends in `=`, one with a
/// default queryset in `~`; `books>early_books` fills a slot.
std::string written(const std::vector<LookupNode>& nodes) {
    std::string text;
    for (const auto& node : nodes) {
        if (!text.empty()) text += ", ";
        if (node.relation != nullptr && node.relation->field != node.slot) text += node.relation->field->name + ">";
        text += node.slot->name;
        if (node.queryset != nullptr) text += node.is_default ? "~" : "=";
        if (!node.children.empty()) text += "(" + written(node.children) + ")";
    }
    return text;
}

template <class M>
std::vector<LookupNode> tree(const std::vector<LookupSpec>& lookups, LookupsFor use = LookupsFor::queryset,
                             const Database* db = nullptr) {
    std::vector<LookupNode> nodes;
    for (const auto& lookup : lookups) query::add_lookup(nodes, model<M>(), lookup, use, db);
    return nodes;
}

template <class M>
std::string tree_of(const std::vector<LookupSpec>& lookups) {
    return written(tree<M>(lookups));
}

template <class M>
QueryPtr rows(const std::vector<LookupSpec>& lookups = {}) {
    return query::with_lookups(all<M>(), lookups);
}

// ---- paths

TEST(AddLookup, MakesANodeForEachStep) {
    const auto nodes = tree<Author>({{.path = "books__genres"}});
    EXPECT_EQ(written(nodes), "books(genres)");
    EXPECT_EQ(nodes[0].relation, &relation<Author>("books"));
    EXPECT_EQ(nodes[0].slot, &field<Author>("books"));
    EXPECT_EQ(nodes[0].path, "books");
    EXPECT_EQ(nodes[0].children[0].path, "books__genres");
}

TEST(AddLookup, MergesLookupsWithTheSamePrefix) {
    EXPECT_EQ(tree_of<Author>({{.path = "books__genres"}, {.path = "books__loans"}, {.path = "country"}}),
              "books(genres, loans), country");
}

TEST(AddLookup, KeepsTheGivenOrder) {
    EXPECT_EQ(tree_of<Author>({{.path = "country"}, {.path = "books"}}), "country, books");
}

TEST(AddLookup, ARepeatedLookupAddsNothing) {
    EXPECT_EQ(tree_of<Author>({{.path = "books"}, {.path = "books"}, {.path = "books__genres"}, {.path = "books"}}),
              "books(genres)");
}

TEST(AddLookup, MayGoInCircles) {
    EXPECT_EQ(tree_of<Author>({{.path = "books__author__books"}}), "books(author(books))");
}

TEST(AddLookup, NamesTheUnknownMember) {
    KITH_EXPECT_ERROR(
        tree_of<Author>({{.path = "books__gneres"}}), FieldError,
        "Cannot find 'gneres' on Book, 'books__gneres' is an invalid parameter to prefetch_related(): did "
        "you mean 'genres'?");
}

TEST(AddLookup, RefusesColumnsAnywhere) {
    for (const auto* path : {"books__title", "books__title__genres", "book_count"}) {
        KITH_EXPECT_ERROR(tree_of<Author>({{.path = path}}), FieldError,
                          fmt::format("'{}' does not resolve to an item that supports prefetching", path));
    }
}

TEST(AddLookup, TakesMembersOnly) {
    for (const auto* path : {"", "pk", "country_id", "books__", "__books", "books____genres"}) {
        KITH_EXPECT_ERROR(tree_of<Author>({{.path = path}}), FieldError, "Cannot find");
    }
}

// ---- querysets

TEST(AddLookup, AQuerysetBringsItsOwnLookups) {
    const auto nodes =
        tree<Author>({{.path = "books", .queryset = rows<Book>({{.path = "genres"}, {.path = "loans"}})}});
    EXPECT_EQ(written(nodes), "books=(genres, loans)");
    EXPECT_EQ(nodes[0].children[1].path, "books__loans") << "as seen from the root";
}

TEST(AddLookup, LookupsBehindAQuerysetJoinItsOwn) {
    EXPECT_EQ(tree_of<Author>({{.path = "books", .queryset = rows<Book>({{.path = "genres"}})},
                               {.path = "books__loans"},
                               {.path = "books__genres"},
                               {.path = "books"}}),
              "books=(genres, loans)");
}

TEST(AddLookup, AQuerysetForAnExistingLookupIsAConflict) {
    for (const auto* before : {"books", "books__genres"}) {
        KITH_EXPECT_ERROR(tree_of<Author>({{.path = before}, {.path = "books", .queryset = rows<Book>()}}), ValueError,
                          "'books' lookup was already seen with a different queryset");
    }
}

TEST(AddLookup, ASecondQuerysetIsAConflictEvenWhenItIsTheSame) {
    const auto books = rows<Book>();
    EXPECT_THROW(tree_of<Author>({{.path = "books", .queryset = books}, {.path = "books", .queryset = books}}),
                 ValueError);
}

TEST(AddLookup, ANestedLookupCanConflictToo) {
    KITH_EXPECT_ERROR(tree_of<Author>({{.path = "books", .queryset = rows<Book>({{.path = "genres"}})},
                                       {.path = "books__genres", .queryset = rows<Genre>()}}),
                      ValueError, "'books__genres' lookup was already seen");
}

TEST(AddLookup, AQuerysetOfAnotherModelIsRefused) {
    KITH_EXPECT_ERROR(tree_of<Author>({{.path = "books", .queryset = rows<Genre>()}}), ValueError,
                      "the Prefetch of 'books' needs a QuerySet of Book, but was given one of Genre");
}

TEST(AddLookup, OnlySetsCanBeSliced) {
    EXPECT_NO_THROW(tree_of<Author>({{.path = "books", .queryset = query::sliced(all<Book>(), 0, 2)}}));
    KITH_EXPECT_ERROR(tree_of<Author>({{.path = "mentor", .queryset = query::sliced(all<Author>(), 0, 2)}}), ValueError,
                      "leads to at most one row and cannot be sliced");
}

// ---- slots

TEST(AddLookup, ASlotIsFilledBesideTheRelation) {
    const auto nodes = tree<Author>({{.path = "books"}, {.path = "books", .to_attr = "early_books"}});
    EXPECT_EQ(written(nodes), "books, books>early_books");
    EXPECT_EQ(nodes[1].path, "early_books");
}

TEST(AddLookup, AFilledSlotCanBeFollowed) {
    const auto nodes = tree<Author>({{.path = "books", .to_attr = "early_books"}, {.path = "early_books__genres"}});
    EXPECT_EQ(written(nodes), "books>early_books(genres)");
    EXPECT_EQ(nodes[0].children[0].path, "early_books__genres");
}

TEST(AddLookup, AnEmptySlotCannotBeFollowed) {
    KITH_EXPECT_ERROR(tree_of<Author>({{.path = "early_books__genres"}}), FieldError,
                      "Author.early_books is a slot that no Prefetch fills before 'early_books__genres'");
}

TEST(AddLookup, SlotsOfLoadedRowsCanBeFollowed) {
    const auto nodes = tree<Author>({{.path = "early_books__genres"}}, LookupsFor::rows);
    ASSERT_EQ(nodes.size(), 1U);
    EXPECT_EQ(nodes[0].relation, nullptr) << "the slot itself needs no load";
    EXPECT_EQ(nodes[0].slot, &field<Author>("early_books"));
}

TEST(AddLookup, OneSlotTakesOneQueryset) {
    KITH_EXPECT_ERROR(tree_of<Author>({{.path = "books", .to_attr = "early_books"},
                                       {.path = "books", .queryset = rows<Book>(), .to_attr = "early_books"}}),
                      ValueError, "'early_books' lookup was already seen with a different queryset");
}

TEST(AddLookup, ASlotMustExistAndFit) {
    KITH_EXPECT_ERROR(tree_of<Author>({{.path = "books", .to_attr = "late_books"}}), FieldError,
                      "Author has no slot 'late_books' for the Prefetch of 'books': declare one, "
                      "kith::PrefetchedSet<Book> late_books{};");
    for (const auto* wrong : {"first_mentor", "pupils", "name", "books"}) {
        KITH_EXPECT_ERROR(tree_of<Author>({{.path = "books", .to_attr = wrong}}), FieldError,
                          "cannot take the Prefetch of 'books': it is not a kith::PrefetchedSet<Book>");
    }
    KITH_EXPECT_ERROR(tree_of<Author>({{.path = "pupils", .to_attr = "early_books"}}), FieldError,
                      "it is not a kith::PrefetchedSet<Author>");
    EXPECT_EQ(tree_of<Author>({{.path = "mentor", .to_attr = "first_mentor"}}), "mentor>first_mentor");
}

// ---- generic foreign keys

TEST(AddLookup, AGenericForeignKeyIsALookupForEachModel) {
    const auto nodes = tree<Remark>({{.path = "about"}});
    ASSERT_EQ(nodes.size(), 2U);
    EXPECT_EQ(nodes[0].relation->target, &model<Book>());
    EXPECT_EQ(nodes[1].relation->target, &model<Author>());
    EXPECT_EQ(nodes[1].path, "about");
}

TEST(AddLookup, AQuerysetIsForTheRowsOfItsModel) {
    EXPECT_EQ(tree_of<Remark>({{.path = "about", .queryset = rows<Author>({{.path = "books"}})}}),
              "about, about=(books)");
    EXPECT_EQ(
        tree_of<Remark>({{.path = "about", .queryset = rows<Author>()}, {.path = "about", .queryset = rows<Book>()}}),
        "about=, about=");
}

TEST(AddLookup, TwoQuerysetsForOneModelAreAConflict) {
    KITH_EXPECT_ERROR(
        tree_of<Remark>({{.path = "about", .queryset = rows<Author>()}, {.path = "about", .queryset = rows<Author>()}}),
        ValueError, "'about' lookup was already seen with a different queryset");
}

TEST(AddLookup, AQuerysetOfAModelThatItDoesNotLeadToIsRefused) {
    KITH_EXPECT_ERROR(tree_of<Remark>({{.path = "about", .queryset = rows<Genre>()}}), ValueError,
                      "was given a QuerySet of Genre, which Remark.about does not lead to");
}

TEST(AddLookup, AGenericForeignKeyEndsAPathAndFillsNoSlot) {
    for (const auto* path : {"about__author", "about_type"}) {
        KITH_EXPECT_ERROR(tree_of<Remark>({{.path = path}}), FieldError, "is a generic foreign key");
    }
    KITH_EXPECT_ERROR(tree_of<Remark>({{.path = "about", .to_attr = "words"}}), FieldError, "no slot can hold them");
}

TEST(AddLookup, TheOtherEndOfAGenericForeignKeyIsASet) {
    EXPECT_EQ(tree_of<Author>({{.path = "remarks__about"}}), "remarks(about, about)");
}

// ---- default querysets

TEST(AddLookup, SetsFollowTheDefaultQuerysetOfTheirModel) {
    const auto nodes = tree<Branch>({{.path = "twigs"}}, LookupsFor::queryset, &memory());
    EXPECT_EQ(written(nodes), "twigs~(leaves)");
    EXPECT_EQ(nodes[0].children[0].path, "twigs__leaves");
}

TEST(AddLookup, ToOneRelationsIgnoreTheDefaultQueryset) {
    EXPECT_EQ(written(tree<Leaf>({{.path = "branch"}}, LookupsFor::queryset, &memory())), "branch");
}

TEST(AddLookup, AGivenQuerysetReplacesTheDefault) {
    EXPECT_EQ(written(tree<Branch>({{.path = "twigs", .queryset = rows<Branch>()}}, LookupsFor::queryset, &memory())),
              "twigs=");
}

TEST(AddLookup, WithoutADatabaseThereIsNoDefault) { EXPECT_EQ(tree_of<Branch>({{.path = "twigs"}}), "twigs"); }

TEST(AddLookup, DefaultQuerysetsInACircleAreRefused) {
    KITH_EXPECT_ERROR(tree<Hen>({{.path = "eggs"}}, LookupsFor::queryset, &memory()), ValueError,
                      "prefetch each other in a circle: Egg → Hen → Egg");
}

TEST(LookupOf, ASingleRelationFollowsTheDefaultToo) {
    const auto node = query::lookup_of(relation<Branch>("twigs"), field<Branch>("twigs"), memory());
    EXPECT_EQ(written({node}), "twigs~(leaves)");
    EXPECT_EQ(node.path, "twigs");
}

// ---- beside select_related

QueryPtr selecting(std::string_view path, const std::vector<LookupSpec>& lookups) {
    const std::vector<std::string_view> paths{path};
    return query::with_lookups(*query::with_selected(all<Book>(), paths), lookups);
}

TEST(SelectedAndPrefetched, AQuerysetForAJoinedRelationIsRefused) {
    KITH_EXPECT_ERROR(selecting("author", {{.path = "author", .queryset = rows<Author>()}}), ValueError,
                      "'author' is joined by select_related and prefetched with a queryset of its own");
    KITH_EXPECT_ERROR(selecting("author__country", {{.path = "author__country", .queryset = rows<Country>()}}),
                      ValueError, "'author__country' is joined by select_related");
}

TEST(SelectedAndPrefetched, TheOrderOfTheCallsDoesNotMatter) {
    const std::vector<std::string_view> paths{"author"};
    const auto books = query::with_lookups(all<Book>(), {{.path = "author", .queryset = rows<Author>()}});
    EXPECT_THROW(query::with_selected(*books, paths), ValueError);
}

TEST(SelectedAndPrefetched, LookupsBehindAJoinedRelationAreFine) {
    EXPECT_NO_THROW(selecting("author", {{.path = "author"}, {.path = "author__books"}}));
    EXPECT_NO_THROW(selecting("author", {{.path = "author__country", .queryset = rows<Country>()}}));
}

TEST(SelectedAndPrefetched, NestedQuerysetsAreCheckedToo) {
    const std::vector<std::string_view> paths{"mentor"};
    const auto authors = query::with_selected(*rows<Author>({{.path = "books"}}), paths);
    EXPECT_NO_THROW(rows<Book>({{.path = "author", .queryset = authors}}));
    KITH_EXPECT_ERROR(
        rows<Book>({{.path = "author", .queryset = authors}, {.path = "author__mentor", .queryset = rows<Author>()}}),
        ValueError, "'author__mentor' is joined by select_related");
}

} // namespace
} // namespace kith::test
