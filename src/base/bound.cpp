#include "base/bound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kith::base {

using std::chrono::milliseconds;

namespace {

/// A token cannot wake all that a call waits for, so waits look at it this often.
constexpr milliseconds look_again{5};

std::size_t lower(std::size_t a, std::size_t b) noexcept { return a == 0 ? b : b == 0 ? a : std::min(a, b); }

bool any(const Limits& limits) noexcept { return limits != Limits{}; }

template <class T>
void append(std::vector<T>& list, const std::vector<T>& more) {
    list.insert(list.end(), more.begin(), more.end());
}

} // namespace

bool Bounds::any() const noexcept { return deadline.has_value() || !stops.empty() || base::any(limits); }

Limits lowest(const Limits& a, const Limits& b) noexcept {
    return {.rows = lower(a.rows, b.rows),
            .related_rows = lower(a.related_rows, b.related_rows),
            .bytes = lower(a.bytes, b.bytes),
            .statements = lower(a.statements, b.statements)};
}

std::shared_ptr<const Bounds> both(std::shared_ptr<const Bounds> a, std::shared_ptr<const Bounds> b) {
    if (a == nullptr || a == b) return b;
    if (b == nullptr) return a;
    auto merged = std::make_shared<Bounds>(*a);
    if (b->deadline) merged->deadline = std::min(merged->deadline.value_or(*b->deadline), *b->deadline);
    append(merged->stops, b->stops);
    merged->limits = lowest(merged->limits, b->limits);
    return merged;
}

// ---- Budget

void Budget::add_statement(std::string_view lookup) {
    if (limits_.statements != 0 && ++statements_ > limits_.statements) refuse("statements", limits_.statements, lookup);
}

void Budget::add_row(std::string_view lookup, std::size_t bytes) {
    if (lookup.empty()) {
        if (limits_.rows != 0 && ++rows_ > limits_.rows) refuse("rows", limits_.rows, lookup);
    } else if (limits_.related_rows != 0 && ++related_rows_ > limits_.related_rows) {
        refuse("related_rows", limits_.related_rows, lookup);
    }
    bytes_ += bytes;
    if (limits_.bytes != 0 && bytes_ > limits_.bytes) refuse("bytes", limits_.bytes, lookup);
}

void Budget::refuse(std::string_view member, std::size_t most, std::string_view lookup) const {
    const auto of_model = label_.empty() ? std::string() : label_ + ": ";
    const auto by = lookup.empty() ? std::string("the main statement") : fmt::format("the lookup \"{}\"", lookup);
    throw LimitExceeded(fmt::format("{}{} would exceed the limit of {} {}: ask for less with filter or slice, a sliced "
                                    "queryset in a Prefetch or fewer lookups, or raise kith::Limits::{}",
                                    of_model, by, most, member == "related_rows" ? "related rows" : member, member),
                        {.model = label_, .lookup = std::string(lookup)});
}

// ---- Bound

Bound::Bound(std::shared_ptr<const Bounds> bounds, std::string_view call, std::string_view model)
    : stops_(bounds->stops), call_(call), model_(model) {
    if (bounds->deadline) {
        // Bounded, so that adding it to a point in time cannot overflow.
        constexpr milliseconds longest = std::chrono::hours(24 * 365);
        given_ = *bounds->deadline;
        until_ = Clock::now() + std::clamp(given_, milliseconds(0), longest);
    }
    if (base::any(bounds->limits)) budgets_.push_back(std::make_shared<Budget>(bounds->limits, model_));
    began_with_.push_back(std::move(bounds));
}

Bound Bound::for_undo(milliseconds longest) noexcept {
    Bound bound;
    bound.until_ = Clock::now() + longest;
    bound.given_ = longest;
    return bound;
}

std::shared_ptr<Bound> Bound::both(const std::shared_ptr<Bound>& whole, const std::shared_ptr<Bound>& part) {
    if (whole == nullptr || whole == part) return part;
    if (part == nullptr) return whole;
    auto merged = std::make_shared<Bound>(*part);
    append(merged->began_with_, whole->began_with_);
    append(merged->stops_, whole->stops_);
    if (whole->until_ < merged->until_) {
        merged->until_ = whole->until_;
        merged->given_ = whole->given_;
        merged->call_ = whole->call_;
    }
    for (const auto& budget : whole->budgets_) {
        const bool counts = std::ranges::find(merged->budgets_, budget) != merged->budgets_.end();
        if (!counts) merged->budgets_.push_back(budget);
    }
    return merged;
}

bool Bound::counts_rows() const noexcept {
    return std::ranges::any_of(budgets_, [](const auto& budget) { return budget->counts_rows(); });
}

bool Bound::counts_bytes() const noexcept { return most_bytes() != 0; }

void Bound::add_statement(std::string_view lookup) {
    for (const auto& budget : budgets_) budget->add_statement(lookup);
}

void Bound::add_row(std::string_view lookup, std::size_t bytes) {
    for (const auto& budget : budgets_) budget->add_row(lookup, bytes);
}

std::size_t Bound::most_rows(std::string_view lookup) const noexcept {
    std::size_t most = 0;
    for (const auto& budget : budgets_) most = lower(most, budget->most_rows(lookup));
    return most;
}

std::size_t Bound::most_bytes() const noexcept {
    std::size_t most = 0;
    for (const auto& budget : budgets_) most = lower(most, budget->limits().bytes);
    return most;
}

std::vector<Budget> Bound::counted() const {
    std::vector<Budget> counted;
    for (const auto& budget : budgets_) counted.push_back(*budget);
    return counted;
}

void Bound::restore(std::vector<Budget> counted) noexcept {
    for (std::size_t i = 0; i < counted.size(); ++i) *budgets_[i] = std::move(counted[i]);
}

bool Bound::began_with(const Bounds& bounds) const noexcept {
    return std::ranges::any_of(began_with_, [&](const auto& one) { return one.get() == &bounds; });
}

bool Bound::stopped() const noexcept {
    return std::ranges::any_of(stops_, [](const std::stop_token& token) { return token.stop_requested(); });
}

milliseconds Bound::wait(milliseconds longest) const noexcept {
    if (std::ranges::any_of(stops_, [](const std::stop_token& token) { return token.stop_possible(); })) {
        longest = std::min(longest, look_again);
    }
    return left(longest);
}

milliseconds Bound::left(milliseconds longest) const noexcept {
    if (until_ == Clock::time_point::max()) return longest;
    const auto left = std::chrono::ceil<milliseconds>(until_ - Clock::now());
    return std::clamp(left, milliseconds(0), longest);
}

void Bound::raise(std::string_view doing, ErrorContext context, std::string_view unknown) const {
    const auto name = fmt::format("{}{}{}", call_, call_.empty() || model_.empty() ? "" : " ", model_);
    const auto of_call = name.empty() ? std::string() : name + ": ";
    if (context.model.empty()) context.model = model_;
    const std::string_view kept = unknown.empty() ? "Nothing of it was kept" : unknown;
    if (stopped()) {
        throw Cancelled(fmt::format("{}cancelled by its stop_token while {}. {}; run it again if it is still wanted",
                                    of_call, doing, kept),
                        std::move(context));
    }
    throw DeadlineExceeded(fmt::format("{}the deadline of {} ms passed while {}. {}; load less at once, look at "
                                       "explain() for a missing index, or set a later deadline",
                                       of_call, given_.count(), doing, kept),
                           std::move(context));
}

} // namespace kith::base
