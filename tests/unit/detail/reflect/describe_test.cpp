// What a struct's declaration says to the core.

#include "unit/detail/typed_shop.hpp"

#include <kith/kith.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace typed_shop;
using kith::detail::ColumnType;
using kith::detail::MemberDescription;
using kith::detail::MemberKind;

template <class M>
constexpr const MemberDescription& member(std::string_view name) {
    return *kith::detail::find_member(kith::detail::describe<M>(), name);
}

TEST(TypedDescription, OfModels) {
    constexpr const auto& book = kith::detail::describe<Book>();
    static_assert(book.name == "Book" && book.table.name == "books" && book.members.size() == 14);
    static_assert(book.size == sizeof(Book) && book.align == alignof(Book));
    static_assert(book.table.ordering.names[0] == "-title" && book.table.indexes.lists[0].names[1] == "sold");
    static_assert(kith::detail::describe<Report>().table.read_only);
    static_assert(kith::detail::describe<Author>().table.name.empty());
}

TEST(TypedDescription, OfPlainColumns) {
    static_assert(member<Book>("id").primary_key && member<Book>("id").type == ColumnType::int64);
    static_assert(member<Author>("id").type == ColumnType::uuid);
    static_assert(member<Shop>("code").type == ColumnType::text);
    static_assert(member<Book>("stock").type == ColumnType::int32 && member<Book>("sold").type == ColumnType::uint64);
    static_assert(member<Book>("available").type == ColumnType::boolean);
    static_assert(member<Book>("kind").type == ColumnType::uint8);
    static_assert(member<Book>("printed").type == ColumnType::date);
    static_assert(member<Book>("read_at").type == ColumnType::timestamp);
    static_assert(member<Book>("cost").type == ColumnType::decimal && member<Book>("extra").type == ColumnType::json);
    static_assert(member<Book>("cover").type == ColumnType::bytes);
    static_assert(member<Book>("price").nullable && member<Book>("price").type == ColumnType::float64);
    static_assert(!member<Book>("title").nullable);
    EXPECT_EQ(member<Book>("title").access, nullptr);
    static_assert(member<Seat>("shelf").type == ColumnType::int16 && member<Seat>("shelf").nullable);
}

TEST(TypedDescription, OfOptions) {
    static_assert(member<Author>("name").unique && member<Author>("name").max_length == 50);
    static_assert(member<Sale>("number").server_default && member<Sale>("label").generated);
    static_assert(member<Author>("mentor").nullable && member<Author>("mentor").on_delete == kith::OnDelete::set_null);
    static_assert(member<Book>("author").column == "writer" && !member<Book>("author").nullable);
    static_assert(member<Shop>("owner").to_field == "name" && member<Shop>("guests").join_table == "guests");
    static_assert(member<Passport>("owner").primary_key && member<Passport>("owner").kind == MemberKind::one_to_one);
    static_assert(member<Seat>("row").primary_key && member<Seat>("number").primary_key);
}

TEST(TypedDescription, OfRelations) {
    static_assert(member<Book>("author").kind == MemberKind::foreign_key);
    EXPECT_EQ(&member<Book>("author").target(), &kith::detail::describe<Author>());
    static_assert(member<Author>("books").kind == MemberKind::reverse_set &&
                  member<Author>("books").reverse_of == "author");
    static_assert(member<Author>("passport").kind == MemberKind::reverse_one);
    static_assert(member<Author>("poems").kind == MemberKind::prefetched_set);
    static_assert(member<Author>("known_mentor").kind == MemberKind::prefetched_one);
    EXPECT_EQ(&member<Shop>("books").through(), &kith::detail::describe<Sale>());
    static_assert(member<Shop>("books").through_from == "shop" && member<Shop>("books").through_to == "book");
}

