// EXPECT-GCC: {"kith: A is larger than 3900 bytes, the most that a row may have"}
// EXPECT-CLANG: {"kith: A is larger than 3900 "}
// EXPECT-CLANG: {"bytes, the most that a row may "}
// EXPECT-CLANG: {"have"}
#include <kith/kith.hpp>

using namespace kith::literals;

struct A {
    kith::PrimaryKey<> id{};
    alignas(64) std::string text00{};
    alignas(64) std::string text01{};
    alignas(64) std::string text02{};
    alignas(64) std::string text03{};
    alignas(64) std::string text04{};
    alignas(64) std::string text05{};
    alignas(64) std::string text06{};
    alignas(64) std::string text07{};
    alignas(64) std::string text08{};
    alignas(64) std::string text09{};
    alignas(64) std::string text10{};
    alignas(64) std::string text11{};
    alignas(64) std::string text12{};
    alignas(64) std::string text13{};
    alignas(64) std::string text14{};
    alignas(64) std::string text15{};
    alignas(64) std::string text16{};
    alignas(64) std::string text17{};
    alignas(64) std::string text18{};
    alignas(64) std::string text19{};
    alignas(64) std::string text20{};
    alignas(64) std::string text21{};
    alignas(64) std::string text22{};
    alignas(64) std::string text23{};
    alignas(64) std::string text24{};
    alignas(64) std::string text25{};
    alignas(64) std::string text26{};
    alignas(64) std::string text27{};
    alignas(64) std::string text28{};
    alignas(64) std::string text29{};
    alignas(64) std::string text30{};
    alignas(64) std::string text31{};
    alignas(64) std::string text32{};
    alignas(64) std::string text33{};
    alignas(64) std::string text34{};
    alignas(64) std::string text35{};
    alignas(64) std::string text36{};
    alignas(64) std::string text37{};
    alignas(64) std::string text38{};
    alignas(64) std::string text39{};
    alignas(64) std::string text40{};
    alignas(64) std::string text41{};
    alignas(64) std::string text42{};
    alignas(64) std::string text43{};
    alignas(64) std::string text44{};
    alignas(64) std::string text45{};
    alignas(64) std::string text46{};
    alignas(64) std::string text47{};
    alignas(64) std::string text48{};
    alignas(64) std::string text49{};
    alignas(64) std::string text50{};
    alignas(64) std::string text51{};
    alignas(64) std::string text52{};
    alignas(64) std::string text53{};
    alignas(64) std::string text54{};
    alignas(64) std::string text55{};
    alignas(64) std::string text56{};
    alignas(64) std::string text57{};
    alignas(64) std::string text58{};
    alignas(64) std::string text59{};
    alignas(64) std::string text60{};
    alignas(64) std::string text61{};
};

void use(const kith::Database& db) { db.objects<A>(); }
