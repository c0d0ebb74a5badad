#pragma once

#include <cstdint>
#include <memory>
#include <source_location>
#include <string_view>

namespace kith::detail {
struct ModelInfo;
}

namespace kith::observe {

class SpanBuilder;

/// The API call that a Session serves, for observers. Nothing is copied while there are none.
struct CallInfo {
    std::string_view name{};                 ///< "get", "count": a literal; empty for a Session inside another call
    const detail::ModelInfo* model{nullptr}; ///< null for raw statements
    std::string_view member{};               ///< the relation or column of `model` that is loaded or changed
    std::source_location where{};            ///< the caller; line 0 if unknown

    // Filled by connection::numbered() while somebody observes.
    std::uint64_t evaluation{0};
    std::shared_ptr<SpanBuilder> span{}; ///< null while nobody traces
};

} // namespace kith::observe
