#pragma once

#include <kith/error.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace kith::backend {

/// What a database refused, as a class of exceptions: IntegrityError, OperationalError or DatabaseError itself.
enum class ErrorKind : std::uint8_t { integrity, operational, other };

[[noreturn]] inline void raise_as(ErrorKind kind, const std::string& message, ErrorContext context) {
    if (kind == ErrorKind::integrity) throw IntegrityError(message, std::move(context));
    if (kind == ErrorKind::operational) throw OperationalError(message, std::move(context));
    throw DatabaseError(message, std::move(context));
}

} // namespace kith::backend
