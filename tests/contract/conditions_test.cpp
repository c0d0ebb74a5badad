#include "support/rows.hpp"
#include "support/travel.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <set>

namespace conditions_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Keys = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;
using namespace std::chrono;

enum class Mood : std::uint8_t { calm = 1, merry = 2 };

struct Note {
    kith::PrimaryKey<> id{};
    std::string text{};
    std::optional<std::string> remark{};
    std::int64_t number{};
    std::optional<int> limit{};
    double weight{};
    bool done{};
    Mood mood{Mood::calm};
    kith::Date day{};
    kith::Timestamp moment{};
    kith::Uuid token{};
    kith::Decimal price{};
    std::vector<std::byte> blob{};

    static constexpr kith::Table table{.ordering = {"id"}};
};

class Lookups : public FileTest {
protected:
    Lookups() { db_.create_tables<Note>(); }

    template <class... C>
    Keys find(C... conditions) const {
        Keys keys;
        for (const Note& note : db_.objects<Note>().filter(conditions...)) keys.push_back(note.id);
        return keys;
    }
    /// One row for each text, with the keys 1, 2, …
    void texts(const Texts& list) const {
        std::vector<Note> notes;
        for (const auto& text : list) notes.push_back({.text = text});
        db_.objects<Note>().bulk_create(notes);
    }
};

class Conditions : public TravelTest {
protected:
    template <class... C>
    Keys people(C... conditions) const {
        return keys_of(objects<Person>().filter(conditions...).distinct());
    }
    template <class... C>
    Keys people_except(C... conditions) const {
        return keys_of(objects<Person>().exclude(conditions...).distinct());
    }
};

const kith::Date epoch{};

} // namespace

// ---- text

TEST_F(Lookups, ExactTellsCaseApartAndIexactDoesNot) {
    texts({"Wuhan", "wuhan", "WUHAN ", "Wuha"});
    EXPECT_EQ(find("text"_f = "Wuhan"), Keys{1});
    EXPECT_EQ(find("text__exact"_f = "wuhan"), Keys{2});
    EXPECT_EQ(find("text__iexact"_f = "wUHAN"), (Keys{1, 2}));
}

TEST_F(Lookups, PartsOfTextWithAndWithoutCase) {
    texts({"Hubei Province", "hubei", "North Hubei", "Hub"});
    EXPECT_EQ(find("text__contains"_f = "Hubei"), (Keys{1, 3}));
    EXPECT_EQ(find("text__icontains"_f = "HUBEI"), (Keys{1, 2, 3}));
    EXPECT_EQ(find("text__startswith"_f = "Hubei"), Keys{1});
    EXPECT_EQ(find("text__istartswith"_f = "hUBEI"), (Keys{1, 2}));
    EXPECT_EQ(find("text__endswith"_f = "Hubei"), Keys{3});
    EXPECT_EQ(find("text__iendswith"_f = "hUBEI"), (Keys{2, 3}));
}

TEST_F(Lookups, TheEmptyTextIsPartOfEveryText) {
    texts({"", "a"});
    EXPECT_EQ(find("text"_f = ""), Keys{1});
    EXPECT_EQ(find("text__iexact"_f = ""), Keys{1});
    EXPECT_EQ(find("text__contains"_f = ""), (Keys{1, 2}));
    EXPECT_EQ(find("text__istartswith"_f = ""), (Keys{1, 2}));
}

TEST_F(Lookups, PatternCharactersStandForThemselves) {
    const Texts specials{"%", "_", "\\", "*", "?", "[", "]", "^", "-", "[a-z]", "[^a]", "a%b", "\\%", "'", "\"", ";--"};
    texts(specials);
    texts({"axb", "plain"});
    for (std::size_t i = 0; i < specials.size(); ++i) {
        const auto& text = specials[i];
        Keys holding;
        Keys beginning;
        Keys ending;
        for (std::size_t k = 0; k < specials.size(); ++k) {
            const auto key = static_cast<std::int64_t>(k) + 1;
            if (specials[k].find(text) != std::string::npos) holding.push_back(key);
            if (specials[k].starts_with(text)) beginning.push_back(key);
            if (specials[k].ends_with(text)) ending.push_back(key);
        }
        const auto own = static_cast<std::int64_t>(i) + 1;
        EXPECT_EQ(find("text"_f = text), Keys{own}) << text;
        EXPECT_EQ(find("text__iexact"_f = text), Keys{own}) << text;
        if (text == "-") continue; // also in ";--" and "[a-z]", as the loop says; no more to learn
        EXPECT_EQ(find("text__contains"_f = text), holding) << text;
        EXPECT_EQ(find("text__icontains"_f = text), holding) << text;
        EXPECT_EQ(find("text__startswith"_f = text), beginning) << text;
        EXPECT_EQ(find("text__istartswith"_f = text), beginning) << text;
        EXPECT_EQ(find("text__endswith"_f = text), ending) << text;
        EXPECT_EQ(find("text__iendswith"_f = text), ending) << text;
    }
}

