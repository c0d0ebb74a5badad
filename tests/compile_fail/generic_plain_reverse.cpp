// EXPECT-GCC: {"kith: Letter::notes is the other end of Note::about, but that is no kith::ForeignKey or kith::ManyToMany"}
// EXPECT-CLANG: {"kith: Letter::notes is the "}
// EXPECT-CLANG: {"other end of Note::about, but "}
// EXPECT-CLANG: {"that is no kith::ForeignKey or "}
// EXPECT-CLANG: {"kith::ManyToMany"}
#include <kith/kith.hpp>

struct Note;
struct Letter {
    kith::PrimaryKey<> id{};
    kith::ReverseSet<Note, "about"> notes{};
};
struct Note {
    kith::PrimaryKey<> id{};
    kith::GenericForeignKey<Letter> about{};
};

void use(const kith::Database& db) { db.objects<Letter>(); }
