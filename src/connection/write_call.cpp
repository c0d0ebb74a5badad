#include "connection/write_call.hpp"

#include "connection/atomic.hpp"
#include "connection/database_core.hpp"
#include "connection/pooled_connection.hpp"

#include <memory>

namespace kith::connection {

void poison_block(const Database& db, const std::exception& cause) noexcept {
    std::shared_ptr<AtomicBlock> block = DatabaseAccess::block(db);
    std::shared_ptr<PooledConnection> pooled = block != nullptr ? block->connection() : nullptr;
    if (pooled == nullptr) {
        block.reset();
        pooled = DatabaseAccess::core(db)->pool().bound_connection();
    }
    if (pooled == nullptr || !pooled->lock().is_reserved()) return; // no block is open
    try {
        ConnectionGuard guard(pooled);
        if (guard.lock(block.get(), nullptr)) pooled->transactions().note_failure(cause);
    } catch (...) { // it is in use on another thread
        pooled->abandon();
    }
}

} // namespace kith::connection
