#pragma once

namespace kith {

/// The type of kith::None.
struct NoneType {};
/// The argument that empties a list, `prefetch_related(kith::None)`, as None does in Django.
inline constexpr NoneType None{};

} // namespace kith
