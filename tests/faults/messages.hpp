#pragma once

#include "support/proxy.hpp"

#include <chrono>

namespace faults {

/// The deadline of calls whose messages come too late, and how late these come.
inline constexpr std::chrono::milliseconds deadline_of_calls{100};
inline constexpr std::chrono::milliseconds beyond_deadline{250};

/// What a proxy does with a message: a call of the kinds of messages, each of which may fail.
travel::Treatment treat_message(travel::Proxy::Side from, char first);

} // namespace faults
