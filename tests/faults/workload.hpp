#pragma once

#include <kith/kith.hpp>

#include <cstddef>
#include <span>
#include <string>

/// All that Kith does on a database, in steps that a fault may interrupt.
namespace faults {

struct Step {
    /// Where it can run.
    enum class On : unsigned char {
        all,
        sqlite,  ///< the server's CREATE TABLE is not part of a transaction
        threads, ///< databases with several connections
        network, ///< servers, where messages fail: it has too many calls of other kinds
    };

    const char* name;
    /// Returns what it read, as text. A step that writes does so in one atomic piece.
    std::string (*run)(const kith::Database& db);
    On on{On::all};
};

std::span<const Step> all_steps();

/// Creates the tables with their rows.
void make_tables(const kith::Database& db);
/// Makes the rows, and the tables, those of make_tables() again.
void restore(const kith::Database& db);
/// All rows as text, without the keys that the database makes.
std::string state_of(const kith::Database& db);

/// Reads and writes. Throws if either fails.
void use(const kith::Database& db);
/// Takes `count` connections of the pool at once. Throws if there are fewer.
void take_connections(const kith::Database& db, std::size_t count);

} // namespace faults
