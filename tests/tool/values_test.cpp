#include "tool/library.hpp"

using namespace travel;

/// Values of every type come out as the database has them.
class ToolValues : public testing::Test {
public:
    std::string fetched(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"fetch", folder_.url()});
        return output_of(arguments);
    }

protected:
    TemporaryFolder folder_;
    Raw raw_{folder_.raw()};
};

TEST_F(ToolValues, SqliteCellsOfAnyType) {
    raw_.run(
        R"(CREATE TABLE "odd" ("Order Date" date, "n" INT, "price" decimal(10,2), "b" BLOB, "x", "flag" boolean, "at" datetime);
        INSERT INTO "odd" VALUES ('2024-01-02', 5, 1.50, x'00ff10', 'té"xt', 1, '2024-01-02 03:04:05'),
            (1700000000, 'five', 'abc', 'text', 7, 'maybe', NULL), (NULL, 1.5, 9007199254740993, x'', x'41', 2, 12))");
    EXPECT_EQ(
        fetched({"odd", "--format", "jsonl"}),
        R"({"Order Date":"2024-01-02","n":5,"price":1.5,"b":"AP8Q","x":"té\"xt","flag":1,"at":"2024-01-02 03:04:05"}
{"Order Date":1700000000,"n":"five","price":"abc","b":"text","x":7,"flag":"maybe","at":null}
{"Order Date":null,"n":1.5,"price":9007199254740993,"b":"","x":"QQ==","flag":2,"at":12}
)");
    const auto count = [&](const std::string& condition) {
        const auto out = fetched({"odd", "--format", "jsonl", "--filter", condition});
        return std::count(out.begin(), out.end(), '\n');
    };
    EXPECT_EQ(count("Order Date=1700000000"), 1);
    EXPECT_EQ(count("Order Date__year=2024"), 1);
    EXPECT_EQ(count("n=five"), 1);
    EXPECT_EQ(count("price=1.5"), 1);
    EXPECT_EQ(count("x=7"), 1);
    EXPECT_EQ(count("flag=true"), 1);
    EXPECT_EQ(count("at__gte=2024-01-01"), 1);
}

TEST_F(ToolValues, SqliteTextThatIsNoUtf8) {
    raw_.run("CREATE TABLE t(x TEXT); INSERT INTO t VALUES (CAST(x'ff41' AS TEXT)), (char(27) || '[31m' || char(0))");
    EXPECT_EQ(fetched({"t", "--format", "jsonl"}), "{\"x\":\"/0E=\"}\n{\"x\":\"\\u001b[31m\\u0000\"}\n");
    EXPECT_EQ(fetched({"t", "--format", "table"}).find('\x1b'), std::string::npos) << "a terminal must not obey";
}

TEST_F(ToolValues, SqliteTablesWithMoreColumnsThanAnyModelHas) {
    std::string columns;
    std::string values;
    std::string expected;
    for (int i = 0; i < 300; ++i) {
        const auto name = "c" + std::to_string(i);
        columns += (i > 0 ? ", " : "") + name + " TEXT";
        values += (i > 0 ? ", 'v" : "'v") + std::to_string(i) + "'";
        expected += (i > 0 ? ",\"" : "\"") + name + "\":\"v" + std::to_string(i) + "\"";
    }
    raw_.run("CREATE TABLE wide(" + columns + "); INSERT INTO wide VALUES (" + values + ")");
    EXPECT_EQ(fetched({"wide", "--format", "jsonl"}), "{" + expected + "}\n");
    EXPECT_EQ(fetched({"wide", "--format", "jsonl", "--fields", "c299,c0", "--filter", "c5=v5"}),
              "{\"c299\":\"v299\",\"c0\":\"v0\"}\n");
}

