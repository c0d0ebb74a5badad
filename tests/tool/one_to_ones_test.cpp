#include "tool/run_kith.hpp"

using namespace travel;

/// Foreign keys that are unique, in a schema that nobody made for Kith: one row at most at either end.
class ToolOneToOnes : public testing::Test {
public:
    ToolOneToOnes() {
        raw_.run(R"(
            CREATE TABLE "person" ("id" INTEGER PRIMARY KEY, "name" VARCHAR(20) NOT NULL);
            CREATE TABLE "profile" ("person_id" INTEGER PRIMARY KEY, "bio" VARCHAR(20) NOT NULL,
                FOREIGN KEY ("person_id") REFERENCES "person"("id"));
            CREATE TABLE "passport" ("id" INTEGER PRIMARY KEY, "holder_id" INTEGER UNIQUE,
                FOREIGN KEY ("holder_id") REFERENCES "person"("id"));
            CREATE TABLE "locker" ("id" INTEGER PRIMARY KEY, "person_id" INTEGER NOT NULL, "deputy_id" INTEGER,
                FOREIGN KEY ("person_id") REFERENCES "person"("id"), FOREIGN KEY ("deputy_id") REFERENCES "person"("id"));
            CREATE UNIQUE INDEX "one locker" ON "locker" ("person_id");
            CREATE TABLE "desk" ("person_id" INTEGER NOT NULL, "room" INTEGER NOT NULL, UNIQUE ("person_id", "room"),
                FOREIGN KEY ("person_id") REFERENCES "person"("id"));
            CREATE TABLE "seat" ("row" INTEGER NOT NULL, "place" INTEGER NOT NULL, PRIMARY KEY ("row", "place"));
            CREATE TABLE "ticket" ("id" INTEGER PRIMARY KEY, "row" INTEGER, "place" INTEGER, UNIQUE ("place", "row"),
                FOREIGN KEY ("row", "place") REFERENCES "seat"("row", "place"));
            CREATE TABLE "cushion" ("row" INTEGER, "place" INTEGER UNIQUE,
                FOREIGN KEY ("row", "place") REFERENCES "seat"("row", "place"));
            CREATE TABLE "lodger" ("person_id" INTEGER PRIMARY KEY, "host_id" INTEGER NOT NULL,
                FOREIGN KEY ("person_id") REFERENCES "person"("id"), FOREIGN KEY ("host_id") REFERENCES "profile"("person_id"));
            INSERT INTO "person" VALUES (1, 'Zhang'), (2, 'Li'), (3, 'Wang');
            INSERT INTO "profile" VALUES (1, 'poet'), (3, 'cook');
            INSERT INTO "passport" VALUES (1, 2), (2, NULL), (3, NULL);
            INSERT INTO "locker" VALUES (1, 3, 1), (2, 1, 1);
            INSERT INTO "desk" VALUES (1, 1), (1, 2);
            INSERT INTO "seat" VALUES (1, 1), (1, 2);
            INSERT INTO "ticket" VALUES (1, 1, 2), (2, 1, NULL), (3, 1, NULL);
        )");
    }
    std::string fetched(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"fetch", folder_.url()});
        arguments.insert(arguments.end(), {"--format", "jsonl"});
        return output_of(arguments);
    }
    /// What `kith schema --json` says of a relation, from its name to whether it leads to many rows.
    std::string described(const std::string& table, const std::string& relation) const {
        const auto json = output_of({"schema", folder_.url(), table, "--json"});
        const auto begin = json.find("{\"name\": \"" + relation + "\", \"kind\"");
        if (begin == std::string::npos) return "no such relation";
        const auto many = json.find("\"many\": ", begin);
        return json.substr(begin, json.find(',', many) - begin);
    }
    static std::string one(const std::string& name, const std::string& target) {
        return "{\"name\": \"" + name + R"(", "kind": "reverse of a one-to-one", "table": ")" + target +
               R"(", "many": false)";
    }
    static std::string many(const std::string& name, const std::string& target) {
        return "{\"name\": \"" + name + R"(", "kind": "reverse of a foreign key", "table": ")" + target +
               R"(", "many": true)";
    }

