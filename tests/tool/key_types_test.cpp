#include "tool/run_kith.hpp"

/// Models made at run time over keys of types that compare in their own way.

using namespace travel;

namespace {

struct KeyType {
    std::string title{};
    std::string type{};
    std::string code{};  ///< of the author, as it is shown
    std::string spelt{}; ///< by the book, as it is shown: equal to the database
    std::string setup{};
};

const std::vector<KeyType>& key_types() {
    static const std::vector<KeyType> sqlite{
        {"text", "text", "Anna", "Anna"},
        {"case", "text COLLATE NOCASE", "Anna", "ANNA"},
        {"no type", "", "Anna", "Anna"},
    };
    static const std::vector<KeyType> postgresql{
        {"text", "text", "Anna", "Anna"},
        {"citext", "citext", "Anna", "ANNA"},
        {"an enum", "colour", "red", "red", "CREATE TYPE colour AS ENUM ('red', 'blue')"},
        {"a domain", "word", "Anna", "Anna", "CREATE DOMAIN word AS varchar(10)"},
        {"inet", "inet", "10.0.0.1/32", "10.0.0.1/32"},
        {"ltree", "ltree", "Top.Science", "Top.Science"},
        {"uuid", "uuid", "01234567-89ab-4def-8123-456789abcdef", "01234567-89ab-4def-8123-456789abcdef"},
    };
    static const std::vector<KeyType> mariadb{
        {"case", "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", "Anna", "ANNA"},
        {"latin1", "varchar(20) CHARACTER SET latin1", "é", "É"},
        {"an enum", "enum('red', 'blue')", "red", "red"},
        {"padding", "char(8)", "ab", "AB"},
    };
    return on_sqlite() ? sqlite : backend() == Backend::postgresql ? postgresql : mariadb;
}

} // namespace

TEST(ToolKeyTypes, AreFollowedBothWays) {
    for (const auto& each : key_types()) {
        SCOPED_TRACE(each.title);
        const TemporaryFolder folder;
        const auto raw = folder.raw();
        if (!each.setup.empty()) raw.run(each.setup);
        raw.run("CREATE TABLE author (code " + each.type + " NOT NULL PRIMARY KEY)");
        raw.run("CREATE TABLE book (id INTEGER PRIMARY KEY, author_code " + each.type +
                ", FOREIGN KEY (author_code) REFERENCES author(code))");
        raw.run("INSERT INTO author VALUES ('" + each.code + "')");
        raw.run("INSERT INTO book VALUES (1, '" + each.spelt + "'), (2, NULL)");
        const auto author = "{\"code\":\"" + each.code + "\"";
        EXPECT_EQ(output_of({"fetch", folder.url(), "book", "--order-by", "id", "--prefetch", "author_code", "--format",
                             "jsonl"}),
                  "{\"id\":1,\"author_code_id\":\"" + each.spelt + "\",\"author_code\":" + author +
                      "}}\n{\"id\":2,\"author_code_id\":null,\"author_code\":null}\n");
        EXPECT_EQ(output_of({"fetch", folder.url(), "author", "--prefetch", "book_set", "--format", "jsonl"}),
                  author + ",\"book_set\":[{\"id\":1,\"author_code\":\"" + each.spelt + "\"}]}\n");
    }
}
