#pragma once

#include <cstdint>
#include <memory>
#include <source_location>
#include <string_view>

namespace kith::detail {
struct ModelInfo;
}

namespace kith::observe {

class OpenSpan;

/// What a Session is taken for, as observers are told. Nothing is copied before somebody observes.
struct Work {
    std::string_view call{}; ///< "get", "count": a literal; empty where a Session inside asks in its place
    const detail::ModelInfo* model{nullptr}; ///< null for statements of the user's own
    std::string_view member{};               ///< the relation or column of `model` that is loaded or changed
    std::source_location where{};            ///< the user's call; line 0 where it is not known

    // Given to it by numbered(), while somebody observes.
    std::uint64_t evaluation{0};
    std::shared_ptr<OpenSpan> span{}; ///< null while nobody traces
};

} // namespace kith::observe