protected:
    TemporaryFolder folder_;
    Raw raw_{folder_.raw()};
};

TEST_F(ToolOneToOnes, AreForeignKeysThatAreUnique) {
    EXPECT_EQ(described("person", "profile"), one("profile", "profile")) << "the whole primary key";
    EXPECT_EQ(described("person", "passport"), one("passport", "passport")) << "a constraint";
    EXPECT_EQ(described("person", "locker_by_person_id"), one("locker_by_person_id", "locker")) << "an index";
    EXPECT_EQ(described("person", "locker_set_by_deputy_id"), many("locker_set_by_deputy_id", "locker"));
    EXPECT_EQ(described("person", "desk_set"), many("desk_set", "desk")) << "unique together with another column";
    EXPECT_EQ(described("seat", "ticket"), one("ticket", "ticket")) << "the columns in another order";
    EXPECT_EQ(described("seat", "cushion"), one("cushion", "cushion")) << "one of the columns is enough";
    EXPECT_EQ(described("profile", "person"),
              R"({"name": "person", "kind": "one-to-one", "table": "person", "many": false)");
    EXPECT_EQ(described("person", "lodger"), one("lodger", "lodger"));
    EXPECT_EQ(described("profile", "lodger_set"), many("lodger_set", "lodger")) << "no table of links";
    const auto tree = output_of({"schema", folder_.url(), "person"});
    EXPECT_NE(tree.find("→ profile"), std::string::npos) << tree;
    EXPECT_NE(tree.find("profile, reverse of a one-to-one: by profile.person_id"), std::string::npos) << tree;
}

TEST_F(ToolOneToOnes, AreNotThoseWhoseIndexSaysLess) {
    if (backend() == Backend::mariadb) GTEST_SKIP() << "it has no such indexes";
    raw_.run(R"(
        CREATE TABLE "badge" ("id" INTEGER PRIMARY KEY, "person_id" INTEGER, "lost" INTEGER NOT NULL,
            FOREIGN KEY ("person_id") REFERENCES "person"("id"));
        CREATE UNIQUE INDEX "valid" ON "badge" ("person_id") WHERE "lost" = 0;
        CREATE UNIQUE INDEX "computed" ON "badge" ("person_id", ("lost" + "id"));
        INSERT INTO "badge" VALUES (1, 1, 0), (2, 1, 1), (3, 1, 2);)");
    EXPECT_EQ(described("person", "badge_set"), many("badge_set", "badge"));
    EXPECT_EQ(fetched({"person", "--filter", "id=1", "--prefetch", "badge_set{order_by=id}"}),
              R"({"id":1,"name":"Zhang","badge_set":[{"id":1,"person_id":1,"lost":0},)"
              R"({"id":2,"person_id":1,"lost":1},{"id":3,"person_id":1,"lost":2}]})"
              "\n");
}

TEST_F(ToolOneToOnes, SqliteIndexesByAnotherCollationSayNothing) {
    if (!on_sqlite()) GTEST_SKIP();
    raw_.run(R"(
        CREATE TABLE "word" ("text" TEXT COLLATE NOCASE PRIMARY KEY);
        CREATE TABLE "use" ("id" INTEGER PRIMARY KEY, "text" TEXT COLLATE NOCASE REFERENCES "word"("text"));
        CREATE UNIQUE INDEX "exact" ON "use" ("text" COLLATE BINARY);
        CREATE TABLE "root" ("id" INTEGER PRIMARY KEY, "text" TEXT COLLATE NOCASE UNIQUE REFERENCES "word"("text"));
        INSERT INTO "word" VALUES ('a'); INSERT INTO "use" VALUES (1, 'a'), (2, 'A');)");
    EXPECT_EQ(described("word", "use_set"), many("use_set", "use"));
    EXPECT_EQ(described("word", "root"), one("root", "root"));
    EXPECT_EQ(fetched({"word", "--prefetch", "use_set{order_by=id}"}),
              R"({"text":"a","use_set":[{"id":1,"text":"a"},{"id":2,"text":"A"}]})"
              "\n");
}

