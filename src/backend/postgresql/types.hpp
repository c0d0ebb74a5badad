#pragma once

#include <cstdint>

/// Numbers of PostgreSQL's own types, from its catalogue pg_type: they never change.
namespace kith::backend::postgresql::type {

using Number = std::uint32_t;

inline constexpr Number unknown = 0; ///< the server infers it from the parameter's position
inline constexpr Number boolean = 16;
inline constexpr Number bytea = 17;
inline constexpr Number single_char = 18;
inline constexpr Number name = 19;
inline constexpr Number int8 = 20;
inline constexpr Number int2 = 21;
inline constexpr Number int4 = 23;
inline constexpr Number text = 25;
inline constexpr Number oid = 26;
inline constexpr Number json = 114;
inline constexpr Number xml = 142;
inline constexpr Number float4 = 700;
inline constexpr Number float8 = 701;
inline constexpr Number money = 790;
inline constexpr Number bpchar = 1042;
inline constexpr Number varchar = 1043;
inline constexpr Number date = 1082;
inline constexpr Number time = 1083;
inline constexpr Number timestamp = 1114;
inline constexpr Number timestamptz = 1184;
inline constexpr Number interval = 1186;
inline constexpr Number timetz = 1266;
inline constexpr Number numeric = 1700;
inline constexpr Number uuid = 2950;
inline constexpr Number jsonb = 3802;

inline constexpr Number array_of_boolean = 1000;
inline constexpr Number array_of_bytea = 1001;
inline constexpr Number array_of_int8 = 1016;
inline constexpr Number array_of_float8 = 1022;
inline constexpr Number array_of_date = 1182;
inline constexpr Number array_of_timestamp = 1115;
inline constexpr Number array_of_timestamptz = 1185;
inline constexpr Number array_of_numeric = 1231;
inline constexpr Number array_of_uuid = 2951;

} // namespace kith::backend::postgresql::type
