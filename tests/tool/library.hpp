#pragma once

#include "tool/run_kith.hpp"

/// A schema that nobody made for Kith, with all that real ones have, and SQL that says what the program is to print.
namespace travel {

/// `a || b`, in the dialect of the test.
inline std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += backend() == Backend::mariadb ? ", " : " || ";
        text += part;
    }
    return backend() == Backend::mariadb ? "CONCAT(" + text + ")" : "(" + text + ")";
}

inline std::string as_text(const std::string& expression) {
    return "CAST(" + expression + " AS " + by_backend("TEXT", "TEXT", "CHAR") + ")";
}

/// A JSON string, by the database's own function.
inline std::string json_text(const std::string& expression) {
    const auto call = by_backend("json_quote({})", "to_json({}::text)::text", "JSON_QUOTE({})");
    return std::string(call).replace(call.find("{}"), 2, expression);
}

/// `{"a":1,"b":"x"}` from pairs of a name and an expression that gives JSON or NULL.
inline std::string json_object(const std::vector<std::pair<std::string, std::string>>& members) {
    std::vector<std::string> parts{"'{'"};
    for (const auto& [name, expression] : members) {
        parts.push_back(std::string(parts.size() > 1 ? "','" : "''"));
        parts.push_back("'\"" + name + "\":'");
        parts.push_back("COALESCE(" + expression + ", 'null')");
    }
    parts.emplace_back("'}'");
    return joined(parts);
}

/// All values of `expression` in order, with `separator` between them.
inline std::string listed(const std::string& expression, const std::string& rest, const std::string& order,
                          const std::string& separator = ",") {
    const auto text =
        by_backend("(SELECT group_concat(x, '@') FROM (SELECT # AS x % ORDER BY $))",
                   "(SELECT string_agg(#, '@' ORDER BY $) %)", "(SELECT GROUP_CONCAT(# ORDER BY $ SEPARATOR '@') %)");
    std::string out;
    for (const char c : text) {
        out += c == '#' ? expression : c == '%' ? rest : c == '$' ? order : c == '@' ? separator : std::string(1, c);
    }
    return "COALESCE(" + out + ", '')";
}

class Library : public testing::Test {
public:
    Library() {
        constexpr const char* server_settings = // else group_concat is cut, and backslashes are lost
            "SET SESSION group_concat_max_len = 100000000, sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')";
        if (backend() == Backend::mariadb) raw_.run(server_settings);
        raw_.run(by_backend("", "", "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;") + std::string(R"(
            CREATE TABLE "author" ("id" INTEGER PRIMARY KEY, "name" VARCHAR(60) NOT NULL, "mentor_id" INTEGER,
                "big" BIGINT, "ratio" DOUBLE PRECISION, FOREIGN KEY ("mentor_id") REFERENCES "author"("id"));
            CREATE TABLE "book" ("id" INTEGER PRIMARY KEY, "title" VARCHAR(60) NOT NULL, "author_id" INTEGER NOT NULL,
                "editor_id" INTEGER, "in print" INTEGER, FOREIGN KEY ("author_id") REFERENCES "author"("id"),
                FOREIGN KEY ("editor_id") REFERENCES "author"("id"));
            CREATE TABLE "tag" ("code" VARCHAR(20) PRIMARY KEY, "parent__name" VARCHAR(20));
            CREATE TABLE "book_tags" ("book_id" INTEGER NOT NULL, "tag_code" VARCHAR(20) NOT NULL,
                PRIMARY KEY ("book_id", "tag_code"), FOREIGN KEY ("book_id") REFERENCES "book"("id"),
                FOREIGN KEY ("tag_code") REFERENCES "tag"("code"));
            INSERT INTO "author" VALUES (1, 'Lü "Quote" Xün', NULL, 9223372036854775807, 0.1),
                (2, 'O''Neill \ & <b>', 1, -9223372036854775807, 1e300), (3, '', 2, NULL, NULL);
            INSERT INTO "book" VALUES (10, 'Alder', 1, 2, 1), (11, 'Birch', 1, NULL, NULL), (12, 'Cedar', 2, 2, 0),
                (13, 'Douglas', 1, 3, 5);
            INSERT INTO "tag" VALUES ('tree', NULL), ('wood', 'tree'), ('Лес', 'tree'), ('unused', NULL);
            INSERT INTO "book_tags" VALUES (10, 'tree'), (10, 'Лес'), (11, 'tree'), (13, 'wood'), (13, 'tree');
        )"));
    }

    std::string url() const { return folder_.url(); }
    const Raw& raw() const { return raw_; }

    std::string author_json(const std::string& a) const { return json_object(author_members(a)); }
    static std::vector<std::pair<std::string, std::string>> author_members(const std::string& a) {
        const auto ratio = "CASE " + a + ".\"id\" WHEN 1 THEN '0.1' WHEN 2 THEN '1e+300' END";
        return {{"id", as_text(a + ".\"id\"")},
                {"name", json_text(a + ".\"name\"")},
                {"mentor_id", as_text(a + ".\"mentor_id\"")},
                {"big", as_text(a + ".\"big\"")},
                {"ratio", ratio}};
    }
    static std::vector<std::pair<std::string, std::string>> book_members(const std::string& b) {
        return {{"id", as_text(b + ".\"id\"")},
                {"title", json_text(b + ".\"title\"")},
                {"author_id", as_text(b + ".\"author_id\"")},
                {"editor_id", as_text(b + ".\"editor_id\"")},
                {"in print", as_text(b + ".\"in print\"")}};
    }
    static std::string tag_json(const std::string& t) {
        return json_object({{"code", json_text(t + ".\"code\"")},
                            {"parent__name", "CASE WHEN " + t + ".\"parent__name\" IS NOT NULL THEN " +
                                                 json_text(t + ".\"parent__name\"") + " END"}});
    }
    /// What `--format json` prints of the rows.
    std::string expected(const std::string& expression, const std::string& rest, const std::string& order) const {
        const auto rows = raw_.value("SELECT " + listed(expression, rest, order, ",\n"));
        return rows.empty() ? "[]\n" : "[\n" + rows + "\n]\n";
    }
    /// The same of what `kith fetch` prints.
    std::string fetched(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"fetch", url()});
        return output_of(arguments);
    }
    Ran ran(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin() + 1, url());
        return run_kith(arguments);
    }

private:
    TemporaryFolder folder_;
    Raw raw_{folder_.raw()};
};

} // namespace travel
