#include "tool/run_kith.hpp"

using namespace travel;

/// Foreign keys of several columns, in a schema that nobody made for Kith.
class ToolCompositeKeys : public testing::Test {
public:
    ToolCompositeKeys() {
        folder_.raw().run(R"(
            CREATE TABLE "hall" ("id" INTEGER PRIMARY KEY, "name" VARCHAR(20) NOT NULL);
            CREATE TABLE "seat" ("hall_id" INTEGER NOT NULL, "place" VARCHAR(10) NOT NULL, "colour" VARCHAR(10),
                PRIMARY KEY ("hall_id", "place"), UNIQUE ("place", "hall_id"), FOREIGN KEY ("hall_id") REFERENCES "hall"("id"));
            CREATE TABLE "ticket" ("id" INTEGER PRIMARY KEY, "guest" VARCHAR(20) NOT NULL, "place" VARCHAR(10),
                "hall_id" INTEGER, FOREIGN KEY ("place", "hall_id") REFERENCES "seat"("place", "hall_id"));
            INSERT INTO "hall" VALUES (1, 'Great'), (2, 'Small');
            INSERT INTO "seat" VALUES (1, 'A', 'red'), (1, 'B', 'blue'), (2, 'A', 'green');
            INSERT INTO "ticket" VALUES (1, 'Zhang', 'A', 2), (2, 'Li', 'A', 1), (3, 'Wang', NULL, 1), (4, 'Xu', 'A', 1);
        )");
    }
    std::string fetched(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"fetch", folder_.url()});
        arguments.insert(arguments.end(), {"--format", "jsonl"});
        return output_of(arguments);
    }

protected:
    TemporaryFolder folder_;
};

TEST_F(ToolCompositeKeys, AreFollowedForward) {
    const std::string rows =
        R"({"id":1,"guest":"Zhang","place":"A","hall_id":2,"seat":{"hall_id":2,"place":"A","colour":"green"}}
{"id":2,"guest":"Li","place":"A","hall_id":1,"seat":{"hall_id":1,"place":"A","colour":"red"}}
{"id":3,"guest":"Wang","place":null,"hall_id":1,"seat":null}
{"id":4,"guest":"Xu","place":"A","hall_id":1,"seat":{"hall_id":1,"place":"A","colour":"red"}}
)";
    EXPECT_EQ(fetched({"ticket", "--order-by", "id", "--prefetch", "seat"}), rows);
    EXPECT_EQ(fetched({"ticket", "--order-by", "id", "--select-related", "seat"}), rows);
    EXPECT_EQ(fetched({"ticket", "--order-by", "id", "--fields", "id", "--filter", "seat__colour=red", "--prefetch",
                       "seat__hall"}),
              R"({"id":2,"seat":{"hall_id":1,"place":"A","colour":"red","hall":{"id":1,"name":"Great"}}}
{"id":4,"seat":{"hall_id":1,"place":"A","colour":"red","hall":{"id":1,"name":"Great"}}}
)");
}

TEST_F(ToolCompositeKeys, AreFollowedBack) {
    EXPECT_EQ(
        fetched(
            {"seat", "--order-by", "hall_id,place", "--fields", "colour", "--prefetch", "ticket_set{order_by=-id}"}),
        R"({"colour":"red","ticket_set":[{"id":4,"guest":"Xu","place":"A","hall_id":1},{"id":2,"guest":"Li","place":"A","hall_id":1}]}
{"colour":"blue","ticket_set":[]}
{"colour":"green","ticket_set":[{"id":1,"guest":"Zhang","place":"A","hall_id":2}]}
)");
    EXPECT_EQ(
        fetched({"hall", "--order-by", "id", "--fields", "name", "--filter", "seat_set__ticket_set__guest=Zhang"}),
        "{\"name\":\"Small\"}\n");
}

TEST_F(ToolCompositeKeys, AreShown) {
    const auto tree = output_of({"schema", folder_.url(), "ticket"});
    EXPECT_NE(tree.find("→ seat"), std::string::npos) << tree;
    EXPECT_NE(tree.find("by (place, hall_id) → seat.(place, hall_id)"), std::string::npos) << tree;
    const auto json = output_of({"schema", folder_.url(), "seat", "--json"});
    EXPECT_NE(
        json.find(R"("columns": ["place", "hall_id"], "target_columns": ["place", "hall_id"], "inverse": "seat")"),
        std::string::npos)
        << json;
    EXPECT_TRUE(output_of({"schema", folder_.url(), "--svg"}).ends_with("</svg>\n"));
}

TEST_F(ToolCompositeKeys, AreMembersOfModels) {
    const auto header = output_of({"models", folder_.url()});
    for (const auto* line : {"kith::ForeignKey<Seat, kith::from_fields<\"hall_id\", \"place\">> seat{};",
                             "kith::ReverseSet<Ticket, \"seat\"> ticket_set{};"}) {
        EXPECT_NE(header.find(line), std::string::npos) << line << "\n" << header;
    }
    const auto some = output_of({"models", folder_.url(), "ticket"});
    EXPECT_EQ(some.find("from_fields"), std::string::npos) << "seat was not asked for\n" << some;
}
