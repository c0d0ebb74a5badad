// What may be written with QuerySets, sets and relations, and the types it gives. The functions named `writes_…` are
// compiled and never called: what they do is tested against databases elsewhere.

#include "unit/detail/typed_shop.hpp"

#include <kith/detail/core/ast.hpp>
#include <kith/detail/core/value_access.hpp>
#include <kith/kith.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace typed_shop;
using kith::Database;
using kith::Prefetch;
using kith::QuerySet;
using kith::Ref;

TEST(TypedQuerySet, IsARandomAccessRangeOfRows) {
    static_assert(std::ranges::random_access_range<QuerySet<Book>> && std::ranges::sized_range<QuerySet<Book>>);
    static_assert(std::ranges::random_access_range<const QuerySet<Book>>);
    static_assert(std::ranges::viewable_range<QuerySet<Book>> && std::ranges::viewable_range<QuerySet<Book>&>);
    static_assert(std::is_same_v<std::ranges::range_reference_t<QuerySet<Book>>, Book&>);
    static_assert(std::ranges::random_access_range<const kith::PrefetchedSet<Book>>);
}

TEST(TypedQuerySet, CannotBeSortedInPlace) {
    static_assert(!std::sortable<std::ranges::iterator_t<QuerySet<Book>>>);
    static_assert(!std::permutable<std::ranges::iterator_t<kith::PrefetchedSet<Book>>>);
    static_assert(std::sortable<std::vector<Ref<Book>>::iterator, std::less<>, Book* (*)(const Ref<Book>&)>);
}

TEST(TypedQuerySet, IndexesAsReferenceOrHandle) {
    static_assert(std::is_same_v<decltype(std::declval<QuerySet<Book>&>()[0]), Book&>);
    static_assert(std::is_same_v<decltype(std::declval<const QuerySet<Book>&>()[0]), Book&>);
    static_assert(std::is_same_v<decltype(std::declval<QuerySet<Book>>()[0]), Ref<Book>>);
}

TEST(TypedQuerySet, StreamsAreInputRanges) {
    static_assert(std::ranges::input_range<kith::Stream<Book>> && !std::ranges::forward_range<kith::Stream<Book>>);
    static_assert(!std::is_copy_constructible_v<kith::Stream<Book>> &&
                  std::is_move_constructible_v<kith::Stream<Book>>);
}

TEST(TypedQuerySet, KeysHaveTheTypeOfTheTargetsKey) {
    static_assert(std::is_same_v<decltype(std::declval<Book&>().author.key()), kith::Uuid>);
    static_assert(std::is_same_v<decltype(std::declval<Shop&>().owner.key()), std::string>);
    static_assert(std::is_same_v<decltype(std::declval<Sale&>().shop.key()), std::string>);
    static_assert(std::is_same_v<decltype(std::declval<Passport&>().owner.key()), kith::Uuid>);
}

TEST(TypedQuerySet, ValuesListsHaveTheTypesOfTheirColumns) {
    using Books = const QuerySet<Book>&;
    static_assert(std::is_same_v<decltype(std::declval<Books>().values_list<"title">()), std::vector<std::string>>);
    static_assert(std::is_same_v<decltype(std::declval<Books>().values_list<"title", "price", "author__name">()),
                                 std::vector<std::tuple<std::string, std::optional<double>, std::string>>>);
    static_assert(std::is_same_v<decltype(std::declval<Books>().values_list<"author__mentor__name">()),
                                 std::vector<std::optional<std::string>>>);
    static_assert(
        std::is_same_v<decltype(std::declval<Books>().values_list<"writer__name">()), std::vector<std::string>>);
    static_assert(std::is_same_v<decltype(std::declval<Books>().values_list<"author", "writer", "kind">()),
                                 std::vector<std::tuple<kith::Uuid, kith::Uuid, Kind>>>);
    static_assert(std::is_same_v<decltype(std::declval<Books>().values_list<"shops__code">()),
                                 std::vector<std::optional<std::string>>>);
    static_assert(std::is_same_v<decltype(std::declval<Books>().values_list<"available">()), std::vector<bool>>);
}

TEST(TypedQuerySet, ValueTargetsPointIntoTheTuple) {
    using Values = std::tuple<std::string, std::optional<double>, Kind>;
    const auto targets = kith::detail::value_targets<Book, "title", "price", "kind">();
    Values values;
    auto* start = reinterpret_cast<std::byte*>(&values);
    EXPECT_EQ(static_cast<void*>(start + targets[0].offset), &std::get<0>(values));
    EXPECT_EQ(static_cast<void*>(start + targets[1].offset), &std::get<1>(values));
    EXPECT_EQ(static_cast<void*>(start + targets[2].offset), &std::get<2>(values));
    EXPECT_EQ(targets[0].access, nullptr);
    EXPECT_NE(targets[1].access, nullptr);
    EXPECT_EQ(targets[2].type, kith::detail::ColumnType::uint8);
}

