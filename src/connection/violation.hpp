#pragma once

#include "backend/backend.hpp"

#include <kith/detail/core/model_info.hpp>

#include <exception>

namespace kith::connection {

/// If `error` is an IntegrityError, adds what its database and `model`, that of the call, know about the constraint
/// that `statement` violated: the model and the columns. Whatever fails on the way leaves the error as it is.
void describe_violation(std::exception& error, backend::Connection& connection, const sql::Statement& statement,
                        const detail::ModelInfo* model) noexcept;

} // namespace kith::connection
