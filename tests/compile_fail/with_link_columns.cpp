// EXPECT-GCC: {"kith: Membership::since must have a value, which a link of Group::members does not give it: pass new Membership rows, with kith::with of the ReverseSet that leads to them"}
// EXPECT-CLANG: {"kith: Membership::since must "}
// EXPECT-CLANG: {"have a value, which a link of "}
// EXPECT-CLANG: {"Group::members does not give "}
// EXPECT-CLANG: {"it: pass new Membership rows, "}
#include <kith/kith.hpp>

using namespace kith::literals;

struct Group;
struct Player {
    kith::PrimaryKey<> id{};
    std::string name{};
};
struct Membership {
    kith::PrimaryKey<> id{};
    kith::ForeignKey<Group> group{};
    kith::ForeignKey<Player> player{};
    std::optional<std::int32_t> shirt{};
    std::int32_t since{};
};
struct Group {
    kith::PrimaryKey<> id{};
    std::string name{};
    kith::ManyToMany<Player, kith::through<Membership, "group", "player">> members{};
};

void use(const kith::Database& db) { db.objects<Group>().create({.name = "x"}, kith::with("members"_f, {1, 2})); }
