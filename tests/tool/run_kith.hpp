#pragma once

#include "support/test_database.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

/// The program `kith` as a user runs it.
namespace travel {

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

struct Ran {
    int code{0};
    std::string out{};
    std::string err{};
};

inline std::string shell_word(const std::string& text) {
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
    return word + "'";
}

inline Ran run_kith(const std::vector<std::string>& arguments) {
    static int number = 0;
    const auto errors = std::filesystem::temp_directory_path() /
                        ("kith-stderr-" + std::to_string(getpid()) + "-" + std::to_string(++number));
    std::string command = shell_word(KITH_TOOL);
    for (const auto& argument : arguments) command += " " + shell_word(argument);
    command += " 2>" + shell_word(errors.string());
    Ran ran;
    auto* pipe = popen(command.c_str(), "r");
    std::array<char, 65536> room{};
    while (const auto size = std::fread(room.data(), 1, room.size(), pipe)) ran.out.append(room.data(), size);
    const int status = pclose(pipe);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ran.err = content_of(errors);
    std::filesystem::remove(errors);
    return ran;
}

/// What it prints where all is well.
inline std::string output_of(const std::vector<std::string>& arguments) {
    const auto ran = run_kith(arguments);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.out;
}

} // namespace travel
