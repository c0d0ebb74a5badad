#include "tool/library.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

using namespace travel;

/// `kith models` and `kith measure`, and what helps with the command line.
class ToolCommands : public Library {};

namespace {

void holds(const std::string& text, const std::vector<std::string>& parts) {
    for (const auto& part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text;
}

std::set<std::string> options_of(const std::string& command) {
    const auto help = output_of({command, "--help"});
    const auto described = help.substr(0, help.find("Examples:"));
    static const std::regex option("--[a-z]+(-[a-z]+)*");
    std::set<std::string> options;
    for (auto at = std::sregex_iterator(described.begin(), described.end(), option); at != std::sregex_iterator();
         ++at) {
        options.insert(at->str());
    }
    return options;
}

} // namespace

TEST_F(ToolCommands, ModelsHaveRelationsBothWays) {
    holds(output_of({"models", url(), "--namespace", "shelf"}),
          {"namespace shelf {", "kith::ForeignKey<Author> author{};", "kith::ForeignKey<Author, kith::null> editor{};",
           "kith::ReverseSet<Book, \"editor\"> book_set_by_editor_id{};",
           "kith::ManyToMany<Tag, kith::through<BookTags, \"book\", \"tag_code\">> tags{};",
           "kith::ReverseSet<Book, \"tags\"> book_set{};",
           "kith::ForeignKey<Tag, kith::primary_key, kith::column<\"tag_code\">> tag_code{};",
           "kith::column<\"in print\">> in_print{};", "kith::column<\"parent__name\">> parent_name{};"});
}

TEST_F(ToolCommands, ModelsOfSomeTables) {
    const auto header = output_of({"models", url(), "book"});
    holds(header, {"struct Book {", " author_id{};"});
    EXPECT_EQ(header.find("Author"), std::string::npos) << header;
    EXPECT_EQ(ran({"models", "--namespace", "a b"}).code, 2);
    EXPECT_EQ(ran({"models", "bok"}).code, 2);
}

TEST_F(ToolCommands, MeasureComparesWaysToLoad) {
    const auto report = output_of({"measure", url(), "book", "--prefetch", "tags", "--prefetch", "author__mentor",
                                   "--runs", "2", "--sample", "2", "--chunk", "3"});
    holds(report, {"4 rows of book, median of 2 runs", "all at once, join", "all at once, pairs", "in chunks of 3",
                   "row by row", "≈ from 2 rows", "Row by row would take", "chunk_size 3 is enough"});
    const auto plain = output_of({"measure", url(), "book", "--prefetch", "author", "--runs", "1", "--sample", "0"});
    EXPECT_EQ(plain.find("pairs"), std::string::npos) << "there is nothing to choose\n" << plain;
    EXPECT_EQ(plain.find("row by row"), std::string::npos);
    EXPECT_EQ(ran({"measure", "book"}).code, 2);
    EXPECT_EQ(ran({"measure", "book", "--prefetch", "author", "--filter", "id=99"}).code, 2);
    EXPECT_EQ(ran({"measure", "book", "--prefetch", "autor"}).code, 2);
}

TEST_F(ToolCommands, TheShellKnowsTablesAndOptions) {
    const auto completion = std::string(KITH_TOOL_SOURCE) + "/completion/kith.bash";
    const auto complete = [&](const std::string& words, int at) {
        const auto script = "PATH=$(dirname " + shell_word(KITH_TOOL) + "):$PATH; source " + shell_word(completion) +
                            "; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(at) +
                            "; _kith; echo \"${COMPREPLY[*]}\"";
        Ran ran;
        auto* pipe = popen(("bash -c " + shell_word(script)).c_str(), "r");
        std::array<char, 4096> room{};
        while (const auto size = std::fread(room.data(), 1, room.size(), pipe)) ran.out.append(room.data(), size);
        pclose(pipe);
        return ran.out;
    };
    EXPECT_EQ(complete("kith f", 1), "fetch\n");
    EXPECT_EQ(complete("kith fetch " + shell_word(url()) + " boo", 3), "book book_tags\n");
    EXPECT_EQ(complete("kith fetch x y --select", 4), "--select-related\n");
    EXPECT_EQ(complete("kith fetch x y --format t", 5), "table tree\n");
}

TEST(ToolPages, NameEveryOption) {
    const std::filesystem::path source = KITH_TOOL_SOURCE;
    const auto manual = std::regex_replace(content_of(source / "man/kith.1"), std::regex("\\\\-"), "-");
    const auto bash = content_of(source / "completion/kith.bash");
    const auto zsh = content_of(source / "completion/_kith");
    const auto fish = content_of(source / "completion/kith.fish");
    for (const auto* command : {"schema", "fetch", "models", "measure"}) {
        for (const auto& option : options_of(command)) {
            const auto word = option.substr(2);
            EXPECT_NE(bash.find(option), std::string::npos) << option << " of " << command;
            EXPECT_NE(zsh.find(option), std::string::npos) << option << " of " << command;
            EXPECT_TRUE(std::regex_search(fish, std::regex("(-l |for option .*)\\b" + word + "\\b"))) << option;
            EXPECT_TRUE(option == "--help" || manual.find(option) != std::string::npos) << option << " of " << command;
        }
    }
}
