#pragma once

#include <kith/database.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

/// Calls that write the rows of one owner. Each is decided by the seed, its number and the rows before it, so that
/// whoever knows how many of them are done knows the rows as well.
namespace kills {

/// A Batch and what belongs to it.
struct BatchRows {
    std::int64_t label{0};
    std::set<std::int64_t> tags{};
    std::size_t notes{0};
    std::int64_t items{0};
    std::int64_t total{0}; ///< of the values of the items

    friend bool operator==(const BatchRows&, const BatchRows&) = default;
};

/// All rows of an owner, by the number of their Batch.
using Rows = std::map<std::int64_t, BatchRows>;

enum class Kind : unsigned char { atomic, bulk_create, save, insert, update, set, remove, remove_many };
inline constexpr std::size_t kinds = 8;

std::string_view name_of(Kind kind);

struct Operation {
    std::int64_t owner{0};
    std::int64_t number{0}; ///< from 1
    Kind kind{Kind::atomic};
    std::int64_t batch{0};
    std::int64_t items{0};
    std::set<std::int64_t> tags{};
};

/// The operation with that number, on these rows.
Operation operation(const Rows& rows, std::uint64_t seed, std::int64_t number, std::int64_t owner = 0);
/// What it makes of the rows.
void apply_to_rows(const Operation& operation, Rows& rows);
/// Runs it.
void perform(const Operation& operation, const kith::Database& db);

void make_tables(const kith::Database& db);
/// The rows that are in the database, in one state.
Rows load(const kith::Database& db, std::int64_t owner = 0);
/// Throws if there is a row that belongs to no Batch.
void require_no_orphans(const kith::Database& db);
std::string text_of(const Rows& rows);

} // namespace kills
