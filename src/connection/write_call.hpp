#pragma once

#include "observe/changes.hpp"

#include <kith/error.hpp>

#include <exception>
#include <utility>

namespace kith {
class Database;
}

namespace kith::connection {

/// Poisons the innermost block that statements of this thread through `db` belong to, if there is one. Needs no memory.
void poison_block(const Database& db, const std::exception& cause) noexcept;

/// Runs `work`, all of one call that writes through `db`. Kith's own errors leave the block around it usable where
/// nothing is half done. After any other exception, such as std::bad_alloc, it is poisoned: a program that catches it
/// must not commit the block without what the call should have written. Afterwards, observers receive what the call has
/// committed.
template <class Work>
decltype(auto) write_call(const Database& db, Work&& work) {
    const observe::ChangeDelivery delivery;
    try {
        return std::forward<Work>(work)();
    } catch (const Error&) {
        throw;
    } catch (const std::exception& e) {
        poison_block(db, e);
        throw;
    }
}

} // namespace kith::connection
