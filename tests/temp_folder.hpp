#pragma once

#include <kith/error.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <typeinfo>

namespace kith::test {

/// A folder that goes with all that is in it.
class TempFolder {
public:
    TempFolder() {
        static std::atomic<int> count{0};
        path_ = std::filesystem::temp_directory_path() / fmt::format("kith-test-{}-{}", getpid(), ++count);
        std::filesystem::create_directory(path_);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string file(std::string_view name) const { return (path_ / name).string(); }
    /// Writes `content` into the file and gives its path.
    std::string write(std::string_view name, std::string_view content) const {
        std::ofstream(file(name), std::ios::binary) << content;
        return file(name);
    }

private:
    std::filesystem::path path_;
};

} // namespace kith::test

/// Expects `statement` to throw exactly `type`, with `part` in its message.
#define KITH_EXPECT_ERROR(statement, type, part)                                                                       \
    try {                                                                                                              \
        statement;                                                                                                     \
        ADD_FAILURE() << "nothing was thrown by " #statement;                                                          \
    } catch (const kith::Error& e) {                                                                                   \
        EXPECT_EQ(typeid(e), typeid(type)) << e.what();                                                                \
        EXPECT_NE(std::string_view(e.what()).find(part), std::string_view::npos) << e.what();                          \
    }
