#pragma once

namespace kith {

/// The argument that empties a list: `prefetch_related(kith::None)`.
struct NoneType {};
inline constexpr NoneType None{};

} // namespace kith
