#include "backend/drivers.hpp"
#include "database/database_core.hpp"
#include "database/url.hpp"

#include <kith/database.hpp>

#include <algorithm>
#include <utility>

namespace kith {
namespace {

/// Keeps sums of a time-out and a point in time from overflowing.
void bound_timeouts(ConnectOptions& options) {
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 365);
    options.busy_timeout = std::min(options.busy_timeout, longest);
    options.pool_timeout = std::min(options.pool_timeout, longest);
}

} // namespace

Database::Database(std::shared_ptr<database::DatabaseCore> core) noexcept : core_(std::move(core)) {}

const ConnectOptions& Database::options() const noexcept { return core_->options(); }

std::shared_ptr<void> Database::on_query(std::function<void(const QueryEvent&)> observer) const {
    if (!observer) throw ValueError("on_query needs a function to call");
    return database::Observers::add(core_->shared_observers(), std::move(observer), nullptr);
}

Database connect(std::string_view url, ConnectOptions options) {
    auto parsed = database::Url::parse(url, options);
    bound_timeouts(parsed.options);
    auto driver = backend::make_driver(parsed.scheme, parsed.location, parsed.options);
    return Database(std::make_shared<database::DatabaseCore>(std::move(driver), parsed.options));
}

} // namespace kith
