#include "backend/sqlite/driver.hpp"

#include <kith/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace kith::backend::sqlite {
namespace {

namespace fs = std::filesystem;

/// A relative path would mean another file after the program changes its folder, and SQLite reads some as URIs.
std::string absolute(const std::string& path) {
    if (path.empty() || (path.starts_with("//") && !path.starts_with("///"))) {
        throw ValueError("The URL of an SQLite database contains the path of its file: sqlite:travel.db, "
                         "sqlite:/data/travel.db, or sqlite::memory:");
    }
    std::error_code error;
    const auto full = fs::absolute(path, error);
    if (error) throw OperationalError(fmt::format("The path '{}' cannot be read: {}", path, error.message()));
    return full.string();
}

/// Whether there is no file yet, or an empty one: its content will be Kith's.
bool is_unwritten(const std::string& path) {
    std::error_code error;
    if (!fs::exists(path, error)) return true;
    return fs::is_regular_file(path, error) && fs::file_size(path, error) == 0 && !error;
}

/// WAL for a file that Kith creates is a preference: another process may be creating it at the same time.
void prefer_wal(Connection& connection) {
    try {
        connection.ask("PRAGMA journal_mode = WAL");
    } catch (const OperationalError& e) {
        if ((e.code() & 0xff) != SQLITE_BUSY) throw;
    }
}

void require_wal(Connection& connection, const std::string& name) {
    if (connection.ask("PRAGMA journal_mode = WAL") == "wal") return;
    throw OperationalError(
        fmt::format("{}: its journal could not be switched to WAL, which needs a local disk: leave out wal=1", name));
}

} // namespace

Driver::Driver(const std::string& path, const ConnectOptions& options)
    : in_memory_(path == ":memory:"),
      settings_{.path = in_memory_ ? path : absolute(path),
                .name = in_memory_ ? "sqlite::memory:" : "sqlite:" + absolute(path),
                .read_only = options.read_only,
                .untrusted = options.untrusted,
                .busy_timeout = options.busy_timeout,
                .statement_cache = options.statement_cache,
                .encodings = {options.sqlite_timestamps, options.sqlite_uuids}},
      dialect_(options.read_only, settings_.encodings) {
    if (sqlite3_threadsafe() == 0) throw OperationalError("This SQLite was built only for programs with one thread");
    if (options.read_only && options.wal) {
        throw ValueError("wal=1 changes the file, which read_only=1 forbids: leave out one of them");
    }
    if (in_memory_ && (options.read_only || options.wal)) {
        throw ValueError("sqlite::memory: starts empty and has no file: leave out read_only and wal");
    }
    if (!in_memory_) require_openable();
    open_first(options);
}

backend::ServerAddress Driver::server_address() const { return {.system = "sqlite", .database = settings_.path}; }

void Driver::require_openable() const {
    const auto& path = settings_.path;
    const auto refuse = [&](std::string_view reason) {
        throw OperationalError(fmt::format("{} cannot be opened: {}", settings_.name, reason),
                               {.code = SQLITE_CANTOPEN});
    };
    std::error_code error;
    if (fs::is_directory(path, error)) refuse("it is a folder; name a file in it");
    const auto parent = fs::path(path).parent_path();
    if (!fs::is_directory(parent, error)) {
        refuse(fmt::format("there is no folder {}; create it first", parent.string()));
    }
    if (settings_.read_only && !fs::exists(path, error)) {
        refuse("there is no such file; check the path, or leave out read_only so that it is created");
    }
}

void Driver::open_first(const ConnectOptions& options) {
    const bool ours = !in_memory_ && !options.read_only && is_unwritten(settings_.path);
    settings_.create = true;
    first_ = std::make_unique<Connection>(settings_, dialect_);
    // From now on a missing file is an error; it must not be created empty.
    settings_.create = false;
    if (options.wal)
        require_wal(*first_, settings_.name);
    else if (ours)
        prefer_wal(*first_);
    dialect_.set_max_parameters(std::min(first_->max_parameters(), most_parameters));
    dialect_.set_largest_value(first_->largest_value());
}

std::unique_ptr<backend::Connection> Driver::open(const base::Bound* bound) {
    {
        const std::lock_guard lock(mutex_);
        if (first_) return std::move(first_);
    }
    if (in_memory_) throw OperationalError("sqlite::memory: has only one connection, which is closed");
    return std::make_unique<Connection>(settings_, dialect_, bound);
}

} // namespace kith::backend::sqlite
