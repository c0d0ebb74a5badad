#include "tool/compilers.hpp"

#include <cctype>
#include <set>

using namespace travel;

/// Schemas whose names mean something else in C++, in a header, or on a terminal.
class ToolNames : public testing::Test {
public:
    ToolNames() {
        if (backend() == Backend::mariadb) run("ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
    std::string url() const { return folder_.url(); }
    void run(const std::string& sql) const { Raw(url()).run(sql); }
    std::string header(const std::string& space = "models") const {
        return output_of({"models", url(), "--namespace", space});
    }

private:
    TemporaryFolder folder_;
};

namespace {

/// Members that are called like models, like what the header names, like keywords, and like their own struct.
const std::string clashes = R"(
    CREATE TABLE "Artist" ("Id" INTEGER PRIMARY KEY, "Name" VARCHAR(20) NOT NULL);
    CREATE TABLE "Album" ("Id" INTEGER PRIMARY KEY, "Artist" INTEGER NOT NULL, "Album" INTEGER,
        FOREIGN KEY ("Artist") REFERENCES "Artist"("Id"), FOREIGN KEY ("Album") REFERENCES "Album"("Id"));
    CREATE TABLE "std" ("id" INTEGER PRIMARY KEY);
    CREATE TABLE "kith" ("id" INTEGER PRIMARY KEY, "Std" INTEGER, "Kith" INTEGER,
        FOREIGN KEY ("Std") REFERENCES "std"("id"), FOREIGN KEY ("Kith") REFERENCES "kith"("id"));
    CREATE TABLE "class" ("id" INTEGER PRIMARY KEY);
    CREATE TABLE "struct" ("id" INTEGER PRIMARY KEY, "Class" INTEGER UNIQUE, FOREIGN KEY ("Class") REFERENCES "class"("id"));
    CREATE TABLE "models" ("id" INTEGER PRIMARY KEY, "Models" INTEGER, "models_2" INTEGER,
        FOREIGN KEY ("Models") REFERENCES "models"("id"));
    CREATE TABLE "NULL" ("id" INTEGER PRIMARY KEY, "NaN" DOUBLE PRECISION, "EOF" INTEGER);
    CREATE TABLE "Person" ("Id" INTEGER PRIMARY KEY, "string" VARCHAR(9), "kith" INTEGER, "std" INTEGER, "Field" INTEGER,
        "PrimaryKey" INTEGER, "ForeignKey" INTEGER NOT NULL, "optional" INTEGER, "int64_t" INTEGER, "table" INTEGER,
        "pk" INTEGER, "objects" INTEGER, "models" INTEGER, "vector" VARCHAR(9), "Person_2" INTEGER, "Person" INTEGER,
        "class" INTEGER, "final" INTEGER, "import" INTEGER, "module" INTEGER, "NULL" INTEGER, "errno" INTEGER,
        "exact" INTEGER, "in" INTEGER, "year" DATE, FOREIGN KEY ("class") REFERENCES "class"("id"));
    CREATE TABLE "Profile" ("Person" INTEGER PRIMARY KEY, FOREIGN KEY ("Person") REFERENCES "Person"("Id"));
    CREATE TABLE "Seat" ("Row" INTEGER NOT NULL, "Place" INTEGER NOT NULL, PRIMARY KEY ("Row", "Place"));
    CREATE TABLE "Ticket" ("Id" INTEGER PRIMARY KEY, "Row" INTEGER, "Place" INTEGER,
        FOREIGN KEY ("Row", "Place") REFERENCES "Seat"("Row", "Place"));
    CREATE TABLE "Ticket_set" ("Id" INTEGER PRIMARY KEY, "Row" INTEGER, "Place" INTEGER, UNIQUE ("Row", "Place"),
        FOREIGN KEY ("Row", "Place") REFERENCES "Seat"("Row", "Place"));
    CREATE TABLE "Note" ("Id" INTEGER PRIMARY KEY);
    CREATE TABLE "Tag" ("Id" INTEGER PRIMARY KEY, "Note_set" INTEGER);
    CREATE TABLE "NoteTag" ("NoteId" INTEGER, "TagId" INTEGER, PRIMARY KEY ("NoteId", "TagId"),
        FOREIGN KEY ("NoteId") REFERENCES "Note"("Id"), FOREIGN KEY ("TagId") REFERENCES "Tag"("Id"));
    CREATE TABLE "Tag_Note" ("TagId" INTEGER, "NoteId" INTEGER, PRIMARY KEY ("NoteId", "TagId"),
        FOREIGN KEY ("NoteId") REFERENCES "Note"("Id"), FOREIGN KEY ("TagId") REFERENCES "Tag"("Id"));
    CREATE TABLE "Note_NoteTag" ("NoteId" INTEGER, "Tag" INTEGER, PRIMARY KEY ("NoteId", "Tag"),
        FOREIGN KEY ("NoteId") REFERENCES "Note"("Id"), FOREIGN KEY ("Tag") REFERENCES "Tag"("Id"));
    CREATE TABLE "ReverseSet" ("Id" INTEGER PRIMARY KEY);
    CREATE TABLE "PrimaryKey" ("Id" INTEGER PRIMARY KEY, "ReverseSet" INTEGER,
        FOREIGN KEY ("ReverseSet") REFERENCES "ReverseSet"("Id"));
)";

/// Names with all that ends a line, a comment or a literal, or turns the text around it.
const std::string odd_text = "a\u202eb\u2066c\u2028d\u2029e\u0085f\u009bg\x1b[31mh\ni\u200bj\ufeffk\tl";
const std::vector<std::string> odd_endings{"\\",
                                           "\\ ",
                                           "?"
                                           "?/",
                                           "*/",
                                           "\"",
                                           "\");",
                                           "%s",
                                           "{}",
                                           "'",
                                           "R\"("};

/// The characters of `text` that are not seen, but for line ends.
std::string unseen_in(const std::string& text) {
    std::string found;
    for (const auto* each : {"\u202e", "\u2066", "\u2028", "\u2029", "\u0085", "\u009b", "\u200b", "\ufeff"}) {
        if (text.find(each) != std::string::npos) found += std::string(" ") + each;
    }
    for (const char c : text) {
        if (std::iscntrl(static_cast<unsigned char>(c)) != 0 && c != '\n') found += " control";
    }
    return found;
}

std::string quoted(const std::string& name) {
    std::string out = "\"";
    for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

} // namespace

TEST_F(ToolNames, TheSmallestClash) {
    run(R"(CREATE TABLE "Artist"("Id" INTEGER PRIMARY KEY);
           CREATE TABLE "Album"("Id" INTEGER PRIMARY KEY, "Artist" INTEGER NOT NULL, FOREIGN KEY ("Artist") REFERENCES "Artist"("Id")))");
    const auto text = header();
    EXPECT_NE(text.find("kith::ForeignKey<::models::Artist, kith::column<\"Artist\">> Artist{};"), std::string::npos)
        << text;
    EXPECT_NE(text.find("kith::ReverseSet<Album, \"Artist\"> Album_set{};"), std::string::npos)
        << "no namespace where nothing clashes\n"
        << text;
    if (on_sqlite()) expect_compiled({{"models", text}}); // the text is the same everywhere, but for the keys' type
}

TEST_F(ToolNames, ThatMeanSomethingElseInCpp) {
    run(clashes);
    if (!on_sqlite()) { // where names differ by case alone
        run(R"(CREATE TABLE "artist" ("id" INTEGER PRIMARY KEY, "Artist" INTEGER, FOREIGN KEY ("Artist") REFERENCES "Artist"("Id")))");
    }
    const auto text = header();
    EXPECT_EQ(text.find("kith::to_field"), std::string::npos) << "tables that differ by case have a key each\n" << text;
    expect_compiled({{"models", text}, {"Artist", header("Artist")}});
    for (const auto* line :
         {"kith::ForeignKey<Album, kith::null, kith::column<\"Album\">> Album_2{};",
          "kith::ReverseOne<::models::Profile, \"Person\"> Profile{};",
          "kith::ManyToMany<::models::Tag, kith::through<::models::NoteTag, \"NoteId\", \"TagId\">> Tag{};",
          "struct TableNULL {", "NULL_value{};"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
    }
}

TEST_F(ToolNames, ThatEndLinesCommentsAndLiterals) {
    const auto unreadable = by_backend("", "POINT", "BIT(3)");
    auto endings = odd_endings;
    if (on_sqlite()) endings.emplace_back("\xff\xe2\x80"); // others let in nothing that is no UTF-8
    for (const auto& ending : endings) {
        if (backend() == Backend::mariadb && ending.ends_with(' ')) continue; // it refuses them
        const auto name = quoted("t" + ending);
        const auto left_out = on_sqlite()
                                  ? ", " + quoted("gone" + ending) + " INTEGER REFERENCES " + quoted("none" + ending)
                                  : ", " + quoted("gone" + ending) + " " + unreadable;
        run("CREATE TABLE " + name + " (" + quoted("id" + ending) + " INTEGER PRIMARY KEY, " +
            quoted("c" + ending + odd_text) + " INTEGER" + left_out + ")");
    }
    run("CREATE TABLE " + quoted(odd_text) + " (\"id\" INTEGER PRIMARY KEY)");
    const auto text = header();
    EXPECT_EQ(unseen_in(text), "");
    EXPECT_NE(text.find(on_sqlite() ? "there is no table none\\x5c\n" : "// left out: gone\\x5c has the type"),
              std::string::npos)
        << text;
    expect_compiled({{"models", text}});
}

TEST_F(ToolNames, AreNoCommandsForATerminal) {
    const auto table = quoted("t" + odd_text);
    run("CREATE TABLE " + table + " (\"id\" INTEGER PRIMARY KEY, " + quoted("c" + odd_text) +
        " VARCHAR(100), \"next_id\" INTEGER, FOREIGN KEY (\"next_id\") REFERENCES " + table + "(\"id\"))");
    run("INSERT INTO " + table + " VALUES (1, '" + odd_text + "', 1)");
    const auto name = "t" + odd_text;
    const auto set = name + "_set";
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"schema", url()},
             {"schema", url(), "--json"},
             {"schema", url(), "--dot"},
             {"schema", url(), "--svg"},
             {"models", url()},
             {"fetch", url(), name, "--prefetch", set, "--format", "json"},
             {"fetch", url(), name, "--prefetch", set, "--format", "table"},
             {"fetch", url(), name, "--prefetch", set, "--format", "tree"},
             {"fetch", url(), name, "--prefetch", set, "--explain"},
             {"fetch", url(), name, "--max-rows", "0"},
             {"fetch", url(), name, "--filter", "nothing=1"},
             {"fetch", url(), "nothing"},
             {"fetch", url(), name, "--fields", odd_text},
             {"fetch", url(), name, odd_text},
             {"measure", url(), name, "--prefetch", set, "--runs", "1", "--chunk", "1"}}) {
        const auto ran = run_kith(arguments);
        EXPECT_EQ(unseen_in(ran.out + ran.err), "") << arguments[0] << " " << arguments.back();
        EXPECT_NE(ran.out + ran.err, "");
    }
    EXPECT_NE(output_of({"schema", url()}).find("a\\u202eb\\u2066c\\u2028d\\u2029e\\u0085f\\u009bg\\u001b[31mh\\ni"),
              std::string::npos);
}