TEST_F(ToolOneToOnes, ServerPostgresqlIndexesWithMoreColumns) {
    if (backend() != Backend::postgresql) GTEST_SKIP();
    raw_.run(R"(
        CREATE TABLE "badge" ("id" INTEGER PRIMARY KEY, "person_id" INTEGER REFERENCES "person", "colour" TEXT);
        CREATE UNIQUE INDEX ON "badge" ("person_id") INCLUDE ("colour");)");
    EXPECT_EQ(described("person", "badge"), one("badge", "badge"));
}

TEST_F(ToolOneToOnes, ServerPostgresqlTablesThatInheritHaveNone) {
    if (backend() != Backend::postgresql) GTEST_SKIP();
    raw_.run(R"(
        CREATE TABLE "badge" ("id" INTEGER, "person_id" INTEGER UNIQUE REFERENCES "person");
        CREATE TABLE "old badge" () INHERITS ("badge");
        INSERT INTO "badge" VALUES (1, 1); INSERT INTO "old badge" VALUES (2, 1);)");
    EXPECT_EQ(described("person", "badge_set"), many("badge_set", "badge"));
}

/// A unique key and a foreign key may have one name.
TEST_F(ToolOneToOnes, ServerMariadbNamesThatAreAlike) {
    if (backend() != Backend::mariadb) GTEST_SKIP();
    raw_.run(R"(
        CREATE TABLE "badge" ("id" INTEGER PRIMARY KEY, "person_id" INTEGER, "twin" INTEGER, UNIQUE KEY "same" ("person_id"),
            CONSTRAINT "same" FOREIGN KEY ("person_id") REFERENCES "person"("id"));)");
    EXPECT_EQ(described("person", "badge"), one("badge", "badge"));
    EXPECT_NE(output_of({"schema", folder_.url(), "badge"}).find("by person_id → person.id"), std::string::npos);
}

/// From whom MariaDB hides the kinds of constraints.
TEST_F(ToolOneToOnes, ServerMariadbUsersThatMayOnlyRead) {
    if (backend() != Backend::mariadb) GTEST_SKIP();
    auto url = folder_.url();
    const auto begin = url.find("@/") + 2;
    const auto name = url.substr(begin, url.find('?') - begin);
    raw_.run("CREATE USER kith_reader@localhost; GRANT SELECT ON `" + name + "`.* TO kith_reader@localhost");
    url.replace(url.find("root@"), 5, "kith_reader@");
    EXPECT_EQ(output_of({"schema", url}), output_of({"schema", folder_.url()}));
    EXPECT_EQ(output_of({"fetch", url, "person", "--filter", "id=1", "--prefetch", "profile", "--format", "jsonl"}),
              R"({"id":1,"name":"Zhang","profile":{"person_id":1,"bio":"poet"}})"
              "\n");
    raw_.run("DROP USER kith_reader@localhost");
}

TEST_F(ToolOneToOnes, GiveAnObjectOrNull) {
    EXPECT_EQ(fetched({"person", "--order-by", "id", "--prefetch", "profile", "--prefetch", "passport"}),
              R"({"id":1,"name":"Zhang","profile":{"person_id":1,"bio":"poet"},"passport":null}
{"id":2,"name":"Li","profile":null,"passport":{"id":1,"holder_id":2}}
{"id":3,"name":"Wang","profile":{"person_id":3,"bio":"cook"},"passport":null}
)");
    EXPECT_EQ(fetched({"seat", "--order-by", "place", "--prefetch", "ticket__seat"}),
              R"({"row":1,"place":1,"ticket":null}
{"row":1,"place":2,"ticket":{"id":1,"row":1,"place":2,"seat":{"row":1,"place":2}}}
)");
    EXPECT_EQ(
        output_of({"fetch", folder_.url(), "person", "--order-by", "id", "--prefetch", "profile", "--format", "table"}),
        "id  name   profile\n"
        "──  ─────  ───────\n"
        " 1  Zhang  poet\n"
        " 2  Li\n"
        " 3  Wang   cook\n");
    EXPECT_EQ(
        output_of({"fetch", folder_.url(), "person", "--filter", "id=2", "--prefetch", "profile", "--format", "tree"}),
        "person  id=2  name=Li\n"
        "└─ profile: none\n");
}

