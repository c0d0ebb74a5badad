#include "unit/library.hpp"
#include "unit/model/names.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kith::test {
namespace {

using namespace library;
using detail::ColumnType;
using detail::RelationState;

struct Shelf {
    kith::Field<std::string> room{};
    kith::Field<std::int32_t> number{};
    std::string label{};

    static constexpr kith::Table table{.primary_key = {"number", "room"}};
};

Names columns(const detail::ModelInfo& model) {
    Names found;
    for (const auto* field : model.columns) found.push_back(field->column);
    return found;
}

TEST(ModelColumns, TheTableIsNamedAfterTheStructByDefault) {
    EXPECT_EQ(model<Author>().table, "author");
    EXPECT_EQ(model<Book>().table, "books");
    EXPECT_EQ(model<Report>().schema, "stats");
    EXPECT_TRUE(model<Report>().read_only);
}

TEST(ModelColumns, FollowTheOrderOfTheMembers) {
    EXPECT_EQ(columns(model<Loan>()), (Names{"id", "book_id", "days", "seat_row", "seat_number", "cover"}));
}

TEST(ModelColumns, OfForeignKeysEndInIdByDefault) {
    EXPECT_EQ(field<Author>("country").column, "country_id");
    EXPECT_EQ(field<Book>("author").column, "writer");
}

TEST(ModelColumns, SetsAndSlotsAndAnnotationsHaveNone) {
    for (const auto* name :
         {"pupils", "books", "portrait", "friends", "remarks", "early_books", "first_mentor", "book_count"}) {
        EXPECT_EQ(field<Author>(name).column, "") << name;
    }
    EXPECT_EQ(field<Loan>("seat").column, "") << "other members hold its columns";
}

TEST(ModelColumns, KeepTheirOptions) {
    EXPECT_TRUE(field<Author>("name").unique);
    EXPECT_EQ(field<Author>("name").max_length, 50U);
    EXPECT_TRUE(field<Author>("biography").lazy);
    EXPECT_EQ(field<Author>("mentor").on_delete, OnDelete::set_null);
    EXPECT_TRUE(field<Author>("born").nullable);
    EXPECT_FALSE(field<Author>("name").nullable);
}

TEST(ModelColumns, AOneToOneIsUnique) { EXPECT_TRUE(field<Portrait>("sitter").unique); }

TEST(ModelColumns, ACompositePrimaryKeyHasTheOrderOfTheMembersOrOfTheTable) {
    EXPECT_EQ(names(model<Seat>().primary_key), (Names{"row", "number"}));
    EXPECT_EQ(names(model<Shelf>().primary_key), (Names{"number", "room"}));
    EXPECT_TRUE(field<Shelf>("room").primary_key);
    EXPECT_FALSE(field<Shelf>("label").primary_key);
}

TEST(ModelColumns, AViewHasNoPrimaryKey) { EXPECT_TRUE(model<Report>().primary_key.empty()); }

TEST(ModelColumns, ListsOfTheTableBecomeMembers) {
    ASSERT_EQ(model<Loan>().unique.size(), 1U);
    EXPECT_EQ(names(model<Loan>().unique.front()), (Names{"book", "days"}));
    ASSERT_EQ(model<Loan>().indexes.size(), 1U);
    EXPECT_EQ(names(model<Loan>().indexes.front()), (Names{"days", "cover"}));
}

TEST(ModelColumns, RelationsAreListedAsStatesAndLazyMembersAsMarked) {
    EXPECT_EQ(names(model<Portrait>().states), Names{"sitter"});
    EXPECT_EQ(names(model<Portrait>().marked), Names{"scan"});
    EXPECT_EQ(names(model<Author>().marked), (Names{"biography", "book_count"}));
}

TEST(ModelColumns, InANewRowKeysAreNullAndSetsAreNotLoaded) {
    const auto link_of = [](std::string_view name) {
        return std::ranges::find(model<Author>().initial_links, field<Author>(name).offset,
                                 &detail::InitialLink::offset)
            ->link;
    };
    EXPECT_EQ(link_of("country"), RelationState::resident_bit | RelationState::loaded_bit | RelationState::null_key);
    EXPECT_EQ(link_of("books"), RelationState::resident_bit);
    EXPECT_EQ(model<Author>().initial_links.size(), model<Author>().states.size());
}

TEST(ModelColumns, ACompositeKeyMayBeNullIfOneOfItsMembersMay) { EXPECT_TRUE(field<Loan>("seat").nullable); }

TEST(GenericColumns, AreTwoForAllTargets) {
    EXPECT_EQ(columns(model<Remark>()), (Names{"id", "words", "about_id", "about_type"}));
    const auto& generic = *model<Remark>().generic_keys.front();
    ASSERT_EQ(generic.keys.size(), 2U);
    for (const auto* key : generic.keys) EXPECT_EQ(key->column, "about_id");
    EXPECT_EQ(generic.type->column, "about_type");
}

TEST(GenericColumns, FollowEachOtherInTheMember) {
    const auto& generic = *model<Remark>().generic_keys.front();
    EXPECT_EQ(generic.keys[1]->offset, generic.keys[0]->offset + sizeof(RelationState));
    EXPECT_EQ(generic.type->offset, generic.keys[1]->offset + sizeof(RelationState));
}

TEST(GenericColumns, TheTypeIsAnIndexedText) {
    const auto& type = field<Remark>("about_type");
    EXPECT_EQ(type.type, ColumnType::text);
    EXPECT_GT(type.max_length, 0U);
    ASSERT_EQ(model<Remark>().indexes.size(), 1U);
    EXPECT_EQ(names(model<Remark>().indexes.front()), (Names{"about_type", "about"}));
}

} // namespace
} // namespace kith::test
