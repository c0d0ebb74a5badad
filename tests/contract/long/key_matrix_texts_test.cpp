#include "support/key_matrix.hpp"

/// Text keys, in every type of column that holds text, in spellings that are equal to the database and not in bytes.

namespace key_matrix_texts_test {

using namespace matrix;

namespace {

const std::vector<std::string> spellings{"'Anna'", "'anna'", "'ANNA'", "'gone'", "'b'", "'B'"};

std::vector<Case> of_sqlite() {
    return {
        {.title = "text", .parent = "text", .codes = {"'Anna'", "'anna'", "'漢😀'"}, .refers_to = spellings},
        {.title = "a declared length", .parent = "varchar(20)", .codes = {"'Anna'", "'x'"}, .refers_to = spellings},
        {.title = "case", .parent = "text COLLATE NOCASE", .codes = {"'Anna'", "'b'"}, .refers_to = spellings},
        {.title = "blanks",
         .parent = "text COLLATE RTRIM",
         .codes = {"'ab'", "'b '"},
         .refers_to = {"'ab'", "'ab  '", "'b'", "' b'"}},
        {.title = "no type", .parent = "", .codes = {"'Anna'", "'7'"}, .refers_to = {"'Anna'", "'7'", "'ANNA'"}},
        {.title = "BLOB", .parent = "BLOB", .codes = {"'Anna'", "'7'"}, .refers_to = {"'Anna'", "'7'", "'ANNA'"}},
        {.title = "STRICT",
         .parent = "TEXT COLLATE NOCASE",
         .codes = {"'Anna'", "'b'"},
         .refers_to = spellings,
         .table_options = " STRICT"},
        {.title = "without rowid",
         .parent = "text COLLATE NOCASE",
         .codes = {"'Anna'", "'b'"},
         .refers_to = spellings,
         .table_options = " WITHOUT ROWID"},
        {.title = "numbers where text belongs",
         .parent = "text",
         .child = "NUMERIC",
         .codes = {"'7'", "'x'"},
         .refers_to = {"'7'", "'x'", "7"},
         .refused = true},
    };
}

/// A column of `type`, which a std::string does not hold.
Case not_text(const std::string& type, const std::string& code) {
    return {.title = "no text", .parent = type, .codes = {code}, .refers_to = {code}, .refused = true};
}

std::vector<Case> of_postgresql() {
    return {
        {.title = "text", .parent = "text", .codes = {"'Anna'", "'anna'", "'漢😀'"}, .refers_to = spellings},
        {.title = "a length",
         .parent = "varchar(20)",
         .child = "varchar(4)",
         .codes = {"'Anna'", "'Annabel'"},
         .refers_to = {"'Anna'", "'Anna'"}},
        {.title = "citext", .parent = "citext", .codes = {"'Anna'", "'b'"}, .refers_to = spellings},
        {.title = "padding",
         .parent = "char(8)",
         .codes = {"'ab'", "'b'"},
         .refers_to = {"'ab'", "'ab   '", "'b'", "'gone'"}},
        {.title = "padding to another length",
         .parent = "char(8)",
         .child = "char(3)",
         .codes = {"'abc'", "'abcdef'"},
         .refers_to = {"'abc'", "'ab'", "'abc'"}},
        {.title = "an enum",
         .parent = "colour",
         .codes = {"'red'", "'blue'"},
         .refers_to = {"'red'", "'blue'", "'green'"},
         .setup = "CREATE TYPE colour AS ENUM ('red', 'blue', 'green')"},
        {.title = "a domain",
         .parent = "word",
         .codes = {"'Anna'", "'b'"},
         .refers_to = spellings,
         .setup = "CREATE DOMAIN word AS varchar(10) CHECK (VALUE <> 'never')"},
        {.title = "a domain of citext",
         .parent = "word",
         .codes = {"'Anna'", "'b'"},
         .refers_to = spellings,
         .setup = "CREATE DOMAIN letters AS citext; CREATE DOMAIN word AS letters CHECK (VALUE <> '')"},
        {.title = "a domain that some keys are not in",
         .parent = "word",
         .child = "text",
         .codes = {"'Anna'"},
         .refers_to = {"'Anna'", "'b'"},
         .setup = "CREATE DOMAIN word AS text CHECK (VALUE LIKE 'A%')"},
        {.title = "a domain of char(n)",
         .parent = "word",
         .codes = {"'Anna'", "'b'"},
         .refers_to = {"'Anna'", "'b'", "'b  '"},
         .setup = "CREATE DOMAIN word AS char(6)"},
        {.title = "name", .parent = "name", .codes = {"'Anna'", "'b'"}, .refers_to = spellings},
        {.title = "a collation that minds no case",
         .parent = "text COLLATE caseless",
         .codes = {"'Anna'", "'b'"},
         .refers_to = spellings,
         .setup = "CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"},
        {.title = "a collation that minds no accents",
         .parent = "text COLLATE blind",
         .codes = {"'résumé'", "'b'"},
         .refers_to = {"'resume'", "'Résumé'", "'b'"},
         .setup = "CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false)"},
        not_text("uuid", "gen_random_uuid()"),
        not_text("inet", "'10.0.0.1'"),
        not_text("ltree", "'Top.Science'"),
        not_text("time", "'12:30:00'"),
        not_text("interval", "'1 day'"),
        not_text("bit(4)", "B'0101'"),
        not_text("int4range", "'[1,5)'"),
    };
}

/// A column of `characters`.
Case of_characters(const std::string& characters, std::vector<std::string> codes, std::vector<std::string> refers_to) {
    return {.title = characters,
            .parent = "varchar(20) CHARACTER SET " + characters,
            .codes = std::move(codes),
            .refers_to = std::move(refers_to)};
}

std::vector<Case> of_mariadb() {
    const std::string beyond = "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";
    const auto lossy = [&](const std::string& child) {
        return Case{.title = "a character that " + child + " lacks",
                    .parent = beyond,
                    .child = "varchar(20) CHARACTER SET " + child,
                    .codes = {"'a😀'", "'a?'", "'漢'", "'b'"},
                    .refers_to = {"'a?'", "'b'", "'B'", "'?'"},
                    .refused = true}; // by `exact` alone, where MariaDB itself refuses the comparison
    };
    return {
        of_characters("utf8mb4 COLLATE utf8mb4_nopad_bin", {"'Anna'", "'anna'", "'漢😀'"}, spellings),
        of_characters("utf8mb4 COLLATE utf8mb4_bin", {"'Anna'", "'anna'", "'漢😀'"}, spellings),
        of_characters("utf8mb4 COLLATE utf8mb4_general_ci", {"'Anna'", "'b'", "'漢😀'"}, spellings),
        of_characters("utf8mb4 COLLATE utf8mb4_unicode_ci", {"'résumé'", "'b '"},
                      {"'resume'", "'RÉSUMÉ'", "'b'", "'B'"}),
        of_characters("utf8mb3 COLLATE utf8mb3_general_ci", {"'Anna'", "'漢'"}, spellings),
        of_characters("latin1 COLLATE latin1_bin", {"'Anna'", "'é'"}, {"'Anna'", "'anna'", "'é'", "'E'"}),
        of_characters("latin1 COLLATE latin1_swedish_ci", {"'Anna'", "'é'"}, {"'Anna'", "'anna'", "'É'", "'x'"}),
        of_characters("ascii COLLATE ascii_general_ci", {"'Anna'", "'b'"}, spellings),
        of_characters("ucs2", {"'Anna'", "'漢'"}, spellings),
        of_characters("utf16", {"'Anna'", "'漢😀'"}, spellings),
        of_characters("cp1251", {"'Анна'", "'b'"}, {"'анна'", "'АННА'", "'B'"}),
        {.title = "padding",
         .parent = "char(8) CHARACTER SET utf8mb4",
         .codes = {"'ab'", "'b'"},
         .refers_to = {"'ab'", "'ab  '", "'B'", "'gone'"}},
        {.title = "an enum",
         .parent = "enum('red', 'blue', 'green') CHARACTER SET latin1",
         .codes = {"'red'", "'blue'"},
         .refers_to = {"'red'", "'BLUE'", "'green'"}},
        lossy("latin1"),
        lossy("ascii"),
        lossy("utf8mb3"),
        lossy("cp1251"),
        {.title = "a set",
         .parent = "set('red', 'blue')",
         .codes = {"'red'", "'red,blue'"},
         .refers_to = {"'blue,red'", "'red'", "'blue'"}},
        {.title = "inet6", .parent = "inet6", .codes = {"'::1'", "'10::2'"}, .refers_to = {"'::1'", "'10:0::2'"}},
        not_text("varbinary(20)", "'a'"),
        not_text("time", "'12:30:00'"),
        not_text("bit(4)", "b'0101'"),
    };
}

} // namespace

TEST(KeyMatrix, Texts) { check<std::string>(of_sqlite(), of_postgresql(), of_mariadb()); }

} // namespace key_matrix_texts_test
