#pragma once

#include "tool/run_kith.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

/// The compilers that take what `kith models` writes: that of the build, and others that are installed. Headers for a
/// server differ in the types of columns alone: there the first is enough.
namespace travel {

inline std::vector<std::string> compilers() {
    std::vector<std::string> all;
    std::istringstream list(KITH_TEST_COMPILERS);
    for (std::string each; std::getline(list, each, ',');) all.push_back(each);
    if (!on_sqlite()) all.resize(1);
    return all;
}

/// What a program writes and says, in one text, and its exit code.
inline Ran run_both(const std::string& command) {
    Ran ran;
    auto* pipe = popen((command + " 2>&1").c_str(), "r");
    std::array<char, 65536> room{};
    while (const auto size = std::fread(room.data(), 1, room.size(), pipe)) ran.out.append(room.data(), size);
    const int status = pclose(pipe);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

/// A header that `kith models` wrote, in the namespace of its own name.
struct Header {
    std::string space;
    std::string text;
};

/// A program that has Kith look at each model of the headers, which checks their declarations.
inline std::string program_for(const std::vector<Header>& headers) {
    std::string includes;
    std::string counts;
    for (const auto& [space, text] : headers) {
        includes += "#include \"" + space + ".hpp\"\n";
        const std::regex model("struct ([A-Za-z0-9_]+) \\{");
        for (auto at = std::sregex_iterator(text.begin(), text.end(), model); at != std::sregex_iterator(); ++at) {
            counts += "    rows += db.objects<" + space + "::" + (*at)[1].str() + ">().count();\n";
        }
    }
    return includes + "int main() {\n    const kith::Database db = kith::connect(\"sqlite::memory:\");\n" +
           "    std::int64_t rows = 0;\n" + counts + "    return rows == 0 ? 0 : 1;\n}\n";
}

/// That every compiler takes the program with the headers, without a warning.
inline void expect_compiled(const std::vector<Header>& headers, const std::string& program) {
    const TemporaryFolder folder;
    for (const auto& [space, text] : headers) std::ofstream(folder.path() / (space + ".hpp")) << text;
    const auto main = folder.path() / "main.cpp";
    std::ofstream(main) << program;
    for (const auto& compiler : compilers()) {
        const auto ran =
            run_both(shell_word(compiler) + " -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Werror -I" +
                     shell_word(KITH_TOOL_INCLUDE) + " " + shell_word(main.string()));
        EXPECT_EQ(ran.code, 0) << compiler << "\n" << ran.out.substr(0, 4000);
    }
}

/// The same, and all models in them.
inline void expect_compiled(const std::vector<Header>& headers) { expect_compiled(headers, program_for(headers)); }

} // namespace travel