TEST_F(Lookups, ANulByteIsACharacterLikeOthers) {
    const std::string with("a\0b", 3);
    if (backend() == Backend::postgresql) {
        EXPECT_THROW(find("text"_f = with), kith::ValueError) << "its texts have no such character";
        EXPECT_THROW(find("text__in"_f = {with}), kith::ValueError);
        return;
    }
    texts({with, "a", "ab", std::string("\0", 1)});
    EXPECT_EQ(find("text"_f = with), Keys{1});
    EXPECT_EQ(find("text"_f = "a"), Keys{2});
    EXPECT_EQ(find("text__in"_f = {with}), Keys{1});
    EXPECT_EQ(find("text"_f = std::string("\0", 1)), Keys{4});
}

TEST_F(Lookups, PatternsWithANulByteAreRefused) {
    texts({"a"});
    const std::string with("a\0b", 3);
    if (backend() == Backend::mariadb) {
        EXPECT_EQ(find("text__contains"_f = with), Keys{}) << "it reads them as others";
        return;
    }
    EXPECT_THROW(find("text__contains"_f = with), kith::ValueError) << "SQLite would look for what ends in a";
    EXPECT_THROW(find("text__istartswith"_f = with), kith::ValueError);
    EXPECT_THROW(find("text__iexact"_f = with), kith::ValueError);
}

TEST_F(Lookups, TextBeyondAsciiIsFound) {
    texts({"武汉市", "Élan", "élan", "😀 face"});
    EXPECT_EQ(find("text__contains"_f = "汉"), Keys{1});
    EXPECT_EQ(find("text__startswith"_f = "😀"), Keys{4});
    EXPECT_EQ(find("text"_f = "élan"), Keys{3});
    EXPECT_EQ(find("text__regex"_f = "^武.市$"), Keys{1});
}

TEST_F(Lookups, RegularExpressions) {
    texts({"Wuhan City", "wuhan city", "Shiyan City", "a.b"});
    EXPECT_EQ(find("text__regex"_f = "^W.*City$"), Keys{1});
    EXPECT_EQ(find("text__iregex"_f = "^w.*CITY$"), (Keys{1, 2}));
    EXPECT_EQ(find("text__regex"_f = R"(a\.b)"), Keys{4});
    EXPECT_EQ(find("text__regex"_f = "(Shi|Wu)"), (Keys{1, 3}));
}

TEST_F(Lookups, AWrongRegularExpressionIsRefusedBeforeAStatement) {
    texts({"x"});
    const kith::QueryLog log(db_);
    if (backend() == Backend::postgresql) {
        EXPECT_THROW(find("text__regex"_f = "("), kith::DatabaseError) << "it has a syntax of its own";
        EXPECT_EQ(find("text"_f = "x"), Keys{1});
        return;
    }
    EXPECT_THROW(find("text__regex"_f = "("), kith::ValueError);
    EXPECT_THROW(find("text__iregex"_f = "[a"), kith::ValueError);
    EXPECT_EQ(log.size(), 0u);
    EXPECT_EQ(find("text"_f = "x"), Keys{1});
}

// ---- order and lists

TEST_F(Lookups, NumbersAreCompared) {
    db_.objects<Note>().bulk_create(
        {{.number = -5, .weight = 0.5}, {.number = 0, .weight = 1.5}, {.number = 7, .weight = 9.25}});
    EXPECT_EQ(find("number__gt"_f = 0), Keys{3});
    EXPECT_EQ(find("number__gte"_f = 0), (Keys{2, 3}));
    EXPECT_EQ(find("number__lt"_f = 0), Keys{1});
    EXPECT_EQ(find("number__lte"_f = 0), (Keys{1, 2}));
    EXPECT_EQ(find("number__gt"_f = -0.5), (Keys{2, 3}));
    EXPECT_EQ(find("weight"_f = 1.5), Keys{2});
    EXPECT_EQ(find("weight__gt"_f = 1), (Keys{2, 3}));
    EXPECT_EQ(find("number__range"_f = std::pair(-5, 0)), (Keys{1, 2}));
    EXPECT_EQ(find("weight__range"_f = std::pair(1.0, 10.0)), (Keys{2, 3}));
    EXPECT_EQ(find("number__range"_f = std::pair(1, -1)), Keys{}) << "ends that are the wrong way round hold nothing";
}