TEST_F(ToolOneToOnes, AreLoadedInEveryWay) {
    const std::string rows = R"({"id":1,"name":"Zhang","profile":{"person_id":1,"bio":"poet"}}
{"id":2,"name":"Li","profile":null}
{"id":3,"name":"Wang","profile":{"person_id":3,"bio":"cook"}}
)";
    EXPECT_EQ(fetched({"person", "--order-by", "id", "--prefetch", "profile"}), rows);
    EXPECT_EQ(fetched({"person", "--order-by", "id", "--select-related", "profile"}), rows);
    EXPECT_EQ(fetched({"person", "--order-by", "id", "--prefetch", "profile", "--stream", "2"}), rows);
    EXPECT_EQ(fetched({"person", "--filter", "profile__bio=cook", "--fields", "id", "--prefetch",
                       "profile{bio=poet; to_attr=poet}"}),
              "{\"id\":3,\"poet\":null}\n");
    const std::string back = R"({"person_id":1,"bio":"poet","person":{"id":1,"name":"Zhang"}}
{"person_id":3,"bio":"cook","person":{"id":3,"name":"Wang"}}
)";
    EXPECT_EQ(fetched({"profile", "--order-by", "person", "--prefetch", "person"}), back)
        << "the person leads back, although nobody asked for that";
    EXPECT_EQ(fetched({"profile", "--order-by", "person", "--select-related", "person"}), back);
    EXPECT_EQ(fetched({"profile", "--filter", "person=1", "--prefetch", "person__profile"}),
              R"({"person_id":1,"bio":"poet","person":{"id":1,"name":"Zhang","profile":{"person_id":1,"bio":"poet"}}})"
              "\n");
    EXPECT_EQ(
        fetched({"locker", "--order-by", "id", "--fields", "id", "--prefetch", "person__profile", "--prefetch",
                 "person__locker_set_by_deputy_id{order_by=id}"}),
        R"({"id":1,"person":{"id":3,"name":"Wang","profile":{"person_id":3,"bio":"cook"},"locker_set_by_deputy_id":[]}}
{"id":2,"person":{"id":1,"name":"Zhang","profile":{"person_id":1,"bio":"poet"},"locker_set_by_deputy_id":[{"id":1,"person_id":3,"deputy_id":1},{"id":2,"person_id":1,"deputy_id":1}]}}
)");
}

TEST_F(ToolOneToOnes, AreExplainedAndMeasured) {
    const auto plan = output_of({"fetch", folder_.url(), "person", "--prefetch", "profile", "--explain"});
    EXPECT_NE(plan.find("profile → profile  reverse of a one-to-one; 1 statement"), std::string::npos) << plan;
    const auto report =
        output_of({"measure", folder_.url(), "person", "--prefetch", "profile", "--runs", "1", "--chunk", "2"});
    EXPECT_NE(report.find("3 rows of person"), std::string::npos) << report;
}

TEST_F(ToolOneToOnes, AreTheSameInModels) {
    const auto header = output_of({"models", folder_.url()});
    for (const auto* line :
         {"kith::ReverseOne<Profile, \"person\"> profile{};", "kith::OneToOne<Person, kith::primary_key> person{};",
          "kith::ReverseOne<Passport, \"holder\"> passport{};", "kith::OneToOne<Person, kith::null> holder{};",
          "kith::ReverseOne<Locker, \"person\"> locker_by_person_id{};",
          "kith::ReverseSet<Locker, \"deputy\"> locker_set_by_deputy_id{};",
          "kith::OneToOne<Seat, kith::from_fields<\"row\", \"place\">> seat{};",
          "kith::ReverseOne<Ticket, \"seat\"> ticket{};", "kith::ReverseSet<Desk, \"person\"> desk_set{};"}) {
        EXPECT_NE(header.find(line), std::string::npos) << line << "\n" << header;
    }
}
