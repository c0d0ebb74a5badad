// Paths and values of conditions, judged at compile time.

#include "unit/detail/typed_shop.hpp"

#include <kith/kith.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace typed_shop;
using kith::detail::ConditionFault;
using kith::detail::description;
using kith::detail::judge_assignment;
using kith::detail::judge_condition;
using kith::detail::judge_fields;
using kith::detail::LookupFault;
using kith::detail::PathUse;
using kith::detail::resolve;
using kith::detail::shape_of;

template <class M>
constexpr LookupFault path(std::string_view text, PathUse use) {
    return resolve(description<M>, text, use).fault;
}
template <class M, class V>
constexpr ConditionFault condition(std::string_view text) {
    return judge_condition(description<M>, text, shape_of<V>).fault;
}
template <class M, class V>
constexpr ConditionFault assignment(std::string_view text) {
    return judge_assignment(description<M>, text, shape_of<V>).fault;
}

TEST(TypedLookup, PathsOfConditions) {
    constexpr auto found = resolve(description<Shop>, "books__author__name__icontains", PathUse::condition);
    static_assert(found.fault == LookupFault::none && found.lookup == "icontains" && found.many && found.nullable);
    static_assert(found.last.member->name == "name" && found.last.model->name == "Author");
    static_assert(path<Author>("books__shops__owner__mentor", PathUse::condition) == LookupFault::none);
    static_assert(path<Book>("author__pk__in", PathUse::condition) == LookupFault::none);
    static_assert(path<Book>("author__isnull", PathUse::condition) == LookupFault::none);
    static_assert(path<Book>("author__nmae", PathUse::condition) == LookupFault::no_member);
    static_assert(path<Book>("title__nmae", PathUse::condition) == LookupFault::unknown_lookup);
    static_assert(path<Book>("title__author__name", PathUse::condition) == LookupFault::column_has_no_members);
    static_assert(path<Author>("poems__title", PathUse::condition) == LookupFault::slot_is_no_column);
    static_assert(path<Book>("icontains", PathUse::condition) == LookupFault::no_member);
    static_assert(path<Seat>("pk", PathUse::condition) == LookupFault::no_single_key);
    static_assert(path<Book>("", PathUse::condition) == LookupFault::no_member);
}

TEST(TypedLookup, RawColumnsOfForeignKeys) {
    static_assert(path<Book>("writer", PathUse::condition) == LookupFault::none, "kith::column");
    static_assert(path<Book>("author_id", PathUse::condition) == LookupFault::no_member);
    static_assert(path<Sale>("shop_id__in", PathUse::condition) == LookupFault::none);
    static_assert(path<Sale>("shop_id__code", PathUse::condition) == LookupFault::none, "as Django has it");
    static_assert(path<Sale>("shop_id__code__in", PathUse::condition) == LookupFault::none);
    static_assert(path<Sale>("shop_id__kode", PathUse::condition) == LookupFault::no_member);
    static_assert(path<Sale>("-shop_id", PathUse::order) == LookupFault::no_member, "the sign is taken off before");
    static_assert(path<Sale>("shop_id", PathUse::order) == LookupFault::none);
    static_assert(path<Sale>("shop_id", PathUse::prefetch) == LookupFault::no_member);
}

TEST(TypedLookup, PathsOfLoading) {
    static_assert(path<Author>("poems__author__mentor", PathUse::prefetch) == LookupFault::none);
    static_assert(path<Author>("books__title", PathUse::prefetch) == LookupFault::column_is_no_relation);
    static_assert(path<Author>("books__title__id", PathUse::prefetch) == LookupFault::column_is_no_relation);
    static_assert(path<Author>("mentor__passport__owner", PathUse::select) == LookupFault::none);
    static_assert(path<Author>("books", PathUse::select) == LookupFault::set_in_select_related);
    static_assert(path<Author>("known_mentor", PathUse::select) == LookupFault::slot_is_no_column);
    static_assert(path<Author>("books__title", PathUse::order) == LookupFault::none);
    static_assert(path<Author>("name__iexact", PathUse::order) == LookupFault::column_has_no_members);
}

TEST(TypedLookup, ValuesOfColumns) {
    constexpr auto none = ConditionFault::none;
    constexpr auto wrong = ConditionFault::value_type;
    static_assert(condition<Book, int>("stock") == none && condition<Book, std::uint64_t>("stock__lt") == none);
    static_assert(condition<Book, bool>("stock") == wrong && condition<Book, const char*>("stock") == wrong);
    static_assert(condition<Book, double>("stock") == wrong && condition<Book, double>("stock__gt") == none);
    static_assert(condition<Book, int>("price") == none && condition<Book, std::optional<double>>("price") == none);
    static_assert(condition<Book, const char*>("title") == none && condition<Book, std::string_view>("title") == none);
    static_assert(condition<Book, int>("title") == wrong && condition<Book, char>("title") == wrong);
    static_assert(condition<Book, bool>("available") == none && condition<Book, int>("available") == wrong);
    static_assert(condition<Book, Kind>("kind") == none && condition<Book, Shelf>("kind") == wrong);
    static_assert(condition<Book, int>("kind") == wrong);
    static_assert(condition<Book, kith::Date>("printed") == none &&
                  condition<Book, kith::Timestamp>("printed") == wrong);
    static_assert(condition<Book, std::chrono::sys_seconds>("read_at__gte") == none);
    static_assert(condition<Book, kith::Date>("read_at__gte") == none);
    static_assert(condition<Book, kith::Decimal>("cost") == none && condition<Book, double>("cost") == wrong);
    static_assert(condition<Book, std::vector<std::byte>>("cover") == none);
    static_assert(condition<Author, kith::Uuid>("id") == none && condition<Author, kith::Uuid>("pk") == none);
    static_assert(condition<Author, kith::Field<std::string, kith::unique>>("name") == none);
    static_assert(condition<Book, kith::PrimaryKey<>>("pk") == none);
}