TEST(TypedQuerySet, ConditionsAreTreesOfComparisons) {
    using Kind = kith::detail::Expr::Kind;
    auto condition = ("stock__gt"_f = 3) || ("sold"_f = 4U) || !("title"_f = "x");
    const auto& expr = condition.expr();
    ASSERT_EQ(expr.kind, Kind::any);
    ASSERT_EQ(expr.children.size(), 3U);
    EXPECT_EQ(expr.children[0].path, "stock__gt");
    EXPECT_EQ(std::get<kith::detail::Value>(expr.children[0].operand), kith::detail::Value(std::int64_t{3}));
    EXPECT_EQ(expr.children[2].kind, Kind::negate);
    EXPECT_EQ(expr.children[2].children[0].path, "title");
}

TEST(TypedQuerySet, ConditionsKeepTheKindOfTheirValue) {
    using kith::detail::FieldName;
    using kith::detail::Value;
    auto list = "stock__in"_f = {1, 2};
    EXPECT_EQ(std::get<std::vector<Value>>(list.expr().operand).size(), 2U);
    auto field = "stock__lt"_f = "sold"_f;
    EXPECT_EQ(std::get<FieldName>(field.expr().operand).path, "sold");
    auto same = "stock"_f = "stock"_f;
    EXPECT_EQ(std::get<FieldName>(same.expr().operand).path, "stock");
    auto late = "stock"_f = kith::runtime("sold");
    EXPECT_EQ(std::get<FieldName>(late.expr().operand).path, "sold");
    auto empty = "price"_f = std::optional<double>{};
    EXPECT_TRUE(kith::detail::is_null(std::get<Value>(empty.expr().operand)));
    auto pair = "stock__range"_f = std::pair(1, 2);
    EXPECT_EQ((std::get<std::pair<Value, Value>>(pair.expr().operand).second), Value(std::int64_t{2}));
}

TEST(TypedQuerySet, ValuesAreWidened) {
    using kith::detail::Value;
    const auto to_value = [](const auto& value) { return kith::detail::to_value(kith::detail::view_of(value)); };
    EXPECT_EQ(to_value(std::int8_t{-1}), Value(std::int64_t{-1}));
    EXPECT_EQ(to_value(5UL), Value(std::int64_t{5}));
    EXPECT_EQ(to_value(~0UL), Value(~std::uint64_t{0}));
    EXPECT_EQ(to_value(true), Value(true));
    EXPECT_EQ(to_value(1.5F), Value(1.5));
    EXPECT_EQ(to_value(Kind::poem), Value(std::int64_t{1}));
    EXPECT_EQ(to_value("text"), Value(std::string("text")));
    EXPECT_EQ(to_value(kith::PrimaryKey<>(3)), Value(std::int64_t{3}));
    EXPECT_EQ(to_value(std::chrono::sys_seconds(std::chrono::seconds(1))),
              Value(kith::Timestamp(std::chrono::microseconds(1000000))));
    EXPECT_EQ(to_value(std::optional<int>(2)), Value(std::int64_t{2}));
}

[[maybe_unused]] void writes_conditions(const Database& db) {
    const auto books = db.objects<Book>();
    const auto authors = db.objects<Author>().filter("name__startswith"_f = std::string("a"));
    const Ref<Author> author = authors.first();
    (void)books.filter("stock__lt"_f = "sold"_f, "stock"_f = "stock"_f);
    (void)books.filter(("stock__lt"_f = 3) || (!("title"_f = "x") && ("price__gte"_f = 10)));
    (void)books.filter("stock__in"_f = {1, 2}, "title__in"_f = {"a", "b"}, "kind__in"_f = {Kind::poem});
    (void)books.filter("author"_f = author, "author__mentor"_f = *author, "author__mentor"_f = nullptr);
    (void)books.filter("author__in"_f = authors, "writer__in"_f = authors, "author__id__in"_f = authors);
    (void)books.filter("id__in"_f = books, "author__in"_f = std::vector<Ref<Author>>{author});
    (void)books.exclude("shops__owner__name"_f = "x", "printed__range"_f = std::pair(kith::Date{}, kith::Date{}));
    (void)books.filter(kith::runtime("author__name") = "x", kith::runtime("stock") = kith::runtime("sold"));
    (void)books.filter(kith::runtime("stock") = "sold"_f, kith::runtime("stock__in") = {1, 2});
    (void)books.get("pk"_f = 1).get();
    (void)db.objects<Report>().filter("count__gt"_f = 5).empty();
    (void)db.objects<Seat>().filter("shelf"_f = Shelf::top).size();
}

