#pragma once

#include <kith/types.hpp>

#include <memory>

namespace kith::base {

struct Fixed;

/// Adds up decimals as Decimal does, without a text for each step.
class DecimalSum {
public:
    DecimalSum();
    DecimalSum(const DecimalSum&) = delete;
    DecimalSum& operator=(const DecimalSum&) = delete;
    ~DecimalSum();

    /// Throws ValueError for more digits than Decimal computes with.
    void add(const Decimal& decimal);
    /// Throws ValueError if the sum has too many.
    Decimal get() const;

private:
    std::unique_ptr<Fixed> total_;
};

} // namespace kith::base