TEST_F(Lookups, IntegersBeyondTheColumnAreRefused) {
    db_.objects<Note>().create({.number = INT64_MAX});
    constexpr std::uint64_t beyond = std::uint64_t{1} << 63;
    EXPECT_EQ(find("number"_f = INT64_MAX), Keys{1});
    EXPECT_THROW(find("number__in"_f = std::vector<std::uint64_t>{beyond}), kith::ValueError);
    EXPECT_THROW(find("number"_f = beyond), kith::ValueError) << "rather than compared as a floating-point number";
    EXPECT_THROW(find("number__lt"_f = UINT64_MAX), kith::ValueError);
}

TEST_F(Lookups, OtherTypesAreComparedAsWhatTheyAre) {
    const auto token = kith::Uuid::parse("01234567-89ab-cdef-0123-456789abcdef");
    const std::vector<std::byte> blob{std::byte{0}, std::byte{255}};
    db_.objects<Note>().bulk_create(
        {{.done = true, .mood = Mood::merry, .token = token, .price = kith::Decimal("9.5"), .blob = blob},
         {.price = kith::Decimal("10.00")}});
    EXPECT_EQ(find("done"_f = true), Keys{1});
    EXPECT_EQ(find("mood"_f = Mood::merry), Keys{1});
    EXPECT_EQ(find("mood__in"_f = {Mood::calm}), Keys{2});
    EXPECT_EQ(find("token"_f = token), Keys{1});
    EXPECT_EQ(find("token"_f = "0123456789ABCDEF0123456789abcdef"), Keys{1});
    EXPECT_EQ(find("token__in"_f = {token}), Keys{1});
    EXPECT_EQ(find("blob"_f = blob), Keys{1});
    EXPECT_EQ(find("price__gt"_f = kith::Decimal("9.75")), Keys{2}) << "by value, not by text";
    EXPECT_EQ(find("price"_f = kith::Decimal("10")), Keys{2});
    EXPECT_EQ(find("price"_f = 10), Keys{2});
    EXPECT_EQ(find("price__in"_f = {kith::Decimal("10.0"), kith::Decimal("9.50")}), (Keys{1, 2}));
    EXPECT_EQ(find("price__range"_f = std::pair(kith::Decimal("9"), kith::Decimal("9.9"))), Keys{1});
}

TEST_F(Lookups, DatesAndMomentsAreComparedAndTakenApart) {
    const auto day = [](int y, unsigned m, unsigned d) { return kith::Date(year(y) / month(m) / std::chrono::day(d)); };
    db_.objects<Note>().bulk_create(
        {{.day = day(1969, 12, 31), .moment = kith::Timestamp(day(1969, 12, 31)) + 23h + 59min},
         {.day = day(2024, 2, 29), .moment = kith::Timestamp(day(2024, 2, 29)) + 1us},
         {.day = day(2024, 12, 1), .moment = kith::Timestamp(day(2025, 1, 1))}});
    EXPECT_EQ(find("day"_f = day(2024, 2, 29)), Keys{2});
    EXPECT_EQ(find("day__lt"_f = epoch), Keys{1});
    EXPECT_EQ(find("day__range"_f = std::pair(day(2024, 1, 1), day(2024, 12, 1))), (Keys{2, 3}));
    EXPECT_EQ(find("day__year"_f = 2024), (Keys{2, 3}));
    EXPECT_EQ(find("day__year"_f = 1969), Keys{1});
    EXPECT_EQ(find("day__month"_f = 12), (Keys{1, 3}));
    EXPECT_EQ(find("day__day"_f = 29), Keys{2});
    EXPECT_EQ(find("moment__year"_f = 2024), Keys{2});
    EXPECT_EQ(find("moment__month"_f = 1), Keys{3});
    EXPECT_EQ(find("moment__day"_f = 31), Keys{1});
    EXPECT_EQ(find("moment__gt"_f = day(2024, 2, 29)), (Keys{2, 3})) << "by a microsecond";
    EXPECT_EQ(find("moment"_f = kith::Timestamp(day(2025, 1, 1))), Keys{3});
    EXPECT_EQ(find("moment__lt"_f = kith::Timestamp(day(2024, 2, 29)) + 2us, "moment__gte"_f = epoch), Keys{2});
}