TEST_F(ToolNames, JsonLosesNothing) {
    const std::string far = "x\U000e0001y\u200dz"; // a tag, which is two escapes, and a joiner, which stays
    run("CREATE TABLE \"t\" (\"id\" INTEGER PRIMARY KEY, \"c\" VARCHAR(100))");
    run("INSERT INTO \"t\" VALUES (1, 'a\u202eb" + far + "')");
    EXPECT_EQ(output_of({"fetch", url(), "t", "--format", "jsonl"}),
              "{\"id\":1,\"c\":\"a\\u202ebx\\udb40\\udc01y\u200dz\"}\n");
    if (backend() != Backend::postgresql) return;
    run("CREATE TABLE \"j\" (\"c\" JSON); INSERT INTO \"j\" VALUES ('{\"k\u202e\":\n\t\"\u009b\"}')");
    EXPECT_EQ(output_of({"fetch", url(), "j", "--format", "jsonl"}), "{\"c\":{\"k\\u202e\":  \"\\u009b\"}}\n");
}

TEST_F(ToolNames, OfTablesAreNoCommandsForAShell) {
    run("CREATE TABLE " + quoted("$(echo>&2${IFS}obeyed)") + " (\"id\" INTEGER PRIMARY KEY)");
    run("CREATE TABLE " + quoted("Order Details") + " (\"id\" INTEGER PRIMARY KEY)");
    const auto completion = std::string(KITH_TOOL_SOURCE) + "/completion/kith.bash";
    const auto completed = [&](const std::string& begun) {
        const auto script = "PATH=$(dirname " + shell_word(KITH_TOOL) + "):$PATH; source " + shell_word(completion) +
                            "; COMP_WORDS=(kith fetch " + shell_word(url()) + " " + shell_word(begun) +
                            "); COMP_CWORD=3; _kith; printf '%s\\n' \"${COMPREPLY[@]}\"";
        return run_both("bash -c " + shell_word(script)).out;
    };
    EXPECT_EQ(completed(""), "$(echo>&2${IFS}obeyed)\nOrder Details\n");
    EXPECT_EQ(completed("Order\\ D"), "Order Details\n");
}

