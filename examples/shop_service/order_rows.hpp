#pragma once

#include "listing.hpp"

namespace shop {

/// Orders with what they cost.
kith::QuerySet<Order> with_totals(const kith::QuerySet<Order>& orders);

/// What a request may ask of orders.
const Listing<Order>& order_listing();

} // namespace shop
