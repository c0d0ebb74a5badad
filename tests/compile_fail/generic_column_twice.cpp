// EXPECT-GCC: {"kith: Note::about has the columns about_type and about_id, but another member has one of these names: rename it"}
// EXPECT-CLANG: {"kith: Note::about has the "}
// EXPECT-CLANG: {"columns about_type and "}
// EXPECT-CLANG: {"about_id, but another member "}
// EXPECT-CLANG: {"has one of these names: rename "}
// EXPECT-CLANG: {"it"}
#include <kith/kith.hpp>

#include <string>

struct Letter {
    kith::PrimaryKey<> id{};
};
struct Note {
    kith::PrimaryKey<> id{};
    std::string about_type{};
    kith::GenericForeignKey<Letter> about{};
};

void use(const kith::Database& db) { db.objects<Note>(); }
