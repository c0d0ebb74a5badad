#include "base/bound.hpp"
#include "connection/database_core.hpp"
#include "connection/drivers.hpp"
#include "connection/url.hpp"

#include <kith/database.hpp>
#include <kith/error.hpp>
#include <kith/loading_detector.hpp>
#include <kith/query_log.hpp>
#include <kith/trace_page.hpp>

#include <algorithm>
#include <utility>

namespace kith {
namespace {

/// Refuses options that allow no pool, before a file is created; and bounds time-outs so that adding one to a point in
/// time cannot overflow.
void require_usable(ConnectOptions& options) {
    if (options.pool_size == 0) {
        throw ValueError("A pool_size of 0 allows no connection: the minimum is 1");
    }
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 365);
    options.busy_timeout = std::min(options.busy_timeout, longest);
    options.pool_timeout = std::min(options.pool_timeout, longest);
    // No connection reaches that age: both mean that none is closed for its age.
    options.max_idle = std::clamp(options.max_idle, std::chrono::milliseconds(0), longest);
    options.max_lifetime = std::clamp(options.max_lifetime, std::chrono::milliseconds(0), longest);
}

} // namespace

Database::Database(std::shared_ptr<connection::DatabaseCore> core) noexcept : core_(std::move(core)) {}

Database Database::deadline(std::chrono::milliseconds longest, std::stop_token stop) const {
    auto bounds = std::make_shared<base::Bounds>(base::Bounds{.deadline = longest});
    if (stop.stop_possible()) bounds->stops.push_back(std::move(stop));
    return connection::DatabaseAccess::bounded(*this, std::move(bounds));
}

Database Database::stop(std::stop_token token) const {
    return connection::DatabaseAccess::bounded(
        *this, std::make_shared<const base::Bounds>(base::Bounds{.stops = {std::move(token)}}));
}

Database Database::limits(const Limits& limits) const {
    return connection::DatabaseAccess::bounded(*this,
                                               std::make_shared<const base::Bounds>(base::Bounds{.limits = limits}));
}

Backend Database::backend() const noexcept { return core_->driver().kind(); }

const ConnectOptions& Database::options() const noexcept { return core_->options(); }

std::shared_ptr<void> Database::on_query(std::function<void(const QueryEvent&)> observer,
                                         ParameterValues values) const {
    if (!observer) throw ValueError("on_query needs a function to call");
    return observe::Observers::add(core_->shared_observers(), std::move(observer), nullptr, values);
}

std::shared_ptr<void> Database::on_trace(Tracer tracer) const {
    if (!tracer.ended) throw ValueError("on_trace needs a function to call at the end of a span: kith::Tracer::ended");
    return observe::Observers::add(core_->shared_observers(), std::move(tracer));
}

std::shared_ptr<void> Database::on_change(std::function<void(const Change&)> observer) const {
    if (!observer) throw ValueError("on_change needs a function to call");
    return observe::Observers::add(core_->shared_observers(), std::move(observer));
}

QueryLog::QueryLog(const Database& db, QueryLogOptions options)
    : QueryLog(connection::DatabaseAccess::core(db)->shared_observers(), options) {}

LoadingDetector::LoadingDetector(const Database& db, LoadingDetectorOptions options)
    : LoadingDetector(connection::DatabaseAccess::core(db)->detectors(), std::move(options)) {}

Trace::Trace(const Database& db, TraceOptions options)
    : Trace(db, connection::DatabaseAccess::core(db)->driver().name(), std::move(options)) {}

Database connect(std::string_view url, ConnectOptions options) {
    auto parsed = connection::Url::parse(url, options);
    require_usable(parsed.options);
    auto driver = connection::make_driver(parsed.address, parsed.options);
    const Database db(std::make_shared<connection::DatabaseCore>(std::move(driver), parsed.options));
    const auto& limits = parsed.options.limits;
    return limits == Limits{} ? db : db.limits(limits);
}

} // namespace kith