/// Columns that are named like the macros of the headers which kith.hpp includes.
TEST(ToolSqliteNames, OfMacros) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "all.cpp") << "#include <kith/kith.hpp>\n";
    std::set<std::string> macros;
    const std::regex line("#define ([A-Za-z][A-Za-z0-9_]*) [^\n]*\n"); // not those that take arguments
    for (const auto& compiler : compilers()) {
        const auto ran = run_both(shell_word(compiler) + " -std=c++20 -dM -E -I" + shell_word(KITH_TOOL_INCLUDE) + " " +
                                  shell_word((folder.path() / "all.cpp").string()));
        for (auto at = std::sregex_iterator(ran.out.begin(), ran.out.end(), line); at != std::sregex_iterator(); ++at) {
            macros.insert((*at)[1]);
        }
    }
    ASSERT_GT(macros.size(), 500U);
    std::vector<std::pair<std::set<std::string>, std::string>> tables;
    for (const auto& macro : macros) {
        std::string lower;
        for (const char c : macro) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (tables.empty() || tables.back().first.size() == 60 || tables.back().first.contains(lower))
            tables.emplace_back();
        tables.back().first.insert(lower);
        tables.back().second += ", \"" + macro + "\" INTEGER";
    }
    for (std::size_t i = 0; i < tables.size(); ++i) {
        folder.raw().run("CREATE TABLE t" + std::to_string(i) + " (id INTEGER PRIMARY KEY" + tables[i].second + ")");
    }
    folder.raw().run("CREATE TABLE EOF (id INTEGER PRIMARY KEY); CREATE TABLE \"NAN\" (id INTEGER PRIMARY KEY)");
    expect_compiled({{"models", output_of({"models", folder.url()})}}, "#include \"models.hpp\"\nint main() {}\n");
}

