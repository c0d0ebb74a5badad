#pragma once

#include <cstddef>

/// Passes the members of an aggregate to a function object, and counts them: `visit_members<3>(row, f)` calls
/// `f(m1, m2, m3)`. A structured binding needs a name for each member, so each count up to 64 is written out. The
/// macros are undefined at the end of this header.
namespace kith::detail {

inline constexpr std::size_t most_members = 64;

/// Whether `M` can be initialised by `N` pairs of braces, that is, whether it has at least `N` members. Braces compile
/// faster than a type that converts to anything: each only looks up the default constructor of the member.
template <class M, std::size_t N>
inline constexpr bool takes_members = false;
template <class M>
inline constexpr bool takes_members<M, 0> = true;

template <std::size_t N>
struct Members;
template <>
struct Members<0> {
    template <class M, class F>
    static constexpr decltype(auto) visit(M&, F&& f) {
        return f();
    }
};

// clang-format off: a table, a line or two to a row
#define KITH_NAMES_1 m1
#define KITH_BRACES_1 {}
#define KITH_NAMES_2 KITH_NAMES_1, m2
#define KITH_BRACES_2 KITH_BRACES_1, {}
#define KITH_NAMES_3 KITH_NAMES_2, m3
#define KITH_BRACES_3 KITH_BRACES_2, {}
#define KITH_NAMES_4 KITH_NAMES_3, m4
#define KITH_BRACES_4 KITH_BRACES_3, {}
#define KITH_NAMES_5 KITH_NAMES_4, m5
#define KITH_BRACES_5 KITH_BRACES_4, {}
#define KITH_NAMES_6 KITH_NAMES_5, m6
#define KITH_BRACES_6 KITH_BRACES_5, {}
#define KITH_NAMES_7 KITH_NAMES_6, m7
#define KITH_BRACES_7 KITH_BRACES_6, {}
#define KITH_NAMES_8 KITH_NAMES_7, m8
#define KITH_BRACES_8 KITH_BRACES_7, {}
#define KITH_NAMES_9 KITH_NAMES_8, m9
#define KITH_BRACES_9 KITH_BRACES_8, {}
#define KITH_NAMES_10 KITH_NAMES_9, m10
#define KITH_BRACES_10 KITH_BRACES_9, {}
#define KITH_NAMES_11 KITH_NAMES_10, m11
#define KITH_BRACES_11 KITH_BRACES_10, {}
#define KITH_NAMES_12 KITH_NAMES_11, m12
#define KITH_BRACES_12 KITH_BRACES_11, {}
#define KITH_NAMES_13 KITH_NAMES_12, m13
#define KITH_BRACES_13 KITH_BRACES_12, {}
#define KITH_NAMES_14 KITH_NAMES_13, m14
#define KITH_BRACES_14 KITH_BRACES_13, {}
#define KITH_NAMES_15 KITH_NAMES_14, m15
#define KITH_BRACES_15 KITH_BRACES_14, {}
#define KITH_NAMES_16 KITH_NAMES_15, m16
#define KITH_BRACES_16 KITH_BRACES_15, {}
#define KITH_NAMES_17 KITH_NAMES_16, m17
#define KITH_BRACES_17 KITH_BRACES_16, {}
#define KITH_NAMES_18 KITH_NAMES_17, m18
#define KITH_BRACES_18 KITH_BRACES_17, {}
#define KITH_NAMES_19 KITH_NAMES_18, m19
#define KITH_BRACES_19 KITH_BRACES_18, {}
#define KITH_NAMES_20 KITH_NAMES_19, m20
#define KITH_BRACES_20 KITH_BRACES_19, {}
#define KITH_NAMES_21 KITH_NAMES_20, m21
#define KITH_BRACES_21 KITH_BRACES_20, {}
#define KITH_NAMES_22 KITH_NAMES_21, m22
#define KITH_BRACES_22 KITH_BRACES_21, {}
#define KITH_NAMES_23 KITH_NAMES_22, m23
#define KITH_BRACES_23 KITH_BRACES_22, {}
#define KITH_NAMES_24 KITH_NAMES_23, m24
#define KITH_BRACES_24 KITH_BRACES_23, {}
#define KITH_NAMES_25 KITH_NAMES_24, m25
#define KITH_BRACES_25 KITH_BRACES_24, {}
#define KITH_NAMES_26 KITH_NAMES_25, m26
#define KITH_BRACES_26 KITH_BRACES_25, {}
#define KITH_NAMES_27 KITH_NAMES_26, m27
#define KITH_BRACES_27 KITH_BRACES_26, {}
#define KITH_NAMES_28 KITH_NAMES_27, m28
#define KITH_BRACES_28 KITH_BRACES_27, {}
#define KITH_NAMES_29 KITH_NAMES_28, m29
#define KITH_BRACES_29 KITH_BRACES_28, {}
#define KITH_NAMES_30 KITH_NAMES_29, m30
#define KITH_BRACES_30 KITH_BRACES_29, {}
#define KITH_NAMES_31 KITH_NAMES_30, m31
#define KITH_BRACES_31 KITH_BRACES_30, {}
#define KITH_NAMES_32 KITH_NAMES_31, m32
#define KITH_BRACES_32 KITH_BRACES_31, {}
#define KITH_NAMES_33 KITH_NAMES_32, m33
#define KITH_BRACES_33 KITH_BRACES_32, {}
#define KITH_NAMES_34 KITH_NAMES_33, m34
#define KITH_BRACES_34 KITH_BRACES_33, {}
#define KITH_NAMES_35 KITH_NAMES_34, m35
#define KITH_BRACES_35 KITH_BRACES_34, {}
#define KITH_NAMES_36 KITH_NAMES_35, m36
#define KITH_BRACES_36 KITH_BRACES_35, {}
#define KITH_NAMES_37 KITH_NAMES_36, m37
#define KITH_BRACES_37 KITH_BRACES_36, {}
#define KITH_NAMES_38 KITH_NAMES_37, m38
#define KITH_BRACES_38 KITH_BRACES_37, {}
#define KITH_NAMES_39 KITH_NAMES_38, m39
#define KITH_BRACES_39 KITH_BRACES_38, {}
#define KITH_NAMES_40 KITH_NAMES_39, m40
#define KITH_BRACES_40 KITH_BRACES_39, {}
#define KITH_NAMES_41 KITH_NAMES_40, m41
#define KITH_BRACES_41 KITH_BRACES_40, {}
#define KITH_NAMES_42 KITH_NAMES_41, m42
#define KITH_BRACES_42 KITH_BRACES_41, {}
#define KITH_NAMES_43 KITH_NAMES_42, m43
#define KITH_BRACES_43 KITH_BRACES_42, {}
#define KITH_NAMES_44 KITH_NAMES_43, m44
#define KITH_BRACES_44 KITH_BRACES_43, {}
#define KITH_NAMES_45 KITH_NAMES_44, m45
#define KITH_BRACES_45 KITH_BRACES_44, {}
#define KITH_NAMES_46 KITH_NAMES_45, m46
#define KITH_BRACES_46 KITH_BRACES_45, {}
#define KITH_NAMES_47 KITH_NAMES_46, m47
#define KITH_BRACES_47 KITH_BRACES_46, {}
#define KITH_NAMES_48 KITH_NAMES_47, m48
#define KITH_BRACES_48 KITH_BRACES_47, {}
#define KITH_NAMES_49 KITH_NAMES_48, m49
#define KITH_BRACES_49 KITH_BRACES_48, {}
#define KITH_NAMES_50 KITH_NAMES_49, m50
#define KITH_BRACES_50 KITH_BRACES_49, {}
#define KITH_NAMES_51 KITH_NAMES_50, m51
#define KITH_BRACES_51 KITH_BRACES_50, {}
#define KITH_NAMES_52 KITH_NAMES_51, m52
#define KITH_BRACES_52 KITH_BRACES_51, {}
#define KITH_NAMES_53 KITH_NAMES_52, m53
#define KITH_BRACES_53 KITH_BRACES_52, {}
#define KITH_NAMES_54 KITH_NAMES_53, m54
#define KITH_BRACES_54 KITH_BRACES_53, {}
#define KITH_NAMES_55 KITH_NAMES_54, m55
#define KITH_BRACES_55 KITH_BRACES_54, {}
#define KITH_NAMES_56 KITH_NAMES_55, m56
#define KITH_BRACES_56 KITH_BRACES_55, {}
#define KITH_NAMES_57 KITH_NAMES_56, m57
#define KITH_BRACES_57 KITH_BRACES_56, {}
#define KITH_NAMES_58 KITH_NAMES_57, m58
#define KITH_BRACES_58 KITH_BRACES_57, {}
#define KITH_NAMES_59 KITH_NAMES_58, m59
#define KITH_BRACES_59 KITH_BRACES_58, {}
#define KITH_NAMES_60 KITH_NAMES_59, m60
#define KITH_BRACES_60 KITH_BRACES_59, {}
#define KITH_NAMES_61 KITH_NAMES_60, m61
#define KITH_BRACES_61 KITH_BRACES_60, {}
#define KITH_NAMES_62 KITH_NAMES_61, m62
#define KITH_BRACES_62 KITH_BRACES_61, {}
#define KITH_NAMES_63 KITH_NAMES_62, m63
#define KITH_BRACES_63 KITH_BRACES_62, {}
#define KITH_NAMES_64 KITH_NAMES_63, m64
#define KITH_BRACES_64 KITH_BRACES_63, {}
#define KITH_BRACES_65 KITH_BRACES_64, {}
// clang-format on

#define KITH_TAKES(n)                                                                                                  \
    template <class M>                                                                                                 \
    inline constexpr bool takes_members<M, n> = requires { M{KITH_BRACES_##n}; };

#define KITH_MEMBERS(n)                                                                                                \
    KITH_TAKES(n)                                                                                                      \
    template <>                                                                                                        \
    struct Members<n> {                                                                                                \
        template <class M, class F>                                                                                    \
        static constexpr decltype(auto) visit(M& row, F&& f) {                                                         \
            auto& [KITH_NAMES_##n] = row;                                                                              \
            return f(KITH_NAMES_##n);                                                                                  \
        }                                                                                                              \
    };

KITH_MEMBERS(1)
KITH_MEMBERS(2)
KITH_MEMBERS(3)
KITH_MEMBERS(4)
KITH_MEMBERS(5)
KITH_MEMBERS(6)
KITH_MEMBERS(7)
KITH_MEMBERS(8)
KITH_MEMBERS(9)
KITH_MEMBERS(10)
KITH_MEMBERS(11)
KITH_MEMBERS(12)
KITH_MEMBERS(13)
KITH_MEMBERS(14)
KITH_MEMBERS(15)
KITH_MEMBERS(16)
KITH_MEMBERS(17)
KITH_MEMBERS(18)
KITH_MEMBERS(19)
KITH_MEMBERS(20)
KITH_MEMBERS(21)
KITH_MEMBERS(22)
KITH_MEMBERS(23)
KITH_MEMBERS(24)
KITH_MEMBERS(25)
KITH_MEMBERS(26)
KITH_MEMBERS(27)
KITH_MEMBERS(28)
KITH_MEMBERS(29)
KITH_MEMBERS(30)
KITH_MEMBERS(31)
KITH_MEMBERS(32)
KITH_MEMBERS(33)
KITH_MEMBERS(34)
KITH_MEMBERS(35)
KITH_MEMBERS(36)
KITH_MEMBERS(37)
KITH_MEMBERS(38)
KITH_MEMBERS(39)
KITH_MEMBERS(40)
KITH_MEMBERS(41)
KITH_MEMBERS(42)
KITH_MEMBERS(43)
KITH_MEMBERS(44)
KITH_MEMBERS(45)
KITH_MEMBERS(46)
KITH_MEMBERS(47)
KITH_MEMBERS(48)
KITH_MEMBERS(49)
KITH_MEMBERS(50)
KITH_MEMBERS(51)
KITH_MEMBERS(52)
KITH_MEMBERS(53)
KITH_MEMBERS(54)
KITH_MEMBERS(55)
KITH_MEMBERS(56)
KITH_MEMBERS(57)
KITH_MEMBERS(58)
KITH_MEMBERS(59)
KITH_MEMBERS(60)
KITH_MEMBERS(61)
KITH_MEMBERS(62)
KITH_MEMBERS(63)
KITH_MEMBERS(64)
KITH_TAKES(65)

#undef KITH_MEMBERS
#undef KITH_TAKES
#undef KITH_NAMES_1
#undef KITH_BRACES_1
#undef KITH_NAMES_2
#undef KITH_BRACES_2
#undef KITH_NAMES_3
#undef KITH_BRACES_3
#undef KITH_NAMES_4
#undef KITH_BRACES_4
#undef KITH_NAMES_5
#undef KITH_BRACES_5
#undef KITH_NAMES_6
#undef KITH_BRACES_6
#undef KITH_NAMES_7
#undef KITH_BRACES_7
#undef KITH_NAMES_8
#undef KITH_BRACES_8
#undef KITH_NAMES_9
#undef KITH_BRACES_9
#undef KITH_NAMES_10
#undef KITH_BRACES_10
#undef KITH_NAMES_11
#undef KITH_BRACES_11
#undef KITH_NAMES_12
#undef KITH_BRACES_12
#undef KITH_NAMES_13
#undef KITH_BRACES_13
#undef KITH_NAMES_14
#undef KITH_BRACES_14
#undef KITH_NAMES_15
#undef KITH_BRACES_15
#undef KITH_NAMES_16
#undef KITH_BRACES_16
#undef KITH_NAMES_17
#undef KITH_BRACES_17
#undef KITH_NAMES_18
#undef KITH_BRACES_18
#undef KITH_NAMES_19
#undef KITH_BRACES_19
#undef KITH_NAMES_20
#undef KITH_BRACES_20
#undef KITH_NAMES_21
#undef KITH_BRACES_21
#undef KITH_NAMES_22
#undef KITH_BRACES_22
#undef KITH_NAMES_23
#undef KITH_BRACES_23
#undef KITH_NAMES_24
#undef KITH_BRACES_24
#undef KITH_NAMES_25
#undef KITH_BRACES_25
#undef KITH_NAMES_26
#undef KITH_BRACES_26
#undef KITH_NAMES_27
#undef KITH_BRACES_27
#undef KITH_NAMES_28
#undef KITH_BRACES_28
#undef KITH_NAMES_29
#undef KITH_BRACES_29
#undef KITH_NAMES_30
#undef KITH_BRACES_30
#undef KITH_NAMES_31
#undef KITH_BRACES_31
#undef KITH_NAMES_32
#undef KITH_BRACES_32
#undef KITH_NAMES_33
#undef KITH_BRACES_33
#undef KITH_NAMES_34
#undef KITH_BRACES_34
#undef KITH_NAMES_35
#undef KITH_BRACES_35
#undef KITH_NAMES_36
#undef KITH_BRACES_36
#undef KITH_NAMES_37
#undef KITH_BRACES_37
#undef KITH_NAMES_38
#undef KITH_BRACES_38
#undef KITH_NAMES_39
#undef KITH_BRACES_39
#undef KITH_NAMES_40
#undef KITH_BRACES_40
#undef KITH_NAMES_41
#undef KITH_BRACES_41
#undef KITH_NAMES_42
#undef KITH_BRACES_42
#undef KITH_NAMES_43
#undef KITH_BRACES_43
#undef KITH_NAMES_44
#undef KITH_BRACES_44
#undef KITH_NAMES_45
#undef KITH_BRACES_45
#undef KITH_NAMES_46
#undef KITH_BRACES_46
#undef KITH_NAMES_47
#undef KITH_BRACES_47
#undef KITH_NAMES_48
#undef KITH_BRACES_48
#undef KITH_NAMES_49
#undef KITH_BRACES_49
#undef KITH_NAMES_50
#undef KITH_BRACES_50
#undef KITH_NAMES_51
#undef KITH_BRACES_51
#undef KITH_NAMES_52
#undef KITH_BRACES_52
#undef KITH_NAMES_53
#undef KITH_BRACES_53
#undef KITH_NAMES_54
#undef KITH_BRACES_54
#undef KITH_NAMES_55
#undef KITH_BRACES_55
#undef KITH_NAMES_56
#undef KITH_BRACES_56
#undef KITH_NAMES_57
#undef KITH_BRACES_57
#undef KITH_NAMES_58
#undef KITH_BRACES_58
#undef KITH_NAMES_59
#undef KITH_BRACES_59
#undef KITH_NAMES_60
#undef KITH_BRACES_60
#undef KITH_NAMES_61
#undef KITH_BRACES_61
#undef KITH_NAMES_62
#undef KITH_BRACES_62
#undef KITH_NAMES_63
#undef KITH_BRACES_63
#undef KITH_NAMES_64
#undef KITH_BRACES_64
#undef KITH_BRACES_65

template <std::size_t N, class M, class F>
constexpr decltype(auto) visit_members(M& row, F&& f) {
    return Members<N>::visit(row, f);
}

} // namespace kith::detail
