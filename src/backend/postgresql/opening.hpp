#pragma once

#include "base/bound.hpp"

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::backend::postgresql {

/// Keywords of libpq and their values.
using Settings = std::vector<std::pair<std::string, std::string>>;

struct FinishConnection {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using Opening = std::unique_ptr<PGconn, FinishConnection>;

/// A connection that is open. Throws OperationalError naming `database` and the remedy, never the password.
///
/// Within `bound`, if that is not null, which it throws what it throws when it is over. Each of several hosts then gets
/// its part of the time that is left, and at most its connect_timeout: a host that is silent does not use up all of it.
Opening open(const Settings& settings, const std::string& database, const base::Bound* bound);

/// The connect_timeout that libpq uses, wherever it comes from; 0 for none.
long seconds_to_connect(PGconn* connection);

/// libpq's messages have several lines, and end with a full stop that our messages add themselves.
std::string one_line(std::string_view text);

} // namespace kith::backend::postgresql