/// SQLite lets a foreign key be of another type than what it refers to, and refer to any column that is unique.
TEST(ToolSqliteKeys, ThatNoModelCanHaveAreLeftOut) {
    const TemporaryFolder folder;
    folder.raw().run(R"(
        CREATE TABLE a (x INTEGER, y TEXT, PRIMARY KEY (x, y));
        CREATE TABLE b (id INTEGER PRIMARY KEY, p TEXT, q TEXT, FOREIGN KEY (p, q) REFERENCES a(x, y));
        CREATE TABLE b2 (id INTEGER PRIMARY KEY, p INTEGER REFERENCES c(m), q TEXT, FOREIGN KEY (p, q) REFERENCES a(x, y));
        CREATE TABLE c (k INTEGER UNIQUE, l INTEGER, m TEXT UNIQUE, PRIMARY KEY (k, l));
        CREATE TABLE part (k INTEGER UNIQUE REFERENCES c(k), l INTEGER, PRIMARY KEY (k, l));
        CREATE TABLE d (id INTEGER PRIMARY KEY, ck INTEGER REFERENCES c(k));
        CREATE TABLE d_links (d INTEGER REFERENCES d(id), c INTEGER REFERENCES c(k), PRIMARY KEY (d, c));
        CREATE TABLE e (id TEXT PRIMARY KEY, r REAL UNIQUE, s BLOB UNIQUE);
        CREATE TABLE f (e INTEGER REFERENCES e(id), r TEXT REFERENCES e(r), s REFERENCES e(s));
        CREATE TABLE u (x INTEGER, y INTEGER, z INTEGER, UNIQUE (x, y));
        CREATE TABLE v (x INTEGER, y INTEGER, PRIMARY KEY (x, y), FOREIGN KEY (x, y) REFERENCES u(x, y));
        CREATE TABLE chain (id INTEGER PRIMARY KEY REFERENCES d(id));
        CREATE TABLE longer (id INTEGER PRIMARY KEY REFERENCES chain(id), b INTEGER REFERENCES chain(id));
        CREATE TABLE self (id INTEGER PRIMARY KEY REFERENCES self(id), next UNIQUE REFERENCES self(next));
        CREATE TABLE ck (a INTEGER REFERENCES d(id), b INTEGER REFERENCES chain(id), PRIMARY KEY (a, b));
        CREATE TABLE ck2 (p INTEGER REFERENCES d(id), q INTEGER, PRIMARY KEY (p, q), FOREIGN KEY (p, q) REFERENCES ck(a, b));)");
    const auto text = output_of({"models", folder.url()});
    for (const auto* line : {"left out: a: its columns have other types than those of a",
                             "left out: u: it does not refer to the primary key of u",
                             "kith::OneToOne<C, kith::primary_key, kith::column<\"k\">, kith::to_field<\"k\">> k{};",
                             "kith::OneToOne<Ck, kith::from_fields<\"p\", \"q\">> ck{};"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
    }
    expect_compiled({{"models", text}});
}
