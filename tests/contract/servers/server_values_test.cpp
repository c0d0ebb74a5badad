#include "support/rows.hpp"
#include "support/travel.hpp"

#include <string>
#include <vector>

/// What servers would make of values on their way, in or out.

namespace server_values_test {

using namespace kith::literals;
using namespace travel;

namespace {

using Texts = std::vector<std::string>;

struct Tree {
    kith::PrimaryKey<> id{};
    std::string path{};

    static constexpr kith::Table table{.name = "tree", .ordering = {"id"}};
};
struct Note {
    kith::PrimaryKey<> id{};
    std::string text{};
    kith::Json data{"{}"};
    std::vector<std::byte> bytes{};
};
struct Named {
    kith::PrimaryKey<std::string> name{};
    std::string remark{};
    kith::ReverseSet<struct Naming, "named"> namings{};
};
struct Naming {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Named> named{};
};

class ServerValues : public FileTest {
protected:
    void SetUp() override {
        if (backend() == Backend::postgresql) return;
        const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
        if (name.starts_with("PostgreSQL")) GTEST_SKIP() << "these types are of PostgreSQL";
    }
    /// The table with a `path` of that type, and one row.
    void make_tree(const std::string& type, const std::string& value) const {
        folder_.raw().run("CREATE TABLE tree (id bigint PRIMARY KEY, path " + type + "); INSERT INTO tree VALUES (1, " +
                          value + ")");
    }
    Texts paths() const { return db_.objects<Tree>().values_list<"path">(); }
};

const std::string no_utf8 = "a\xff";

} // namespace

// ---- PostgreSQL's types

TEST_F(ServerValues, PostgreSQLTypesWhoseBinaryFormIsTextAreTexts) {
    const auto raw = folder_.raw();
    raw.run("CREATE TYPE colour AS ENUM ('red', 'blue'); CREATE DOMAIN short AS varchar(9); "
            "CREATE DOMAIN shade AS colour");
    const std::pair<const char*, const char*> types[]{{"text", "red"},   {"varchar(9)", "red"}, {"name", "red"},
                                                      {"colour", "red"}, {"short", "red"},      {"shade", "red"},
                                                      {"citext", "Red"}, {"json", "[1]"},       {"xml", "<a/>"},
                                                      {"\"char\"", "r"}, {"char(3)", "red"}};
    for (const auto& [type, value] : types) {
        make_tree(type, "'" + std::string(value) + "'");
        for (int again = 0; again < 3; ++again) EXPECT_EQ(paths(), Texts{value}) << type;
        EXPECT_EQ(db_.objects<Tree>()[0]->path, value) << type;
        raw.run("DROP TABLE tree");
    }
}

TEST_F(ServerValues, PostgreSQLTypesOfAnotherFormAreRefusedByName) {
    const auto raw = folder_.raw();
    raw.run("CREATE TYPE span AS RANGE (subtype = float8); "
            "CREATE TYPE pair AS (a integer, b text)");
    const std::pair<const char*, const char*> types[]{
        {"ltree", "'Top.Science'"}, {"span", "'empty'"},      {"pair", "'(1,x)'"},  {"inet", "'10.0.0.1'"},
        {"interval", "'1 day'"},    {"integer[]", "'{1,2}'"}, {"tsvector", "'a b'"}};
    for (const auto& [type, value] : types) {
        make_tree(type, value);
        for (int again = 0; again < 2; ++again) {
            const auto message = message_of<kith::DatabaseError>([&] { (void)db_.objects<Tree>().size(); });
            expect_parts(message, {"Tree.path has the type ", type, "row 1", "cast it to text"});
        }
        (void)message_of<kith::DatabaseError>([&] { (void)paths(); });
        raw.run("DROP TABLE tree");
    }
    make_tree("ltree", "'Top.Science'");
    raw.run("ALTER TABLE tree RENAME TO trees; CREATE VIEW tree AS SELECT id, path::text AS path FROM trees");
    EXPECT_EQ(paths(), Texts{"Top.Science"}) << "as the message says";
}

TEST_F(ServerValues, PostgreSQLTypesAreLookedUpAmongSiblingsInBlocksAndStreams) {
    folder_.raw().run("CREATE TYPE colour AS ENUM ('red', 'blue')");
    folder_.raw().run("CREATE TABLE \"named\" (name colour PRIMARY KEY, remark colour NOT NULL); "
                      "CREATE TABLE naming (id bigint PRIMARY KEY, named_id colour NOT NULL); "
                      "INSERT INTO named VALUES ('red', 'blue'); INSERT INTO naming VALUES (1, 'red'), (2, 'red')");
    const auto load = [](const kith::Database& db) {
        Texts remarks;
        for (const Naming& naming : db.objects<Naming>().order_by("id")) remarks.push_back(naming.named.key());
        return remarks;
    };
    EXPECT_EQ(load(kith::connect(folder_.url())), (Texts{"red", "red"}));
    const auto inside = kith::connect(folder_.url());
    inside.atomic([&] { EXPECT_EQ(load(inside), (Texts{"red", "red"})); });
    const auto streaming = kith::connect(folder_.url());
    Texts streamed;
    for (const Named& named : streaming.objects<Named>().iterator({.chunk_size = 1})) streamed.push_back(named.remark);
    EXPECT_EQ(streamed, Texts{"blue"});
    const auto uncached = kith::connect(folder_.url("test.db", "statement_cache=0"));
    EXPECT_EQ(load(uncached), (Texts{"red", "red"}));
}

// ---- text that is no UTF-8

TEST_F(ServerValues, TextThatIsNoUtf8IsRefusedWhereverItStands) {
    db_.create_tables<Note, Named, Naming>();
    const auto note = db_.objects<Note>().create({.text = "plain"});
    db_.objects<Named>().create({.name = "n"});
    const auto notes = db_.objects<Note>();
    const auto refused = [&](const char* what, auto&& use) {
        try {
            use();
            ADD_FAILURE() << what << ": was taken";
        } catch (const kith::ValueError& error) {
            expect_parts(error.what(), {"UTF-8", "std::vector<std::byte>"});
        } catch (const kith::DatabaseError& error) {
            EXPECT_EQ(error.sqlstate(), "22021") << what << ": " << error.what(); // PostgreSQL refuses by itself
        }
    };
    refused("exact", [&] { (void)notes.filter("text"_f = no_utf8).count(); });
    refused("iexact", [&] { (void)notes.filter("text__iexact"_f = no_utf8).count(); });
    refused("contains", [&] { (void)notes.filter("text__contains"_f = no_utf8).count(); });
    refused("icontains", [&] { (void)notes.filter("text__icontains"_f = no_utf8).count(); });
    refused("startswith", [&] { (void)notes.filter("text__startswith"_f = no_utf8).count(); });
    refused("istartswith", [&] { (void)notes.filter("text__istartswith"_f = no_utf8).count(); });
    refused("endswith", [&] { (void)notes.filter("text__endswith"_f = no_utf8).count(); });
    refused("iendswith", [&] { (void)notes.filter("text__iendswith"_f = no_utf8).count(); });
    refused("gt", [&] { (void)notes.filter("text__gt"_f = no_utf8).count(); });
    refused("lte", [&] { (void)notes.filter("text__lte"_f = no_utf8).count(); });
    refused("range", [&] { (void)notes.filter("text__range"_f = std::pair(std::string("a"), no_utf8)).count(); });
    refused("in", [&] { (void)notes.filter("text__in"_f = Texts{"a", no_utf8}).count(); });
    refused("exclude", [&] { (void)notes.exclude("text__icontains"_f = no_utf8).count(); });
    refused("pk", [&] { (void)db_.objects<Named>().filter("pk"_f = no_utf8).count(); });
    refused("in_bulk", [&] { (void)db_.objects<Named>().in_bulk(Texts{"n", no_utf8}); });
    refused("create", [&] { notes.create({.text = no_utf8}); });
    refused("Json", [&] { notes.create({.data = {"\"" + no_utf8 + "\""}}); });
    refused("bulk_create", [&] { notes.bulk_create(std::vector<Note>{{.text = "x"}, {.text = no_utf8}}); });
    refused("update", [&] { notes.update("text"_f = no_utf8); });
    refused("save", [&] {
        note->text = no_utf8;
        db_.save(note);
    });
    refused("a foreign key", [&] {
        Naming naming;
        naming.named.set_key(no_utf8);
        db_.save(naming);
    });
    const auto sql = by_backend("", "SELECT text FROM note WHERE text = $1", "SELECT text FROM note WHERE text = ?");
    refused("raw", [&] { (void)db_.raw<std::string>(sql, no_utf8); });
    EXPECT_EQ(notes.values_list<"text">(), Texts{"plain"}) << "nothing was changed";
    const auto bytes = notes.create({.text = "ä😀", .bytes = {std::byte{0xff}}});
    EXPECT_EQ(notes.filter("text__icontains"_f = "Ä😀").get()->bytes.size(), 1u);
}

} // namespace server_values_test
