#pragma once

#include <kith/connect_options.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::backend::postgresql {

/// Settings of the server that statements of Kith need, and their values.
using ServerSettings = std::vector<std::pair<std::string, std::string>>;

/// What ConnectOptions ask for, but for read_only, which a session and a transaction call by different names.
ServerSettings settings_for(const ConnectOptions& options);

/// The statements that make `settings` hold as long as the session.
std::string set_for_session(const ServerSettings& settings, bool read_only);
/// The statement that makes `settings` hold until the end of the transaction in which it runs.
std::string set_for_transaction(const ServerSettings& settings, bool read_only);

/// The settings in what libpq calls `options`: `-c name=value`, `--name=value`. Throws ValueError for other options of
/// the server, which cannot be given to a transaction.
ServerSettings parse_options(std::string_view options);

} // namespace kith::backend::postgresql
