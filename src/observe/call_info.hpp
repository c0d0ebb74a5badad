#pragma once

#include <cstdint>
#include <memory>
#include <source_location>
#include <string_view>

namespace kith::base {
class Bound;
}

namespace kith::detail {
struct ModelInfo;
}

namespace kith::observe {

class SpanBuilder;

/// The API call that a Session serves: what observers see of it, and what bounds it. Without observers, nothing is
/// copied.
struct CallInfo {
    std::string_view name{};                 ///< "get", "count": a literal; empty for a Session inside another call
    const detail::ModelInfo* model{nullptr}; ///< null for raw statements
    std::string_view member{};               ///< the relation or column of `model` that is loaded or changed
    std::source_location where{};            ///< the caller; line 0 if unknown

    // Set by connection::numbered() if there are observers.
    std::uint64_t evaluation{0};
    std::shared_ptr<SpanBuilder> span{}; ///< null without a Tracer

    /// Its deadline, tokens and limits, which began with it; null for none. Set by connection::numbered().
    std::shared_ptr<base::Bound> bound{};
};

} // namespace kith::observe
