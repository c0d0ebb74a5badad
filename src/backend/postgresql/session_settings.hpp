#pragma once

#include <kith/connect_options.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kith::backend::postgresql {

/// The server settings that Kith's statements need, with their values.
using ServerSettings = std::vector<std::pair<std::string, std::string>>;

/// The settings for ConnectOptions, without read_only, whose name differs between sessions and transactions.
ServerSettings settings_for(const ConnectOptions& options);

/// The statements that apply `settings` to the session.
std::string set_for_session(const ServerSettings& settings, bool read_only);
/// The statement that applies `settings` until the end of the transaction in which it runs.
std::string set_for_transaction(const ServerSettings& settings, bool read_only);

/// The settings in libpq's `options`: `-c name=value`, `--name=value`. Throws ValueError for other options of the
/// server, which cannot be applied to a transaction.
ServerSettings parse_options(std::string_view options);

} // namespace kith::backend::postgresql