TEST_F(Lookups, MomentsWithAndWithoutFractionsAreOrderedByTime) {
    const kith::Timestamp base{seconds(1'700'000'000)};
    db_.objects<Note>().bulk_create(
        {{.moment = base}, {.moment = base + 1us}, {.moment = base + 100ms}, {.moment = base + 1s}});
    EXPECT_EQ(find("moment__gt"_f = base), (Keys{2, 3, 4}));
    EXPECT_EQ(find("moment__lt"_f = base + 1s), (Keys{1, 2, 3}));
    EXPECT_EQ(find("moment__range"_f = std::pair(base + 1us, base + 100ms)), (Keys{2, 3}));
    EXPECT_EQ(column(db_.objects<Note>().order_by("-moment"), &Note::moment).front(), base + 1s);
}

TEST_F(Lookups, InTakesEveryKindOfRange) {
    texts({"a", "b", "c", "d"});
    const std::set<std::string> names{"b", "d"};
    const std::array<std::int64_t, 2> keys{1, 3};
    EXPECT_EQ(find("text__in"_f = names), (Keys{2, 4}));
    EXPECT_EQ(find("id__in"_f = keys), (Keys{1, 3}));
    EXPECT_EQ(find("id__in"_f = {4, 1}), (Keys{1, 4}));
    EXPECT_EQ(find("id__in"_f = {1, 1, 1}), Keys{1}) << "a row is in a list once";
    EXPECT_EQ(find("text__in"_f = {"a", "zz"}), Keys{1});
}

TEST_F(Lookups, NothingIsInAnEmptyList) {
    texts({"a", "b"});
    EXPECT_EQ(find("id__in"_f = Keys{}), Keys{});
    EXPECT_EQ(find(!("id__in"_f = Keys{})), (Keys{1, 2}));
    EXPECT_EQ(db_.objects<Note>().exclude("id__in"_f = Keys{}).count(), 2);
    EXPECT_EQ(find(("id__in"_f = Keys{}) || ("id"_f = 2)), Keys{2});
}

TEST_F(Lookups, AHundredThousandValuesTakeOneStatementOfTheSameText) {
    texts({"a", "b", "c"});
    const kith::QueryLog log(db_);
    Keys many(100'000);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int64_t>(i) + 2;
    EXPECT_EQ(find("id__in"_f = many), (Keys{2, 3}));
    EXPECT_EQ(find("id__in"_f = {3}), Keys{3});
    Texts words;
    for (const auto key : many) words.push_back("word " + std::to_string(key));
    words.emplace_back("c");
    EXPECT_EQ(find("text__in"_f = words), Keys{3});
    ASSERT_EQ(log.size(), 3u);
    EXPECT_EQ(log[0].sql, log[1].sql);
    EXPECT_LT(log[0].parameters[0].size(), 200u) << "shortened in the log";
}

// ---- NULL

TEST_F(Lookups, NullIsFoundByIsnullAndByAnEmptyOptional) {
    db_.objects<Note>().bulk_create({{.remark = "x", .limit = 1}, {.remark = std::nullopt, .limit = std::nullopt}});
    EXPECT_EQ(find("remark__isnull"_f = true), Keys{2});
    EXPECT_EQ(find("remark__isnull"_f = false), Keys{1});
    EXPECT_EQ(find("text__isnull"_f = true), Keys{});
    EXPECT_EQ(find("remark"_f = std::nullopt), Keys{2});
    EXPECT_EQ(find("remark"_f = std::optional<std::string>{}), Keys{2}) << "an absent value never drops the condition";
    EXPECT_EQ(find("limit"_f = std::optional<int>{1}), Keys{1});
    EXPECT_EQ(find("limit__in"_f = std::vector<std::optional<int>>{1, std::nullopt}), Keys{1}) << "as in SQL";
    EXPECT_THROW(find("limit__gt"_f = std::optional<int>{}), kith::ValueError);
}

TEST_F(Lookups, NegationKeepsNulls) {
    db_.objects<Note>().bulk_create({{.remark = "x"}, {.remark = "y"}, {.remark = std::nullopt}});
    EXPECT_EQ(find(!("remark"_f = "x")), (Keys{2, 3}));
    EXPECT_EQ(keys_of(db_.objects<Note>().exclude("remark"_f = "x")), (Keys{2, 3}));
    EXPECT_EQ(keys_of(db_.objects<Note>().exclude("remark__icontains"_f = "X")), (Keys{2, 3}));
    EXPECT_EQ(keys_of(db_.objects<Note>().exclude("remark__in"_f = {"x", "y"})), Keys{3});
    EXPECT_EQ(keys_of(db_.objects<Note>().exclude("remark__isnull"_f = true)), (Keys{1, 2}));
    EXPECT_EQ(find(!!("remark"_f = "x")), Keys{1});
    EXPECT_EQ(find(!(("remark"_f = "x") || ("id"_f = 2))), Keys{3});
}

// ---- combinations, columns with each other

TEST_F(Lookups, ConditionsCombine) {
    db_.objects<Note>().bulk_create(
        {{.number = 1, .done = true}, {.number = 1}, {.number = 2, .done = true}, {.number = 2}});
    EXPECT_EQ(find(("number"_f = 1) && ("done"_f = true)), Keys{1});
    EXPECT_EQ(find(("number"_f = 1) || ("done"_f = true)), (Keys{1, 2, 3}));
    EXPECT_EQ(find(("number"_f = 2) || (("number"_f = 1) && !("done"_f = true))), (Keys{2, 3, 4}));
    EXPECT_EQ(find((("number"_f = 2) || ("number"_f = 1)) && !("done"_f = true)), (Keys{2, 4}));
    EXPECT_EQ(find(("id"_f = 1) || ("id"_f = 4), "done"_f = false), Keys{4}) << "several arguments: all of them";
    EXPECT_EQ(find(!(("number"_f = 1) && ("done"_f = true))), (Keys{2, 3, 4}));
}

TEST_F(Lookups, ColumnsAreComparedWithEachOther) {
    db_.objects<Note>().bulk_create({{.text = "a", .remark = "a", .number = 5, .limit = 9},
                                     {.text = "a", .remark = "b", .number = 9, .limit = 5},
                                     {.text = "c", .number = 1}});
    EXPECT_EQ(find("text"_f = "remark"_f), Keys{1});
    EXPECT_EQ(find("number__lt"_f = "limit"_f), Keys{1});
    EXPECT_EQ(find("number__gt"_f = "limit"_f), Keys{2});
    EXPECT_EQ(find("number"_f = "number"_f), (Keys{1, 2, 3}));
    EXPECT_EQ(find("number__lt"_f = kith::runtime("limit")), Keys{1});
    EXPECT_EQ(find(kith::runtime("number__lt") = "limit"_f), Keys{1});
    EXPECT_EQ(keys_of(db_.objects<Note>().exclude("number__lt"_f = "limit"_f)), (Keys{2, 3})) << "the NULL stays";
}

TEST_F(Lookups, PkStandsForTheKey) {
    texts({"a", "b", "c"});
    EXPECT_EQ(find("pk"_f = 2), Keys{2});
    EXPECT_EQ(find("pk__in"_f = {1, 3}), (Keys{1, 3}));
    EXPECT_EQ(find("pk__gt"_f = 1), (Keys{2, 3}));
}

// ---- across relations

TEST_F(Conditions, FollowForeignKeysForward) {
    EXPECT_EQ(people("hometown__name"_f = "Shiyan City"), Keys{1});
    EXPECT_EQ(people("hometown__province__name__startswith"_f = "Guang"), (Keys{2, 4}));
    EXPECT_EQ(people("hometown__province"_f = 1), (Keys{1, 3}));
    EXPECT_EQ(people("hometown_id"_f = 2), (Keys{2, 4}));
    EXPECT_EQ(people("hometown_id__in"_f = {1, 3}), (Keys{1, 3}));
}

TEST_F(Conditions, FollowForeignKeysBackward) {
    EXPECT_EQ(keys_of(objects<Province>().filter("city_set__name"_f = "Wuhan City")), Keys{1});
    EXPECT_EQ(keys_of(objects<Province>().filter("city_set__natives__firstname"_f = "Si").distinct()), Keys{2});
    EXPECT_EQ(keys_of(objects<City>().filter("natives__isnull"_f = true)), Keys{});
    EXPECT_EQ(keys_of(objects<Province>().filter("city_set"_f = 3)), Keys{1});
}

TEST_F(Conditions, FollowManyToManyBothWays) {
    EXPECT_EQ(people("visitation__name"_f = "Guangzhou City"), (Keys{1, 3}));
    EXPECT_EQ(people("visitation__province__name"_f = "Hubei Province"), (Keys{1, 2}));
    EXPECT_EQ(keys_of(objects<City>().filter("visitors__firstname"_f = "Wu")), Keys{2});
    EXPECT_EQ(keys_of(objects<Province>().filter("city_set__visitors__lastname"_f = "Li")), Keys{1});
    EXPECT_EQ(people("visitation__isnull"_f = true), Keys{4});
    EXPECT_EQ(people("visitation__isnull"_f = false), (Keys{1, 2, 3}));
}

TEST_F(Conditions, AComparisonWithTheKeyBehindARelationNeedsNoJoin) {
    const auto text = objects<Person>().filter("hometown__id"_f = 2).sql();
    EXPECT_EQ(text.find("JOIN"), std::string::npos) << text;
}

TEST_F(Conditions, RelationsTakeRowsRefsKeysAndNull) {
    const auto guangzhou = objects<City>().get("name"_f = "Guangzhou City");
    const auto cities = objects<City>().filter("province"_f = 1);
    EXPECT_EQ(people("hometown"_f = guangzhou), (Keys{2, 4}));
    EXPECT_EQ(people("hometown"_f = *guangzhou), (Keys{2, 4}));
    EXPECT_EQ(people("hometown"_f = 2), (Keys{2, 4}));
    EXPECT_EQ(people("living"_f = nullptr), Keys{4});
    EXPECT_EQ(people("living__isnull"_f = true), Keys{4});
    EXPECT_EQ(people("hometown__in"_f = cities.rows()), (Keys{1, 3}));
    EXPECT_EQ(people("visitation"_f = guangzhou), (Keys{1, 3}));
    EXPECT_EQ(people("living"_f = kith::Ref<City>{}), Keys{4}) << "an empty Ref is null";
    EXPECT_THROW(people("hometown"_f = City{.name = "new"}), kith::ValueError) << "never saved";
}

TEST_F(Conditions, InTakesAQuerySetAsASubquery) {
    const auto hubei = objects<City>().filter("province__name"_f = "Hubei Province");
    EXPECT_EQ(people("hometown__in"_f = hubei), (Keys{1, 3}));
    EXPECT_EQ(people("visitation__in"_f = hubei), (Keys{1, 2}));
    EXPECT_EQ(people("hometown_id__in"_f = hubei), (Keys{1, 3}));
    EXPECT_EQ(people("id__in"_f = objects<Person>().filter("lastname"_f = "Zhang")), (Keys{1, 4}));
    EXPECT_EQ(people("hometown__in"_f = objects<City>().order_by("name").slice(0, 1)), (Keys{2, 4}));
    EXPECT_EQ(people("hometown__in"_f = hubei.none()), Keys{});
    EXPECT_EQ(people_except("hometown__in"_f = hubei), (Keys{2, 4}));
    EXPECT_EQ(log_.size(), 7u) << "each in one statement";
}

TEST_F(Conditions, OneCallMeansTheSameRelatedRow) {
    EXPECT_EQ(people("visitation__name"_f = "Guangzhou City", "visitation__province__name"_f = "Hubei Province"),
              Keys{});
    EXPECT_EQ(people(("visitation__name"_f = "Wuhan City") && ("visitation__province__name"_f = "Hubei Province")),
              (Keys{1, 2}));
}

TEST_F(Conditions, ChainedCallsMeanAnyRelatedRows) {
    const auto both = objects<Person>()
                          .filter("visitation__name"_f = "Guangzhou City")
                          .filter("visitation__province__name"_f = "Hubei Province");
    EXPECT_EQ(keys_of(both.distinct()), Keys{1});
    EXPECT_EQ(keys_of(objects<Person>().filter("visitation"_f = 1).filter("visitation"_f = 2)), Keys{1});
}

TEST_F(Conditions, AlternativesAcrossARelationLoseNoRow) {
    EXPECT_EQ(people(("visitation__name"_f = "Wuhan City") || ("lastname"_f = "Zhang")), (Keys{1, 2, 4}));
    EXPECT_EQ(people(("living__name"_f = "Wuhan City") || ("firstname"_f = "Si")), (Keys{1, 2, 4}));
    EXPECT_EQ(people(("living"_f = nullptr) || ("living__name"_f = "Wuhan City")), (Keys{1, 4}));
}

TEST_F(Conditions, ExcludeAcrossAManyToManyMeansNoneOfThem) {
    EXPECT_EQ(people_except("visitation__name"_f = "Wuhan City"), (Keys{3, 4}));
    EXPECT_EQ(people_except("visitation"_f = 2), (Keys{2, 4}));
    EXPECT_EQ(people_except("visitation__province__name"_f = "Hubei Province"), (Keys{3, 4}));
    EXPECT_EQ(people_except("visitation__isnull"_f = true), (Keys{1, 2, 3}));
    EXPECT_EQ(people(!("visitation__name"_f = "Wuhan City")), (Keys{3, 4}));
    EXPECT_EQ(keys_of(objects<Province>().exclude("city_set__name"_f = "Wuhan City")), Keys{2});
    EXPECT_EQ(keys_of(objects<City>().exclude("visitors__lastname"_f = "Zhang")), Keys{}) << "San has been everywhere";
}

TEST_F(Conditions, AnExclusionAcrossASetGivesEachRowOnce) {
    EXPECT_EQ(objects<Person>().exclude("visitation__name"_f = "nowhere").count(), 4);
    EXPECT_EQ(objects<Province>().exclude("city_set__name"_f = "nowhere").count(), 2);
}

TEST_F(Conditions, ExcludeAcrossANullableKeyKeepsTheNull) {
    EXPECT_EQ(people_except("living__name"_f = "Wuhan City"), (Keys{2, 3, 4}));
    EXPECT_EQ(people_except("living"_f = 1), (Keys{2, 3, 4}));
    EXPECT_EQ(people_except("living"_f = nullptr), (Keys{1, 2, 3}));
    EXPECT_EQ(people_except("living__name"_f = "Wuhan City", "lastname"_f = "Li"), (Keys{1, 2, 3, 4}));
}

TEST_F(Conditions, ColumnsAcrossRelationsAreCompared) {
    EXPECT_EQ(people("living__province"_f = "hometown__province"_f), (Keys{1, 2, 3}));
    EXPECT_EQ(people("living"_f = "hometown"_f), Keys{2});
    EXPECT_EQ(people("visitation"_f = "hometown"_f), Keys{1});
    EXPECT_EQ(people_except("living"_f = "hometown"_f), (Keys{1, 3, 4}));
}

// ---- names at run time

TEST_F(Conditions, RuntimeNamesFollowTheSameRules) {
    EXPECT_EQ(people(kith::runtime("hometown__name__icontains") = "SHIYAN"), Keys{1});
    EXPECT_EQ(people(kith::runtime("pk__in") = {2, 3}), (Keys{2, 3}));
    EXPECT_EQ(people(!(kith::runtime("lastname") = "Zhang") || (kith::runtime("id") = 1)), (Keys{1, 2, 3}));
    EXPECT_EQ(people(kith::runtime("living") = nullptr), Keys{4});
}

TEST_F(Conditions, WrongRuntimeNamesAreFieldErrorsAtOnce) {
    const auto people = objects<Person>();
    for (const char* name :
         {"__", "nam", "lastname__", "hometown__", "lastname__like", "lastname__exact__exact", "hometown__nam",
          "hometown____name", "_connector", "_negated", "lastname__isnull__x", "wu_city__name", "hometown__exact__name",
          "LASTNAME", " lastname", "hometown__province__nope__name"}) {
        EXPECT_THROW((void)people.filter(kith::runtime(name) = "x"), kith::FieldError) << name;
        EXPECT_THROW((void)people.exclude("firstname"_f = kith::runtime(name)), kith::FieldError) << name;
        EXPECT_THROW((void)people.order_by(kith::runtime(name)), kith::FieldError) << name;
        EXPECT_THROW((void)people.select_related(kith::runtime(name)), kith::FieldError) << name;
        EXPECT_THROW((void)people.prefetch_related(kith::runtime(name)), kith::FieldError) << name;
    }
    EXPECT_THROW((void)people.filter(kith::runtime("") = "x"), kith::FieldError);
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(Conditions, RuntimeValuesOfAnotherTypeAreValueErrorsAtOnce) {
    const auto people = objects<Person>();
    EXPECT_THROW((void)people.filter(kith::runtime("id") = "seven"), kith::ValueError);
    EXPECT_THROW((void)people.filter(kith::runtime("lastname") = 7), kith::ValueError);
    EXPECT_THROW((void)people.filter(kith::runtime("lastname__in") = "abc"), kith::ValueError);
    EXPECT_THROW((void)people.filter(kith::runtime("lastname") = std::vector{"a"}), kith::ValueError);
    EXPECT_THROW((void)people.filter(kith::runtime("id__range") = 7), kith::ValueError);
    EXPECT_THROW((void)people.filter(kith::runtime("id") = std::pair(1, 2)), kith::ValueError);
    EXPECT_THROW((void)people.filter(kith::runtime("id__isnull") = 1), kith::ValueError);
    EXPECT_THROW((void)people.filter(kith::runtime("lastname__year") = 2024), kith::ValueError);
    EXPECT_THROW((void)people.filter(kith::runtime("lastname__gt") = nullptr), kith::ValueError);
    EXPECT_THROW((void)people.filter(kith::runtime("hometown") = objects<City>()), kith::ValueError);
    EXPECT_EQ(log_.size(), 0u);
}

// ---- injection

namespace {

const std::vector<std::string> payloads{"'; DROP TABLE city; --",
                                        "\"; DROP TABLE city; --",
                                        "x\" OR \"1\"=\"1",
                                        "' OR 1=1 --",
                                        "`city`",
                                        "[city]",
                                        "id) OR (1=1",
                                        "%",
                                        "$1",
                                        "?1",
                                        "#",
                                        "--",
                                        "/* */",
                                        std::string("id\0--", 5),
                                        "\x1b[31mid",
                                        "id id",
                                        "id\n;",
                                        "lastname; PRAGMA user_version = 7",
                                        std::string(100'000, 'a'),
                                        "-",
                                        "--id",
                                        "id DESC",
                                        "lastname__exact\"",
                                        "hometown__name' OR '1'='1"};

} // namespace

TEST_F(Conditions, ValuesAreNeverPartOfTheStatement) {
    for (const auto& payload : payloads) {
        if (backend() == Backend::postgresql && payload.find('\0') != std::string::npos) continue;
        const auto city = objects<City>().create({.name = payload, .province = objects<Province>().first()});
        EXPECT_EQ(objects<City>().filter("name"_f = payload).count(), 1) << payload;
        EXPECT_EQ(objects<City>().filter("name__in"_f = {payload}).count(), 1) << payload;
        EXPECT_EQ(objects<City>().get("id"_f = city->id)->name, payload);
        EXPECT_EQ(objects<City>().filter("name__exact"_f = payload, "name__gte"_f = payload).remove(), 1) << payload;
    }
    EXPECT_EQ(objects<City>().count(), 3);
    EXPECT_EQ(objects<Person>().count(), 4);
}

TEST_F(Conditions, NamesFromOutsideNeverReachTheStatement) {
    const auto people = objects<Person>();
    for (const auto& payload : payloads) {
        const auto name = kith::runtime(payload);
        EXPECT_THROW((void)people.filter(name = "x"), kith::FieldError) << payload;
        EXPECT_THROW((void)people.exclude(name = "x"), kith::FieldError) << payload;
        EXPECT_THROW((void)people.filter("lastname"_f = name), kith::FieldError) << payload;
        EXPECT_THROW((void)people.order_by(name), kith::FieldError) << payload;
        EXPECT_THROW((void)people.select_related(name), kith::FieldError) << payload;
        EXPECT_THROW((void)people.prefetch_related(name), kith::FieldError) << payload;
        EXPECT_THROW((void)people.prefetch_related(kith::Prefetch("visitation"_f, objects<City>(), name)),
                     kith::FieldError);
        EXPECT_THROW((void)people.update(name = "x"), kith::FieldError) << payload;
        EXPECT_THROW((void)people.get_or_create(name = "x"), kith::FieldError) << payload;
    }
    EXPECT_EQ(log_.size(), 0u);
    EXPECT_EQ(objects<Person>().count(), 4);
    EXPECT_EQ(objects<City>().count(), 3);
}

} // namespace conditions_test