[[maybe_unused]] void writes_loading(const Database& db) {
    const auto books = db.objects<Book>();
    const auto authors = db.objects<Author>();
    (void)authors.prefetch_related("books__shops", Prefetch("books"_f, books, "poems"_f), Prefetch("books"_f, books),
                                   Prefetch("mentor"_f, kith::None, "known_mentor"_f), "poems__author");
    (void)authors.prefetch_related(Prefetch(kith::runtime("books"), books, kith::runtime("poems")),
                                   kith::runtime("mentor"));
    (void)authors.prefetch_related("mentor", "books", "passport", "pupils", "mentor__books", "pupils__books");
    (void)authors.prefetch_related(kith::None).prefetch_related();
    (void)authors.select_related("mentor__mentor", "passport").select_related(kith::None);
    (void)authors.order_by("-name", "mentor__name", kith::runtime("id")).order_by().order_by(kith::None);
    std::vector<kith::Lookup<Author>> lookups{"books", Prefetch("books"_f, books, "poems"_f), kith::runtime("mentor")};
    lookups.push_back("passport");
    lookups[0] = lookups[1];
    (void)authors.prefetch_related(lookups);

    const auto rows = authors.rows();
    const std::vector<Author*> pointers;
    kith::prefetch_related_objects(rows, "books__author", Prefetch("books"_f, books, "poems"_f));
    kith::prefetch_related_objects(pointers, "books");
    kith::prefetch_related_objects(authors, lookups);
    kith::prefetch_related_objects(rows[0], "books");
    kith::prefetch_related_objects(*rows[0], "books");
    kith::prefetch_related_objects(authors | std::views::filter([](const Author& a) { return a.name == "x"; }),
                                   "books");
}

[[maybe_unused]] void writes_rows(const Database& db) {
    const auto books = db.objects<Book>();
    for (Book& book : books) book.stock += 1;
    for (const Book& book :
         books | std::views::filter([](const Book& b) { return b.stock > 1; }) | std::views::take(2)) {
        (void)book;
    }
    for (Book& book : books.iterator({.chunk_size = 2})) (void)book;
    for (Book& book : db.objects<Author>().first()->books.all()) (void)book;
    (void)std::ranges::max_element(books, {}, &Book::stock);
    (void)books.reverse().distinct().slice(1, 2).all().none().on(db).fetch_mode(kith::FetchMode::peers).count();
    (void)books.contains(5);
    (void)books.contains(books[0]);
    (void)books.contains(books.last());
    static_assert(std::is_same_v<decltype(books.in_bulk({1, 2})), std::map<std::int64_t, Ref<Book>>>);
    (void)db.objects<Passport>().in_bulk(std::set<kith::Uuid>{});
    auto kept = books.rows();
    std::ranges::sort(kept, {}, [](const Ref<Book>& book) { return book->stock; });
}

[[maybe_unused]] void writes_relations(const Database& db) {
    const Ref<Author> author = db.objects<Author>().create({.name = "x"});
    Book book{.title = "t", .author = author};
    book.author = *author;
    book.author = nullptr;
    book.author = author;
    book.author.set_key(kith::Uuid{});
    Book copy = kith::detached(book);
    copy.author = book.author;
    (void)(book.author == nullptr || book.author.is_null() || !book.author || book.author.is_loaded());
    author->books.add(book, copy, author->books.first(), 5, &book);
    author->pupils.remove(author);
    author->pupils.clear();
    author->pupils.set(std::vector<Ref<Author>>{author});
    const Ref<Shop> shop = db.objects<Shop>().create({.code = "north"});
    shop->books.remove(book);
    shop->books.clear();
    shop->books.set(std::vector<int>{1, 2});
    shop->books.set(db.objects<Book>());
    (void)shop->books.filter("title"_f = "x").order_by("-title").first();
    (void)shop->books.create({.title = "n"});
    (void)shop->books.is_prefetched();
    for (Book& poem : author->poems) (void)poem;
    if (author->passport && author->known_mentor) (void)author->passport->number;
}

[[maybe_unused]] void writes_tables(const Database& db) {
    db.create_tables<Author, Book, Shop, Sale, Passport, Seat>();
    Book book;
    db.insert(book);
    db.save(db.objects<Book>().first());
    db.refresh(db.objects<Book>().first());
    db.remove(book);
    const auto books = db.objects<Book>();
    (void)books.update("stock"_f = 5, "sold"_f = "stock"_f, "writer"_f = kith::Uuid{},
                       "price"_f = std::optional<double>{});
    const auto [author, is_new] =
        db.objects<Author>().get_or_create("name"_f = "x", kith::defaults("mentor"_f = nullptr));
    (void)db.objects<Author>().update_or_create("name"_f = "x", kith::defaults());
    (void)books.bulk_create({{.title = "a"}, {.title = "b"}});
    (void)(is_new && author != nullptr);
}

} // namespace
