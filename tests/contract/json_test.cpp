#include "support/rows.hpp"
#include "support/travel.hpp"

#include <kith/json.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Rows as JSON, and members by their names.

namespace json_test {

enum class Mood : std::int8_t { calm = 3, merry = -1 };

} // namespace json_test

template <>
struct kith::EnumNames<json_test::Mood> {
    static constexpr kith::EnumName<json_test::Mood> names[]{{json_test::Mood::calm, "calm"},
                                                             {json_test::Mood::merry, "merry"}};
};

namespace json_test {

using namespace kith::literals;
using namespace travel;
using namespace std::chrono;
using namespace std::string_view_literals;

namespace {

struct Everything {
    kith::PrimaryKey<> id{};
    bool flag{};
    std::int8_t small{};
    std::int64_t large{};
    float ratio{};
    double real{};
    std::string text{};
    std::vector<std::byte> bytes{};
    kith::Date day{};
    kith::Timestamp seen{};
    kith::LocalTimestamp local{};
    kith::Uuid code{};
    kith::Decimal price{};
    kith::Json note{};
    Mood mood{Mood::calm};
    std::optional<std::int32_t> maybe{};
    kith::Field<std::string, kith::json<"renamed">> original{};
    kith::Field<std::string, kith::hidden> secret{"s"};
    kith::Lazy<std::string> biography{};
};

struct Node {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Node, kith::null, kith::json<"up">> parent{};
    kith::ReverseSet<Node, "parent"> children{};
    kith::PrefetchedSet<Node> chosen{};
    kith::Annotation<std::int64_t> counted{};
};

struct Remark {
    kith::PrimaryKey<> id{};
    kith::GenericForeignKey<std::monostate, Node, Province> about{};
};

struct Twice {
    kith::PrimaryKey<> id{};
    std::string a{};
    kith::Field<std::string, kith::json<"a">> b{};
};

Everything full() {
    return {.flag = true,
            .small = -8,
            .large = std::numeric_limits<std::int64_t>::min(),
            .ratio = 0.1F,
            .real = 0.1,
            .text = "q\"\\\n\x7f\xe2\x80\xae\xf0\x9f\x98\x80</script>",
            .bytes = {std::byte{0xff}, std::byte{0}},
            .day = sys_days{2024y / 2 / 29},
            .seen = sys_days{2024y / 2 / 29} + 12h + 1us,
            .local = local_days{1969y / 7 / 20} + 20h,
            .code = kith::Uuid::parse("00112233445566778899aabbccddeeff"),
            .price = kith::Decimal("-12.50"),
            .note = {R"({"b": [1, 2.50]})"},
            .mood = Mood::merry,
            .maybe = 7,
            .original = "o",
            .biography = "long"};
}

const std::string full_text =
    R"({"id":0,"flag":true,"small":-8,"large":-9223372036854775808,"ratio":0.1,"real":0.1,)"
    R"("text":"q\"\\\n\u007f\u202e)"
    "\xf0\x9f\x98\x80"
    R"(</script>","bytes":"/wA=","day":"2024-02-29","seen":"2024-02-29 12:00:00.000001",)"
    R"("local":"1969-07-20 20:00:00","code":"00112233-4455-6677-8899-aabbccddeeff","price":"-12.50",)"
    R"("note":{"b": [1, 2.50]},"mood":"merry","maybe":7,"renamed":"o","biography":"long"})";

class JsonRows : public TravelTest {};

} // namespace

TEST_F(JsonRows, WriteEveryTypeWithoutLoss) {
    EXPECT_EQ(kith::to_json(full()), full_text);
    db_.create_tables<Everything>();
    auto row = full();
    row.bytes.clear();
    db_.objects<Everything>().create(row);
    const auto text = kith::to_json(db_.objects<Everything>());
    expect_parts(text, {R"("large":-9223372036854775808)", R"("ratio":0.1,)", R"("price":"-12.5)", R"("mood":"merry")",
                        R"("bytes":"")", R"("seen":"2024-02-29 12:00:00.000001")"});
    EXPECT_EQ(text.find("secret"), std::string::npos);
    EXPECT_EQ(kith::to_json(db_.objects<Everything>().defer("biography")).find("biography"), std::string::npos);
}

