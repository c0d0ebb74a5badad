// EXPECT-GCC: {"kith: Note::about leads to models whose primary keys are not of one type: they share the column about_id, so let their keys have the same type, one column each"}
// EXPECT-CLANG: {"kith: Note::about leads to "}
// EXPECT-CLANG: {"models whose primary keys are "}
#include <kith/kith.hpp>

struct Parcel {
    kith::PrimaryKey<kith::Uuid> id{};
};
struct Letter {
    kith::PrimaryKey<> id{};
};
struct Note {
    kith::PrimaryKey<> id{};
    kith::GenericForeignKey<Parcel, Letter> about{};
};

void use(const kith::Database& db) { db.objects<Note>(); }
