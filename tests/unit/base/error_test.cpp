#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace kith::test {
namespace {

std::string shown(const std::string& message) { return ValueError(message).what(); }

TEST(ErrorMessage, IsOnOneLine) {
    EXPECT_EQ(shown("no member 'name'"), "no member 'name'");
    EXPECT_EQ(shown("no member 'a\nb\r\tc'"), "no member 'a\\nb\\r\\tc'");
    EXPECT_EQ(shown("é Ñ 東京 …"), "é Ñ 東京 …");
}

TEST(ErrorMessage, HasNoTerminalCommandsAndRunsFromLeftToRight) {
    EXPECT_EQ(shown("\x1b[31mred"), "\\u001b[31mred");
    EXPECT_EQ(shown("\xe2\x80\xae"
                    "eman"),
              "\\u202eeman");
    EXPECT_EQ(shown(std::string("a\0b", 3)), "a\\u0000b");
    EXPECT_EQ(shown("\xff"), "\\xff");
}

TEST(ErrorMessage, IsCutInTheMiddle) {
    const auto message = shown("Begins. " + std::string(100000, 'x') + " Remedy.");
    EXPECT_LT(message.size(), 4000u);
    EXPECT_TRUE(message.starts_with("Begins. xxx"));
    EXPECT_NE(message.find("x … x"), std::string::npos);
    EXPECT_TRUE(message.ends_with("xxx Remedy."));
    std::string characters = "Begins";
    for (int i = 0; i < 3000; ++i) characters += "東";
    const auto wide = shown(characters);
    EXPECT_EQ(wide.find("\\x"), std::string::npos) << "no character is cut";
    EXPECT_NE(wide.find("東 … 東"), std::string::npos);
}

} // namespace
} // namespace kith::test
