#include "support/key_matrix.hpp"

/// Identifiers, bytes, dates and times as keys. Where a database keeps them as text or numbers, keys in another form
/// than the one that Kith sends are refused when they are read.

namespace key_matrix_values_test {

using namespace matrix;

namespace {

using Texts = std::vector<std::string>;

const std::string one = "0123456789abcdef0123456789abcdef";
const std::string two = "ffffffffffffffffffffffffffffffff";
const std::string hyphenated = "01234567-89ab-cdef-0123-456789abcdef";

std::string quoted(const std::string& text) { return "'" + text + "'"; }
std::string binary(const std::string& digits) { return "x'" + digits + "'"; }
std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

Case keys(const std::string& title, const std::string& type, Texts codes, Texts refers_to, bool refused = false,
          const std::string& options = {}) {
    return {.title = title,
            .parent = type,
            .codes = std::move(codes),
            .refers_to = std::move(refers_to),
            .refused = refused,
            .options = options};
}

} // namespace

TEST(KeyMatrix, Uuids) {
    const Texts digits{quoted(one), quoted(two)};
    const Texts bytes{binary(one), binary(two)};
    const Texts both{quoted(hyphenated), quoted("ffffffff-ffff-ffff-ffff-ffffffffffff")};
    const Texts own{quoted("01234567-89ab-4def-8123-456789abcdef"), quoted("01234567-89ab-4def-8123-456789abcdff")};
    check<kith::Uuid>(
        {keys("digits", "char(32)", digits, digits),
         keys("capitals", "char(32)", {quoted(upper(one))}, {quoted(one)}, true),
         keys("capitals on both sides", "char(32)", {quoted(upper(one))}, {quoted(upper(one))}, true),
         keys("capitals among the children", "char(32)", {quoted(one)}, {quoted(upper(one))}, true),
         keys("capitals without case", "char(32) COLLATE NOCASE", {quoted(one)}, {quoted(upper(one))}, true),
         keys("hyphens", "char(36)", both, both, true), keys("bytes", "BLOB", bytes, bytes, true),
         keys("hyphens, as the option says", "char(36)", both, both, false, "sqlite_uuids=hyphenated"),
         keys("bytes, as the option says", "BLOB", bytes, bytes, false, "sqlite_uuids=bytes")},
        {keys("uuid", "uuid", digits, both), keys("text", "text", digits, digits, true)},
        {keys("digits", "char(32) CHARACTER SET ascii COLLATE ascii_bin", digits, digits),
         keys("MariaDB's own", "uuid", own, own),
         keys("capitals", "char(32) CHARACTER SET ascii COLLATE ascii_bin", {quoted(upper(one))}, {quoted(one)}, true),
         keys("hyphens", "char(36)", both, both, true), keys("bytes", "binary(16)", bytes, bytes, true)});
}

TEST(KeyMatrix, Bytes) {
    const Texts codes{binary("00ff"), binary("0001"), binary("41")};
    const Texts refers_to{binary("41"), binary("00ff"), binary("61")};
    check<std::vector<std::byte>>(
        {keys("BLOB", "BLOB", codes, refers_to), keys("no type", "", codes, refers_to)},
        {keys("bytea", "bytea", {"'\\x00ff'", "'\\x41'"}, {"'\\x41'", "'\\x00ff'", "'\\x61'"})},
        {keys("varbinary", "varbinary(20)", codes, refers_to), keys("padded", "binary(4)", codes, refers_to)});
}

TEST(KeyMatrix, Dates) {
    const Texts codes{"'2024-02-29'", "'1970-01-01'"};
    const Texts refers_to{"'1970-01-01'", "'2024-02-29'", "'2000-01-01'"};
    check<kith::Date>(
        {keys("text", "date", codes, refers_to)},
        {keys("date", "date", codes, refers_to), keys("infinity", "date", codes, {"'infinity'", "'2024-02-29'"}, true)},
        {keys("date", "date", codes, refers_to)});
}

TEST(KeyMatrix, Timestamps) {
    const Texts codes{"'2024-02-29 12:30:00'", "'1970-01-01 00:00:00'"};
    const Texts fine{"'2024-02-29 12:30:00.000001'", "'2024-02-29 12:30:00'"};
    check<kith::Timestamp>(
        {keys("text", "datetime", codes, codes), keys("a fraction", "datetime", fine, fine),
         keys("a T and a Z", "datetime", {"'2024-02-29T12:30:00Z'"}, {"'2024-02-29T12:30:00Z'"}, true),
         keys("zeros", "datetime", {"'2024-02-29 12:30:00.000000'"}, {"'2024-02-29 12:30:00'"}, true),
         keys("numbers", "bigint", {"1709209800", "0"}, {"0", "1709209800", "7"}, false, "sqlite_timestamps=seconds")},
        {keys("with a zone", "timestamptz", codes, codes), keys("without", "timestamp", fine, fine),
         keys("infinity", "timestamptz", codes, {"'infinity'"}, true)},
        {keys("datetime", "datetime", codes, codes), keys("a fraction", "datetime(6)", fine, fine),
         keys("timestamp", "timestamp(6)", fine, fine)});
}

TEST(KeyMatrix, LocalTimestamps) {
    const Texts codes{"'2024-02-29 12:30:00'", "'1970-01-01 00:00:00'"};
    check<kith::LocalTimestamp>({keys("text", "datetime", codes, codes),
                                 keys("a T", "datetime", {"'2024-02-29T12:30:00'"}, {"'2024-02-29T12:30:00'"}, true)},
                                {keys("timestamp", "timestamp", codes, codes)},
                                {keys("datetime", "datetime(6)", codes, codes)});
}

} // namespace key_matrix_values_test
