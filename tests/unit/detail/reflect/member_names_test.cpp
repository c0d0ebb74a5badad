// Counting, naming and typing the members of structs, at compile time.

#include <kith/kith.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using kith::detail::member_count;
using kith::detail::member_names;
using kith::detail::member_type;

struct Unknown; // never defined: relation members need no complete target

struct Mixed {
    kith::PrimaryKey<> id{};
    std::string name{};
    std::optional<int> number;
    int array[3]{};
    std::array<int, 2> pair{};
    kith::ForeignKey<Unknown> unknown{};
    kith::Field<std::optional<std::string>, kith::unique> note{};
};

struct One {
    bool only{};
};

struct Wide {
    int m01{}, m02{}, m03{}, m04{}, m05{}, m06{}, m07{}, m08{}, m09{}, m10{}, m11{}, m12{}, m13{}, m14{}, m15{}, m16{};
    int m17{}, m18{}, m19{}, m20{}, m21{}, m22{}, m23{}, m24{}, m25{}, m26{}, m27{}, m28{}, m29{}, m30{}, m31{}, m32{};
    int m33{}, m34{}, m35{}, m36{}, m37{}, m38{}, m39{}, m40{}, m41{}, m42{}, m43{}, m44{}, m45{}, m46{}, m47{}, m48{};
    int m49{}, m50{}, m51{}, m52{}, m53{}, m54{}, m55{}, m56{}, m57{}, m58{}, m59{}, m60{}, m61{}, m62{}, m63{}, m64{};
};

template <class T>
struct Generic {
    T value{};
    T other{};
};

TEST(TypedReflection, CountsMembers) {
    static_assert(member_count<Mixed> == 7);
    static_assert(member_count<One> == 1);
    static_assert(member_count<Wide> == 64);
    static_assert(member_count<Generic<std::vector<int>>> == 2);
}

TEST(TypedReflection, NamesMembers) {
    static_assert(member_names<Mixed>[0] == "id");
    static_assert(member_names<Mixed>[3] == "array");
    static_assert(member_names<Mixed>[6] == "note");
    static_assert(member_names<One>[0] == "only");
    static_assert(member_names<Wide>[0] == "m01" && member_names<Wide>[63] == "m64");
    static_assert(member_names<Generic<std::vector<int>>>[1] == "other");
}

TEST(TypedReflection, NamesMembersOfLocalStructs) {
    struct Local {
        int first{};
        std::string second{};
    };
    static_assert(member_names<Local>[0] == "first" && member_names<Local>[1] == "second");
    static_assert(kith::detail::unqualified(kith::detail::type_name<Local>()) == "Local");
}

TEST(TypedReflection, TypesMembers) {
    static_assert(std::is_same_v<member_type<Mixed, 1>, std::string>);
    static_assert(std::is_same_v<member_type<Mixed, 2>, std::optional<int>>);
    static_assert(std::is_same_v<member_type<Mixed, 5>, kith::ForeignKey<Unknown>>);
}

TEST(TypedReflection, NamesTypesWithoutTheirNamespace) {
    static_assert(kith::detail::unqualified(kith::detail::type_name<Mixed>()) == "Mixed");
    static_assert(kith::detail::unqualified("travel::City") == "City");
    static_assert(kith::detail::unqualified("City") == "City");
    static_assert(kith::detail::unqualified("shop::Pair<shop::Left, shop::Right>") == "Pair<shop::Left, shop::Right>");
}

} // namespace