TEST_F(JsonRows, WriteNullsAndWhatIsNoNumber) {
    auto row = full();
    row.maybe.reset();
    row.real = std::numeric_limits<double>::infinity();
    row.ratio = std::numeric_limits<float>::quiet_NaN();
    expect_parts(kith::to_json(row), {R"("maybe":null)", R"("real":"Infinity")", R"("ratio":"NaN")"});
    row.real = std::numeric_limits<double>::denorm_min();
    expect_parts(kith::to_json(row), {R"("real":5e-324)"});
}

TEST_F(JsonRows, RefuseWhatJsonCannotContain) {
    auto wrong_text = full();
    wrong_text.text = "\xc3(";
    expect_parts(message_of<kith::ValueError>([&] { (void)kith::to_json(wrong_text); }),
                 {"Everything.text holds text that is not UTF-8"});
    auto noted = full();
    for (const std::string_view note : {"{"sv, R"(1,"admin":true)"sv, "nul"sv, ""sv, "1 2"sv, "NaN"sv, "\"\xff\""sv,
                                        "1\0,\"admin\":true"sv, "\0"sv, "{}\0"sv, "\xEF\xBB\xBF{}"sv}) {
        noted.note.text = note;
        expect_parts(message_of<kith::ValueError>([&] { (void)kith::to_json(noted); }),
                     {"Everything.note holds text that is not JSON"});
    }
    noted.note.text = std::string(100'000, '[') + std::string(100'000, ']');
    EXPECT_GT(kith::to_json(noted).size(), 200'000u) << "depth costs no stack";
    auto moody = full();
    moody.mood = static_cast<Mood>(9);
    EXPECT_THROW((void)kith::to_json(moody), kith::ValueError);
    EXPECT_THROW((void)kith::to_json(Twice{}), kith::ValueError);
}

TEST_F(JsonRows, AreNotReadFromWhatIsNoJson) {
    EXPECT_THROW((void)kith::from_json<Everything>(R"({"text":"x"})"
                                                   "\0junk"sv),
                 kith::JsonError);
    expect_parts(message_of<kith::JsonError>([] { (void)kith::from_json<Everything>(R"({"ratio":1e300})"); }),
                 {"ratio"});
    EXPECT_EQ(kith::from_json<Everything>(R"({"ratio":3e38})").ratio, 3e38F);
    try {
        (void)kith::from_json<std::vector<Everything>>(R"([{"text":"a"},{])");
        ADD_FAILURE();
    } catch (const kith::JsonError& error) {
        ASSERT_EQ(error.faults().size(), 1u);
        EXPECT_EQ(error.faults()[0].member, "[1]");
    }
}

TEST_F(JsonRows, HaveTheRelationsThatAreLoaded) {
    const auto person = objects<Person>().filter("id"_f = 4).prefetch_related("hometown", "visitation");
    EXPECT_EQ(kith::to_json(person), R"([{"id":4,"firstname":"Si","lastname":"Zhang","hometown_id":2,"living_id":null,)"
                                     R"("hometown":{"id":2,"name":"Guangzhou City","province_id":2},"living":null,)"
                                     R"("visitation":[]}])");
    EXPECT_EQ(log_.size(), 3u);
    const auto province = objects<Province>().get("id"_f = 2);
    EXPECT_EQ(kith::to_json(province), R"({"id":2,"name":"Guangdong Province"})");
    (void)province->city_set.all().size();
    EXPECT_EQ(kith::to_json(province),
              R"({"id":2,"name":"Guangdong Province","city_set":[{"id":2,"name":"Guangzhou City","province_id":2}]})")
        << "the way back is left out";
    const Province copy = *province;
    EXPECT_EQ(kith::to_json(copy), kith::to_json(province));
    EXPECT_EQ(log_.size(), 5u);
}

TEST_F(JsonRows, HaveASharedRowAsOftenAsItIsReached) {
    const auto cities = objects<City>().filter("province__id"_f = 1).order_by("id").select_related("province");
    const auto text = kith::to_json(cities);
    const std::string hubei = R"("province":{"id":1,"name":"Hubei Province"})";
    EXPECT_NE(text.find(hubei), text.rfind(hubei)) << text;
    EXPECT_EQ(log_.size(), 1u);
}

TEST_F(JsonRows, RefuseCirclesByName) {
    db_.create_tables<Node>();
    const auto root = db_.objects<Node>().create({});
    const auto leaf = db_.objects<Node>().create({.parent = root});
    const auto down = db_.objects<Node>().filter("id"_f = root->id).prefetch_related("children");
    EXPECT_EQ(kith::to_json(down[0]), R"({"id":1,"up_id":null,"up":null,"children":[{"id":2,"up_id":1}]})");
    const auto slot = db_.objects<Node>()
                          .filter("id"_f = root->id)
                          .prefetch_related(kith::Prefetch("children"_f, db_.objects<Node>(), "chosen"_f));
    EXPECT_EQ(kith::to_json(slot[0]), R"({"id":1,"up_id":null,"up":null,"chosen":[{"id":2,"up_id":1}]})");
    const auto annotated = db_.objects<Node>().annotate("counted"_f = kith::Count("children"_f));
    EXPECT_EQ(kith::to_json(annotated.get("id"_f = leaf->id)), R"({"id":2,"up_id":1,"counted":0})");
    root->parent = leaf;
    leaf->parent = root;
    expect_parts(message_of<kith::ValueError>([&] { (void)kith::to_json(leaf); }),
                 {"\"up__up\" leads back to a Node that contains it"});
}

TEST_F(JsonRows, AreTakenInEveryForm) {
    const auto provinces = objects<Province>().order_by("id");
    const std::string both = R"([{"id":1,"name":"Hubei Province"},{"id":2,"name":"Guangdong Province"}])";
    EXPECT_EQ(kith::to_json(provinces), both);
    EXPECT_EQ(kith::to_json(provinces.rows()), both);
    EXPECT_EQ(kith::to_json(std::vector<Province>{provinces[0], provinces[1]}), both);
    EXPECT_EQ(kith::to_json(provinces[0]), R"({"id":1,"name":"Hubei Province"})");
    EXPECT_EQ(kith::to_json(kith::Ref<Province>()), "null");
    EXPECT_EQ(kith::to_json(objects<Province>().none()), "[]");
    EXPECT_EQ(kith::to_json(provinces.slice(0, 1), {.indent = 2}), R"([
  {
    "id": 1,
    "name": "Hubei Province"
  }
])");
    EXPECT_EQ(kith::to_json(objects<Province>().none(), {.indent = 2}), "[]");
    EXPECT_EQ(log_.size(), 1u) << "the slice is one of the rows that are there";
}

TEST_F(JsonRows, AreWrittenPieceByPiece) {
    const auto provinces = objects<Province>().order_by("id");
    const auto whole = kith::to_json(provinces);
    std::ostringstream stream;
    kith::write_json(stream, provinces);
    EXPECT_EQ(stream.str(), whole);
    std::string text = "rows: ";
    kith::write_json(text, provinces.iterator({.chunk_size = 1}));
    EXPECT_EQ(text, "rows: " + whole);
    std::vector<Province> many(20'000, Province{.name = "abc"});
    std::size_t pieces = 0;
    std::size_t largest = 0;
    kith::write_json(
        [&](std::string_view piece) {
            ++pieces;
            largest = std::max(largest, piece.size());
        },
        many);
    EXPECT_GT(pieces, 5u);
    EXPECT_LT(largest, 100'000u);
    std::ostringstream broken;
    broken.setstate(std::ios::failbit);
    EXPECT_THROW(kith::write_json(broken, provinces), kith::Error);
}

TEST_F(JsonRows, HaveGenericRelationsAsOneMember) {
    db_.create_tables<Node, Remark>();
    const auto province = objects<Province>().get("id"_f = 2);
    db_.objects<Remark>().create({.about = province});
    db_.objects<Remark>().create({});
    const auto remarks = db_.objects<Remark>().order_by("id");
    EXPECT_EQ(kith::to_json(remarks[0]), R"({"id":1,"about_id":2,"about_type":"province"})");
    EXPECT_EQ(kith::to_json(remarks.prefetch_related("about")),
              R"([{"id":1,"about_id":2,"about_type":"province","about":{"id":2,"name":"Guangdong Province"}},)"
              R"({"id":2,"about_id":null,"about_type":null,"about":null}])");
    EXPECT_THROW((void)kith::from_json<Remark>(R"({"about_type": "node", "about_id": 1})"), kith::JsonError);
}

// ---- from_json

namespace {

std::vector<std::pair<std::string, std::string>> faults_of(const std::string& text) {
    try {
        (void)kith::from_json<Everything>(text);
    } catch (const kith::JsonError& error) {
        std::vector<std::pair<std::string, std::string>> faults;
        for (const auto& [member, reason] : error.faults()) faults.emplace_back(member, reason);
        EXPECT_FALSE(faults.empty());
        EXPECT_LE(std::string(error.what()).size(), 4000u);
        return faults;
    }
    ADD_FAILURE() << "nothing was thrown for " << text.substr(0, 100);
    return {};
}

void expect_fault(const std::string& text, const std::string& member, const std::string& reason) {
    const auto faults = faults_of(text);
    ASSERT_EQ(faults.size(), 1u) << text.substr(0, 100);
    EXPECT_EQ(faults.front().first, member) << text.substr(0, 100);
    EXPECT_NE(faults.front().second.find(reason), std::string::npos) << faults.front().second;
}

} // namespace

TEST_F(JsonRows, AreReadAsTheyWereWritten) {
    EXPECT_EQ(kith::to_json(kith::from_json<Everything>(full_text)),
              R"({"id":0,)" + full_text.substr(8, full_text.find(R"("note")") - 8) + R"("note":{"b":[1,2.50]},)" +
                  full_text.substr(full_text.find(R"("mood")")));
    const auto row = kith::from_json<Everything>(R"({"maybe": null, "price": 12.50, "ratio": 3, "note": null})");
    EXPECT_FALSE(row.maybe.has_value());
    EXPECT_EQ(row.price.str(), "12.50");
    EXPECT_EQ(row.ratio, 3.0F);
    EXPECT_EQ(row.note.text, "null");
    EXPECT_EQ(row.secret.value, "s") << "what is missing keeps its value";
    const auto nodes = kith::from_json<std::vector<Node>>(R"([{"up_id": 7}, {}, {"id": 3, "up_id": null}])");
    ASSERT_EQ(nodes.size(), 3u);
    EXPECT_EQ(nodes[0].parent.key(), 7);
    EXPECT_TRUE(nodes[1].parent.is_null());
    EXPECT_EQ(nodes[2].id, 3);
    EXPECT_TRUE(kith::from_json<std::vector<Node>>("[]").empty());
    EXPECT_EQ(log_.size(), 0u);
}

TEST_F(JsonRows, FaultsAreNamedByMember) {
    expect_fault(R"({"larg": 1})", "larg", "Everything has no such member: did you mean 'large'?");
    expect_fault(R"({"secret": "x"})", "secret", "no such member");
    expect_fault(R"({"original": "x"})", "original", "no such member");
    expect_fault(R"({"large": "5"})", "large", R"(expected a whole number, but got "5")");
    expect_fault(R"({"large": 1.0})", "large", "expected a whole number, but got 1.0");
    expect_fault(R"({"large": 99999999999999999999})", "large", "expected a whole number");
    expect_fault(R"({"large": 9223372036854775808})", "large", "");
    expect_fault(R"({"small": 128})", "small", "128 does not fit");
    expect_fault(R"({"real": 1e400})", "real", "the number is too large");
    expect_fault(R"({"real": "NaN"})", "real", "expected a number");
    expect_fault(R"({"flag": 1})", "flag", "expected true or false, but got 1");
    expect_fault(R"({"text": null})", "text", "but got null");
    expect_fault(R"({"text": 5})", "text", "but got 5");
    expect_fault(R"({"text": "a\u0000b"})", "text", "without NUL");
    expect_fault(R"({"text": {"a": [1]}})", "text", "but got an object");
    expect_fault(R"({"text": "a", "text": "b"})", "text", "given twice");
    expect_fault(R"({"mood": "sad"})", "mood", "expected one of calm, merry");
    expect_fault(R"({"day": "2023-02-29"})", "day", "expected a date such as 2024-02-29");
    expect_fault(R"({"price": "1e5"})", "price", "expected a number");
    expect_fault(R"({"price": )" + std::string(5000, '9') + "}", "price", "the number is too large");
    const auto several = faults_of(R"({"flag": 2, "id": "x", "nope": {"deep": [1, {}]}, "mood": "merry"})");
    ASSERT_EQ(several.size(), 3u);
    EXPECT_EQ(several[2].first, "nope");
    const auto in_list = message_of<kith::JsonError>(
        [] { (void)kith::from_json<std::vector<Node>>(R"([{}, {"up": {}}, {"children": []}, 5])"); });
    expect_parts(in_list, {"[1].up: this relation is set by its key, up_id", "[2].children: relations are not read",
                           "[3]: expected an object, but got 5"});
}

TEST_F(JsonRows, AListOfMembersSaysWhatATextMayHaveAndMust) {
    const kith::Members<Everything> editable{"large", "text", "original"};
    const auto creation = editable.require({"text", "small"});
    const auto parse = [&](std::string_view text) { return kith::from_json<Everything>(text, creation); };
    EXPECT_EQ(parse(R"({"text": "a", "small": 5})").small, 5);
    const auto message = message_of<kith::JsonError>([&] { (void)parse(R"({"id": 7, "secret": "x", "txt": "a"})"); });
    expect_parts(message,
                 {"id: this member cannot be set", "secret: Everything has no such member",
                  "txt: Everything has no such member: did you mean 'text'?", "small: is missing", "text: is missing"});

    // Into a row that exists: all or nothing, and what the text does not have stays.
    db_.create_tables<Node>();
    const auto node = db_.objects<Node>().create({});
    const auto child = db_.objects<Node>().create({.parent = node});
    const kith::Members<Node> movable{"parent"};
    EXPECT_THROW(kith::read_json(*child, R"({"up_id": null, "id": 1})", movable), kith::JsonError);
    EXPECT_EQ(child->parent.key(), node->id);
    kith::read_json(*child, "{}", movable);
    EXPECT_EQ(child->parent->id, node->id);
    kith::read_json(*child, R"({"up_id": null})", movable);
    EXPECT_TRUE(child->parent.is_null());
    db_.save(child);
    EXPECT_EQ(node->children.count(), 0);

    const auto in_list = message_of<kith::JsonError>([&] {
        (void)kith::from_json<std::vector<Node>>(R"([{"up_id": 1}, {}, {"id": 1}])", movable.require({"parent"}));
    });
    expect_parts(in_list, {"[1].up_id: is missing", "[2].id: this member cannot be set", "[2].up_id: is missing"});
}

TEST_F(JsonRows, TextsThatAreNoJsonAreRefused) {
    for (const std::string& text : {std::string(), std::string("{"), std::string("{}{}"), std::string("{'id': 1}"),
                                    std::string("{\"text\": \"\xff\"}"), std::string("{\"text\": NaN}"),
                                    std::string("\0", 1), std::string("{\"text\": \"\\ud800\"}"),
                                    std::string(100'000, '{'), std::string("// x\n{}"), std::string("{\"a\": 1,}")}) {
        EXPECT_NE(faults_of(text).back().second.find("no JSON at byte"), std::string::npos) << text.substr(0, 50);
    }
    expect_fault("[]", "", "expected an object");
    expect_fault("5", "", "expected an object, but got 5");
    expect_fault(R"({"note": )" + std::string(100'000, '['), "note", "nested more than 1000 levels deep");
    expect_fault(std::string(100'000, '['), "", "expected an object");
    std::string unknown = "{";
    for (int i = 0; i < 1000; ++i) unknown += "\"x" + fmt::format("{}", i) + "\": 1, ";
    EXPECT_EQ(faults_of(unknown + "\"y\": 1}").size(), 100u);
    EXPECT_LT(faults_of("{\"" + std::string(100'000, 'x') + "\": 1}").front().first.size(), 200u);
}

// ---- members and enums by name

TEST_F(JsonRows, MembersAreVisitedByName) {
    auto province = Province{.name = "Hubei"};
    std::vector<std::string> names;
    kith::for_each_member(province, [&](std::string_view name, auto& member) {
        names.emplace_back(name);
        if constexpr (std::is_same_v<std::decay_t<decltype(member)>, std::string>) member = "changed";
    });
    EXPECT_EQ(names, (std::vector<std::string>{"id", "name", "city_set"}));
    EXPECT_EQ(province.name, "changed");
    std::size_t count = 0;
    kith::for_each_member(std::as_const(province), [&](std::string_view, const auto&) { ++count; });
    EXPECT_EQ(count, 3u);
}

TEST_F(JsonRows, EnumeratorsHaveNames) {
    EXPECT_EQ(kith::enum_name(Mood::merry), "merry");
    EXPECT_EQ(kith::enum_value<Mood>("calm"), Mood::calm);
    expect_parts(message_of<kith::ValueError>([] { (void)kith::enum_value<Mood>("Calm"); }),
                 {"no enumerator called 'Calm'", "calm, merry"});
    EXPECT_THROW((void)kith::enum_name(static_cast<Mood>(0)), kith::ValueError);
}

} // namespace json_test
