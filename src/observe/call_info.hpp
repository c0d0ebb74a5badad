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

/// The API call that a Session serves, for observers. Without observers, nothing is copied.
struct CallInfo {
    std::string_view name{};                 ///< "get", "count": a literal; empty for a Session inside another call
    const detail::ModelInfo* model{nullptr}; ///< null for raw statements
    std::string_view member{};               ///< the relation or column of `model` that is loaded or changed
    std::source_location where{};            ///< the caller; line 0 if unknown

    // Set by connection::numbered() if there are observers.
    std::uint64_t evaluation{0};
    std::shared_ptr<SpanBuilder> span{}; ///< null without a Tracer
};

} // namespace kith::observe
