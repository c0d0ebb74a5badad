// EXPECT-GCC: {"kith: Note::at is a column of type kith::LocalTimestamp; `at` cannot be compared with a time"}
// EXPECT-CLANG: {"kith: Note::at is a column of "}
#include <kith/kith.hpp>

using namespace kith::literals;

struct Note {
    kith::PrimaryKey<> id{};
    kith::LocalTimestamp at{};
};

void use(const kith::Database& db) { (void)db.objects<Note>().filter("at"_f = kith::Timestamp{}); }
