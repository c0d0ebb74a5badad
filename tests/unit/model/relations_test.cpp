#include "temp_folder.hpp"
#include "unit/library.hpp"
#include "unit/model/names.hpp"

#include <gtest/gtest.h>

namespace kith::test {
namespace {

using namespace library;
using detail::ColumnType;

struct Frame {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Portrait> portrait{};
};

struct Price;
struct Ware {
    kith::PrimaryKey<> id{};
    kith::ReverseGeneric<Price, "of"> prices{};

    static constexpr kith::Table table{.generic_type = "a ware"};
};
struct Price {
    kith::PrimaryKey<> id{};
    kith::GenericForeignKey<Ware> of{};
};

struct Festival {
    kith::PrimaryKey<> id{};
    kith::ManyToMany<Author, kith::join_table<"guests">> authors{};

    static constexpr kith::Table table{.schema = "summer"};
};

// Declarations that contradict each other. The compile-time checks would refuse them, but model_info() does not run
// those.

struct Cushion {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Seat> seat{};
};
struct Row {
    kith::PrimaryKey<> id{};
    kith::ManyToMany<Seat> seats{};
};
struct Egg;
struct Hen {
    kith::OneToOne<Egg, kith::primary_key> egg{};
};
struct Egg {
    kith::OneToOne<Hen, kith::primary_key> hen{};
};
struct Fan {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<Book, "author"> books{};
};

// ---- foreign keys

TEST(ModelRelations, AForeignKeyHoldsThePrimaryKeyOfItsTarget) {
    const auto& author = relation<Book>("author");
    EXPECT_TRUE(author.forward);
    EXPECT_FALSE(author.many);
    EXPECT_EQ(labels(author.source_columns), Names{"Book.author"});
    EXPECT_EQ(labels(author.target_columns), Names{"Author.id"});
}

TEST(ModelRelations, AForeignKeyMayHoldAnotherMemberOfItsTarget) {
    EXPECT_EQ(labels(relation<Membership>("member").target_columns), Names{"Author.name"});
    EXPECT_EQ(field<Membership>("member").type, ColumnType::text);
}

TEST(ModelRelations, AForeignKeyHasTheTypeAtTheEndOfAChainOfKeys) {
    EXPECT_EQ(field<Author>("country").type, ColumnType::text);
    EXPECT_EQ(field<Frame>("portrait").type, ColumnType::int64) << "Portrait.sitter is the key of an Author";
}

TEST(ModelRelations, AForeignKeyIsIndexedUnlessItIsUnique) {
    EXPECT_TRUE(field<Book>("author").indexed);
    EXPECT_FALSE(field<Portrait>("sitter").indexed);
}

TEST(ModelRelations, ACompositeKeyPairsItsColumnsWithThePrimaryKey) {
    const auto& seat = relation<Loan>("seat");
    EXPECT_TRUE(seat.forward);
    EXPECT_EQ(names(seat.source_columns), (Names{"seat_row", "seat_number"}));
    EXPECT_EQ(names(seat.target_columns), (Names{"row", "number"}));
}

TEST(ModelRelations, MarkTheColumnsThatRowsAreFoundBy) {
    EXPECT_TRUE(field<Author>("id").is_key);
    EXPECT_TRUE(field<Author>("name").is_key) << "it is unique";
    EXPECT_TRUE(field<Book>("author").is_key);
    EXPECT_TRUE(field<Loan>("seat_row").is_key);
    EXPECT_FALSE(field<Book>("title").is_key);
}

// ---- other ends

TEST(ModelRelations, AReverseEndSwapsTheColumns) {
    const auto& books = relation<Author>("books");
    EXPECT_TRUE(books.many);
    EXPECT_FALSE(books.forward);
    EXPECT_EQ(labels(books.source_columns), Names{"Author.id"});
    EXPECT_EQ(labels(books.target_columns), Names{"Book.author"});
}

TEST(ModelRelations, TheEndsKnowEachOther) {
    EXPECT_EQ(relation<Author>("books").inverse, &field<Book>("author"));
    EXPECT_EQ(relation<Book>("author").inverse, &field<Author>("books"));
    EXPECT_EQ(relation<Author>("pupils").inverse, &field<Author>("mentor"));
}

TEST(ModelRelations, AnUndeclaredReverseEndIsNull) { EXPECT_EQ(relation<Membership>("member").inverse, nullptr); }

TEST(ModelRelations, AReverseOneLeadsToOneRow) { EXPECT_FALSE(relation<Author>("portrait").many); }

TEST(ModelRelations, TheReverseEndOfACompositeKeyHasAllItsColumns) {
    EXPECT_EQ(names(relation<Seat>("loans").source_columns), (Names{"row", "number"}));
    EXPECT_EQ(names(relation<Seat>("loans").target_columns), (Names{"seat_row", "seat_number"}));
}

TEST(ModelRelations, ASlotHasATargetAndNoColumns) {
    const auto& slot = relation<Author>("early_books");
    EXPECT_EQ(slot.target, &model<Book>());
    EXPECT_TRUE(slot.many);
    EXPECT_TRUE(slot.source_columns.empty());
    EXPECT_FALSE(relation<Author>("first_mentor").many);
}

// ---- many-to-many

TEST(ManyToManyTables, AreNamedAfterTheTableAndTheMember) {
    const auto& link = *relation<Book>("genres").join_table;
    EXPECT_EQ(link.name, "books_genres");
    EXPECT_EQ(link.source_columns, Names{"book_id"});
    EXPECT_EQ(link.target_columns, Names{"genre_id"});
    EXPECT_EQ(link.through, nullptr);
}

TEST(ManyToManyTables, AreTheSameFromTheOtherEnd) {
    const auto& link = *relation<Genre>("books").join_table;
    EXPECT_EQ(link.name, "books_genres");
    EXPECT_EQ(link.source_columns, Names{"genre_id"});
    EXPECT_EQ(link.target_columns, Names{"book_id"});
}

TEST(ManyToManyTables, OfAModelToItselfDistinguishTheEnds) {
    const auto& friends = relation<Author>("friends");
    EXPECT_EQ(friends.join_table->source_columns, Names{"from_author_id"});
    EXPECT_EQ(friends.join_table->target_columns, Names{"to_author_id"});
    EXPECT_TRUE(friends.symmetrical);
}

TEST(ManyToManyTables, MayHaveANameOfTheirOwn) {
    EXPECT_EQ(relation<Festival>("authors").join_table->name, "guests");
    EXPECT_EQ(relation<Festival>("authors").join_table->schema, "summer") << "that of the table";
}

TEST(ManyToManyTables, OfAThroughModelAreItsOwnTable) {
    const auto& members = relation<Club>("members");
    EXPECT_EQ(members.join_table->name, "membership");
    EXPECT_EQ(members.join_table->through, &model<Membership>());
    EXPECT_EQ(members.join_table->source_columns, Names{"club_id"});
    EXPECT_EQ(members.join_table->target_columns, Names{"member_id"});
}

TEST(ManyToManyTables, HoldWhatTheForeignKeysOfTheThroughModelReferTo) {
    EXPECT_EQ(labels(relation<Club>("members").source_columns), Names{"Club.id"});
    EXPECT_EQ(labels(relation<Club>("members").target_columns), Names{"Author.name"});
    EXPECT_EQ(labels(relation<Author>("clubs").source_columns), Names{"Author.name"});
}

// ---- generic foreign keys

TEST(GenericRelations, AreOneForEachModel) {
    const auto& generic = *model<Remark>().generic_keys.front();
    EXPECT_EQ(generic.keys[0]->relation->target, &model<Book>());
    EXPECT_EQ(generic.keys[1]->relation->target, &model<Author>());
    EXPECT_EQ(generic.types, (Names{"books", "author"}));
}

TEST(GenericRelations, DependOnTheTypeColumn) {
    const auto& only = *model<Remark>().generic_keys.front()->keys[1]->relation->only_type;
    EXPECT_EQ(only.column, &field<Remark>("about_type"));
    EXPECT_EQ(only.type, "author");
    EXPECT_EQ(relation<Author>("remarks").only_type->type, "author");
    EXPECT_EQ(relation<Book>("remarks").only_type->type, "books");
}

TEST(GenericRelations, TheOtherEndBelongsToTheKeyOfItsModel) {
    const auto& generic = *model<Remark>().generic_keys.front();
    EXPECT_EQ(relation<Book>("remarks").inverse, generic.keys[0]);
    EXPECT_EQ(relation<Author>("remarks").inverse, generic.keys[1]);
    EXPECT_EQ(labels(relation<Author>("remarks").target_columns), Names{"Remark.about"});
}

TEST(GenericRelations, TheTypeIsTheTableByDefault) {
    EXPECT_EQ(model<Price>().generic_keys.front()->types, Names{"a ware"});
}

// ---- declarations that contradict each other

TEST(ContradictingModels, AForeignKeyToACompositeKey) {
    KITH_EXPECT_ERROR((void)model<Cushion>(), ValueError,
                      "Cushion.seat refers to Seat, whose key is not one plain column");
}

TEST(ContradictingModels, AManyToManyToACompositeKey) {
    KITH_EXPECT_ERROR((void)model<Row>(), ValueError, "Seat has a primary key of several columns");
}

TEST(ContradictingModels, KeysThatHoldEachOther) {
    KITH_EXPECT_ERROR((void)model<Hen>(), ValueError, "whose key is not one plain column");
}

TEST(ContradictingModels, AReverseEndOfAForeignKeyToAnotherModel) {
    KITH_EXPECT_ERROR((void)model<Fan>(), ValueError,
                      "Fan.books is the reverse of Book.author, which points to Author");
}

TEST(ContradictingModels, AreRefusedEachTimeAndChangeNoOtherModel) {
    EXPECT_THROW((void)model<Fan>(), ValueError);
    EXPECT_THROW((void)model<Fan>(), ValueError);
    EXPECT_EQ(relation<Book>("author").inverse, &field<Author>("books"));
}

} // namespace
} // namespace kith::test