TEST(TypedDescription, OffsetsAreThoseOfTheMembers) {
    std::uint32_t offsets[4]{};
    kith::detail::describe<Shop>().offsets(offsets);
    const Shop shop;
    const auto* start = reinterpret_cast<const std::byte*>(&shop);
    EXPECT_EQ(start + offsets[0], reinterpret_cast<const std::byte*>(&shop.code));
    EXPECT_EQ(start + offsets[1], reinterpret_cast<const std::byte*>(&shop.books));
    EXPECT_EQ(start + offsets[3], reinterpret_cast<const std::byte*>(&shop.owner));
}

TEST(TypedDescription, OffsetsOfOveralignedMembers) {
    struct Aligned {
        kith::PrimaryKey<std::int8_t> id{};
        alignas(32) std::int8_t number{};
    };
    std::uint32_t offsets[2]{};
    kith::detail::describe<Aligned>().offsets(offsets);
    EXPECT_EQ(offsets[0], 0U);
    EXPECT_EQ(offsets[1], 32U);
}

TEST(TypedDescription, ConstructsCopiesAndDestroysRows) {
    const auto& model = kith::detail::describe<Book>();
    alignas(Book) std::byte room[2][sizeof(Book)];
    model.construct(room[0]);
    auto& book = *std::launder(reinterpret_cast<Book*>(room[0]));
    EXPECT_EQ(book.id, 0);
    book.title = "A title that is too long to be kept inside of the string itself";
    model.copy(room[1], room[0]);
    model.destroy(room[0]);
    EXPECT_EQ(std::launder(reinterpret_cast<Book*>(room[1]))->title.substr(0, 7), "A title");
    model.destroy(room[1]);
}

TEST(TypedDescription, OptionalsAreReachedThroughTheirAccess) {
    const auto& access = *member<Book>("price").access;
    std::optional<double> price;
    EXPECT_EQ(access.peek(&price), nullptr);
    *static_cast<double*>(access.engage(&price)) = 1.5;
    EXPECT_EQ(price, 1.5);
    EXPECT_EQ(access.peek(&price), &*price);
    access.reset(&price);
    EXPECT_FALSE(price.has_value());
}

TEST(TypedDescription, ServerDefaultsKnowWhetherTheyWereGiven) {
    const auto& access = *member<Sale>("number").access;
    Sale sale;
    EXPECT_EQ(access.peek(&sale.number), nullptr);
    sale.number = 0;
    EXPECT_EQ(access.peek(&sale.number), &sale.number.value);
    access.reset(&sale.number);
    EXPECT_FALSE(sale.number.is_given());
    *static_cast<std::int64_t*>(access.engage(&sale.number)) = 5;
    EXPECT_TRUE(sale.number.is_given());
    EXPECT_EQ(sale.number, 5);
}

TEST(TypedDescription, RowsAreCopiedButNotAssigned) {
    static_assert(std::is_copy_constructible_v<Book> && std::is_move_constructible_v<Book>);
    static_assert(!std::is_copy_assignable_v<Book> && !std::is_move_assignable_v<Book>);
    static_assert(!std::is_copy_assignable_v<Passport>, "a OneToOne that is the key");
    static_assert(!std::is_copy_assignable_v<Seat>, "fields that are the key");
    static_assert(std::is_copy_assignable_v<kith::ForeignKey<Author>>, "q[0].boss = q[1].boss");
}

TEST(TypedDescription, RelationMembersAreTwoWords) {
    static_assert(sizeof(kith::ForeignKey<Author>) == 16 && sizeof(kith::OneToOne<Author, kith::primary_key>) == 16);
    static_assert(sizeof(kith::ManyToMany<Author>) == 16 && sizeof(kith::ReverseSet<Book, "author">) == 16);
    static_assert(sizeof(kith::ReverseOne<Passport, "owner">) == 16 && sizeof(kith::PrefetchedSet<Book>) == 16);
    static_assert(sizeof(kith::PrefetchedOne<Author>) == 16 && sizeof(kith::Ref<Book>) == sizeof(void*));
}

} // namespace