TEST_F(ToolValues, SqliteTablesThatNoRowCanHold) {
    std::string columns = "id INTEGER PRIMARY KEY";
    for (int i = 0; i < 900; ++i) columns += ", c" + std::to_string(i) + " TEXT DEFAULT 'x'";
    raw_.run("CREATE TABLE huge(" + columns + "); INSERT INTO huge(id) VALUES (1)");
    raw_.run("CREATE TABLE part(id INTEGER PRIMARY KEY, huge_id INTEGER REFERENCES huge(id)); INSERT INTO part VALUES "
             "(1, 1)");
    EXPECT_EQ(fetched({"part", "--format", "jsonl"}), "{\"id\":1,\"huge_id\":1}\n") << "others do not suffer from it";
    EXPECT_EQ(fetched({"part", "--format", "jsonl", "--filter", "huge__c899=x"}), "{\"id\":1,\"huge_id\":1}\n");
    EXPECT_EQ(fetched({"huge", "--format", "jsonl", "--fields", "c1", "--prefetch", "part_set"}),
              "{\"c1\":\"x\",\"part_set\":[{\"id\":1,\"huge_id\":1}]}\n");
    for (const auto& load :
         {std::vector<std::string>{"huge"}, {"part", "--prefetch", "huge"}, {"part", "--select-related", "huge"}}) {
        std::vector<std::string> arguments{"fetch", folder_.url()};
        arguments.insert(arguments.end(), load.begin(), load.end());
        const auto result = run_kith(arguments);
        EXPECT_EQ(result.code, 2);
        EXPECT_NE(result.err.find("choose fewer columns"), std::string::npos) << result.err;
    }
}

TEST_F(ToolValues, SqliteTablesThatHundredsReferTo) {
    raw_.run("CREATE TABLE hub(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO hub VALUES (1, 'h')");
    for (int i = 0; i < 400; ++i) {
        const auto name = "spoke" + std::to_string(i);
        raw_.run("CREATE TABLE " + name + "(id INTEGER PRIMARY KEY, hub_id INTEGER REFERENCES hub(id)); INSERT INTO " +
                 name + " VALUES (1, 1)");
    }
    EXPECT_EQ(fetched({"hub", "--format", "jsonl", "--prefetch", "spoke7_set", "--filter", "spoke399_set__id=1"}),
              "{\"id\":1,\"name\":\"h\",\"spoke7_set\":[{\"id\":1,\"hub_id\":1}]}\n");
}

TEST_F(ToolValues, ServerPostgresqlTypes) {
    if (backend() != Backend::postgresql) GTEST_SKIP();
    raw_.run(R"(CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE TABLE t (id uuid PRIMARY KEY, n numeric, d date, ts timestamp, tz timestamptz, j json, a int[], ip inet, m mood,
            iv interval, b bytea, ok boolean, r real, c char(3), tm time);
        INSERT INTO t VALUES ('00000000-0000-0000-0000-000000000001', 12345678901234567890.10, '2024-02-29',
            '2024-02-29 12:30:00.5', '2024-02-29 12:30:00+02', E'{"a":\n[1, 2.50]}', '{1,2}', '10.0.0.1', 'glad', '1 day 02:03',
            '\x00ff', true, 0.1, 'ab', '01:02'),
            ('00000000-0000-0000-0000-000000000002', 'NaN', 'infinity', '-infinity', '12024-01-01 00:00+00', 'null', '{}', NULL,
            'sad', NULL, '', false, 'Infinity', NULL, NULL))");
    EXPECT_EQ(
        fetched({"t", "--order-by", "id", "--format", "jsonl"}),
        R"({"id":"00000000-0000-0000-0000-000000000001","n":"12345678901234567890.10","d":"2024-02-29","ts":"2024-02-29 12:30:00.5","tz":"2024-02-29 10:30:00+00","j":{"a": [1, 2.50]},"a":"{1,2}","ip":"10.0.0.1/32","m":"glad","iv":"1 day 02:03:00","b":"AP8=","ok":true,"r":0.1,"c":"ab ","tm":"01:02:00"}
{"id":"00000000-0000-0000-0000-000000000002","n":"NaN","d":"infinity","ts":"-infinity","tz":"12024-01-01 00:00:00+00","j":null,"a":"{}","ip":null,"m":"sad","iv":null,"b":"","ok":false,"r":"Infinity","c":null,"tm":null}
)");
    for (const auto* condition :
         {"n=12345678901234567890.1", "d=2024-02-29", "tz__lt=2025-01-01", "ts=2024-02-29 12:30:00.5", "m=glad",
          "ip=10.0.0.1", "ok=true", "id=00000000-0000-0000-0000-000000000001", "b=AP8=", "iv=1 day 02:03", "a={1,2}"}) {
        const auto out = fetched({"t", "--fields", "c", "--format", "jsonl", "--filter", condition});
        EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1) << condition << ": " << out;
    }
    const auto header = output_of({"models", folder_.url(), "t"});
    EXPECT_NE(header.find("std::optional<kith::LocalTimestamp> ts{};"), std::string::npos) << header;
    EXPECT_NE(header.find("std::optional<kith::Timestamp> tz{};"), std::string::npos) << header;
}

