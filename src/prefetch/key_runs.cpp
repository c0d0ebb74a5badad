#include "prefetch/key_runs.hpp"

#include "connection/session.hpp"

#include <algorithm>
#include <span>

namespace kith::prefetch {

namespace {

// Measured: see docs/design/02-keys-travel-as-one-parameter.md. Statements with fewer keys are better off with a plan
// that is kept.
constexpr std::size_t fewest_keys = 501;
constexpr std::size_t keys_for_a_hole = 8;

/// The number of integers between two keys.
std::uint64_t gap(std::int64_t before, std::int64_t after) {
    return static_cast<std::uint64_t>(after) - static_cast<std::uint64_t>(before) - 1;
}

} // namespace

std::vector<sql::KeyRun> runs_of(std::span<const std::int64_t> keys, std::size_t most, std::size_t holes) {
    std::vector<std::uint64_t> gaps;
    for (std::size_t i = 1; i < keys.size(); ++i) {
        if (const auto between = gap(keys[i - 1], keys[i]); between != 0) gaps.push_back(between);
        // Each gap takes a hole at least, or parts two runs.
        if (gaps.size() >= most + holes) return {};
    }
    // From the narrowest on, gaps are filled with holes as long as they last; the others part the runs.
    std::ranges::sort(gaps);
    std::size_t filled = 0;
    for (std::uint64_t left = holes; filled < gaps.size() && gaps[filled] <= left; ++filled) left -= gaps[filled];
    if (gaps.size() - filled >= most) return {};
    // Of gaps that are equal, the first part the runs.
    const auto narrowest = filled < gaps.size() ? gaps[filled] : 0;
    auto equals = std::ranges::count(std::span(gaps).subspan(filled), narrowest);
    const auto parts = [&](std::uint64_t between) {
        if (narrowest == 0 || between != narrowest) return narrowest != 0 && between > narrowest;
        if (equals == 0) return false;
        --equals;
        return true;
    };
    std::vector<sql::KeyRun> runs;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i == 0 || parts(gap(keys[i - 1], keys[i]))) {
            runs.push_back({keys[i], keys[i]});
        } else {
            runs.back().last = keys[i];
        }
    }
    return runs;
}

bool may_read_others(const detail::RelationInfo& relation) {
    const auto& target = *relation.target;
    return !target.read_only && target.primary_key.size() == 1 &&
           relation.target_columns.front() == target.primary_key.front();
}

void send_as_runs(sql::KeySet& keys, const sql::KeyColumn& column, bool may_have_holes, const detail::Query* queryset,
                  const connection::Session& session) {
    const auto& set = keys.columns().front();
    if (keys.columns().size() != 1 || keys.size() < fewest_keys || !sql::is_signed_integer(set.type) ||
        !sql::is_signed_integer(column.type))
        return;
    if (queryset != nullptr && (queryset->is_sliced() || queryset->distinct)) return;
    const auto holes = may_have_holes && queryset == nullptr ? keys.size() / keys_for_a_hole : 0;
    auto runs = runs_of(set.integers, session.dialect().most_key_runs(), holes);
    if (!runs.empty() && session.holds_integers(column)) keys.send_as(std::move(runs));
}

} // namespace kith::prefetch