TEST(TypedLookup, NullIsComparedWhereItCanBe) {
    static_assert(condition<Book, std::nullptr_t>("price") == ConditionFault::none);
    static_assert(condition<Book, std::nullptr_t>("title") == ConditionFault::never_null);
    static_assert(condition<Book, std::nullptr_t>("author__mentor") == ConditionFault::none);
    static_assert(condition<Author, std::nullptr_t>("mentor__name") == ConditionFault::none, "there may be no mentor");
    static_assert(condition<Book, std::nullptr_t>("price__gt") == ConditionFault::value_type);
}

TEST(TypedLookup, LookupsAndTheirValues) {
    static_assert(condition<Book, std::vector<int>>("stock__in") == ConditionFault::none);
    static_assert(condition<Book, std::vector<std::string>>("stock__in") == ConditionFault::value_type);
    static_assert(condition<Book, int>("stock__in") == ConditionFault::takes_list);
    static_assert(condition<Book, std::vector<int>>("stock") == ConditionFault::takes_one);
    static_assert(condition<Book, std::pair<int, int>>("stock__range") == ConditionFault::none);
    static_assert(condition<Book, std::pair<int, const char*>>("stock__range") == ConditionFault::value_type);
    static_assert(condition<Book, int>("stock__range") == ConditionFault::takes_pair);
    static_assert(condition<Book, bool>("price__isnull") == ConditionFault::none);
    static_assert(condition<Book, int>("price__isnull") == ConditionFault::takes_bool);
    static_assert(condition<Book, int>("printed__year") == ConditionFault::none);
    static_assert(condition<Book, int>("stock__year") == ConditionFault::date_columns_only);
    static_assert(condition<Book, const char*>("title__iregex") == ConditionFault::none);
    static_assert(condition<Book, const char*>("stock__contains") == ConditionFault::text_columns_only);
    static_assert(condition<Book, int>("title__contains") == ConditionFault::takes_text);
}

TEST(TypedLookup, ValuesOfRelations) {
    constexpr auto none = ConditionFault::none;
    static_assert(condition<Book, Author>("author") == none && condition<Book, kith::Ref<Author>>("author") == none);
    static_assert(condition<Book, kith::Uuid>("author") == none && condition<Book, std::nullptr_t>("author") == none);
    static_assert(condition<Book, Book>("author") == ConditionFault::value_type);
    static_assert(condition<Book, int>("author") == ConditionFault::value_type);
    static_assert(condition<Shop, const char*>("owner") == none, "to_field leads to a text column");
    static_assert(condition<Shop, kith::Uuid>("owner") == ConditionFault::value_type);
    static_assert(condition<Author, std::int64_t>("books") == none, "the key of one of its rows");
    static_assert(condition<Book, kith::QuerySet<Author>>("author__in") == none);
    static_assert(condition<Book, kith::QuerySet<Shop>>("author__in") == ConditionFault::other_query);
    static_assert(condition<Book, kith::QuerySet<Author>>("author") == ConditionFault::takes_one);
    static_assert(condition<Book, std::vector<kith::Ref<Author>>>("author__in") == none);
    static_assert(condition<Passport, kith::Uuid>("pk") == none && condition<Passport, Author>("owner") == none);
}

TEST(TypedLookup, FieldsAgainstFields) {
    static_assert(judge_fields(description<Book>, "stock__lt", "sold").fault == ConditionFault::none);
    static_assert(judge_fields(description<Book>, "stock", "title").fault == ConditionFault::other_field);
    static_assert(judge_fields(description<Book>, "stock", "sodl").fault == ConditionFault::other_path);
    static_assert(judge_fields(description<Book>, "title", "author__name").fault == ConditionFault::none);
    static_assert(judge_fields(description<Author>, "mentor", "pupils").fault == ConditionFault::none,
                  "one of the keys of the set");
}

TEST(TypedLookup, Assignments) {
    static_assert(assignment<Book, int>("stock") == ConditionFault::none);
    static_assert(assignment<Book, kith::Ref<Author>>("author") == ConditionFault::none);
    static_assert(assignment<Book, std::nullptr_t>("author") == ConditionFault::never_null);
    static_assert(assignment<Author, std::nullptr_t>("mentor") == ConditionFault::none);
    static_assert(assignment<Book, int>("stock__gte") == ConditionFault::path);
    static_assert(assignment<Sale, const char*>("label") == ConditionFault::not_writable, "kith::generated");
    static_assert(assignment<Shop, int>("books") == ConditionFault::not_writable);
}

TEST(TypedLookup, ModelsOfTheTestsAreRight) {
    static_assert(kith::detail::model_ok<Author> && kith::detail::model_ok<Book> && kith::detail::model_ok<Shop>);
    static_assert(kith::detail::model_ok<Sale> && kith::detail::model_ok<Passport> && kith::detail::model_ok<Report>);
    static_assert(kith::detail::model_ok<Seat>);
}

} // namespace