TEST_F(ToolValues, ServerMariadbTypes) {
    if (backend() != Backend::mariadb) GTEST_SKIP();
    raw_.run(
        R"(CREATE TABLE t (id BIGINT UNSIGNED PRIMARY KEY, n DECIMAL(30,10), d DATE, dt DATETIME(6), ts TIMESTAMP NULL, tm TIME(3),
            y YEAR, e ENUM('a','b'), s SET('x','y'), bits BIT(10), b VARBINARY(10), j JSON, tiny TINYINT, u INT UNSIGNED,
            g POINT, f FLOAT, x CHAR(3));
        SET sql_mode = 'ANSI_QUOTES'; SET time_zone = '+00:00';
        INSERT INTO t VALUES (18446744073709551615, 12345678901234567890.1, '2024-02-29', '2024-02-29 12:30:00.5', '2024-02-29 12:30:00',
            '-838:59:59.5', 2024, 'b', 'x,y', 5, X'00ff', '{"a": 1}', -5, 4294967295, POINT(1, 2), 0.5, 'ab'),
            (1, NULL, '0000-00-00', '2024-00-00 00:00:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))");
    EXPECT_EQ(
        fetched({"t", "--order-by", "-id", "--format", "jsonl"}),
        R"({"id":18446744073709551615,"n":"12345678901234567890.1000000000","d":"2024-02-29","dt":"2024-02-29 12:30:00.500000","ts":"2024-02-29 12:30:00","tm":"-838:59:59.500000","y":2024,"e":"b","s":"x,y","bits":5,"b":"AP8=","j":"{\"a\": 1}","tiny":-5,"u":4294967295,"g":"AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA==","f":0.5,"x":"ab"}
{"id":1,"n":null,"d":"0000-00-00","dt":"2024-00-00 00:00:00","ts":null,"tm":null,"y":null,"e":null,"s":null,"bits":null,"b":null,"j":null,"tiny":null,"u":null,"g":null,"f":null,"x":null}
)");
    for (const auto* condition : {"id=18446744073709551615", "n=12345678901234567890.1", "d=2024-02-29",
                                  "dt__year=2024", "e=b", "b=AP8=", "bits=5", "tm=-838:59:59.5", "tiny=-5"}) {
        const auto out =
            fetched({"t", "--fields", "id,y", "--format", "jsonl", "--order-by", "-id", "--filter", condition});
        EXPECT_EQ(out.substr(0, out.find('\n')).find("18446744073709551615"), 6u) << condition << ": " << out;
    }
}

TEST(ToolServerPostgresqlDistinct, ComparesWholeRows) {
    if (backend() != Backend::postgresql) GTEST_SKIP();
    const TemporaryFolder folder;
    folder.raw().run(
        R"(CREATE TABLE t (id INTEGER PRIMARY KEY, a JSON, b JSONB, c POINT); INSERT INTO t VALUES (1, '[]', '{}', '(1,2)'))");
    const auto refused = run_kith({"fetch", folder.url(), "t", "--distinct"});
    EXPECT_EQ(refused.code, 1);
    EXPECT_NE(refused.err.find("use --fields to choose columns that can be compared"), std::string::npos)
        << refused.err;
    EXPECT_EQ(output_of({"fetch", folder.url(), "t", "--distinct", "--fields", "id,b,c", "--format", "jsonl"}),
              "{\"id\":1,\"b\":{},\"c\":\"(1,2)\"}\n");
}
