// EXPECT-GCC: {"kith: Letter::notes is the other end of Note::about, but that does not lead to Letter"}
// EXPECT-CLANG: {"kith: Letter::notes is the "}
// EXPECT-CLANG: {"other end of Note::about, but "}
// EXPECT-CLANG: {"that does not lead to Letter"}
#include <kith/kith.hpp>

struct Note;
struct Parcel {
    kith::PrimaryKey<> id{};
};
struct Letter {
    kith::PrimaryKey<> id{};
    kith::ReverseGeneric<Note, "about"> notes{};
};
struct Note {
    kith::PrimaryKey<> id{};
    kith::GenericForeignKey<Parcel> about{};
};

void use(const kith::Database& db) { db.objects<Letter>(); }
