#include "backend/sqlite/handle.hpp"

#include "backend/sqlite/error.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

namespace kith::backend::sqlite {

using std::chrono::milliseconds;

Handle::Handle(const std::string& path, int flags, std::string name, milliseconds busy_timeout, Encodings encodings)
    : name_(std::move(name)), busy_timeout_(busy_timeout), encodings_(encodings) {
    const int code = sqlite3_open_v2(path.c_str(), &db_, flags, nullptr);
    try {
        // Even a failed open returns a handle, which knows the reason, except if memory is exhausted.
        check(code);
        check(sqlite3_extended_result_codes(db_, 1));
        check(sqlite3_busy_handler(db_, &Handle::wait, this));
    } catch (...) {
        sqlite3_close(db_);
        throw;
    }
}

Handle::~Handle() {
    // Busy means that a statement was left behind: then SQLite closes when that one is finalized, rather than leak.
    if (sqlite3_close(db_) != SQLITE_OK) sqlite3_close_v2(db_);
}

void Handle::fail(int code, std::string_view sql) {
    const int primary = code & 0xff;
    if (bound_ != nullptr && bound_->over() && (primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY)) {
        bound_->raise(primary == SQLITE_BUSY ? "another connection held the lock of the file"
                                             : "SQLite ran a statement",
                      {.sql = std::string(sql), .code = code});
    }
    damaged_ = damaged_ || primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
    // The error that the handle remembers may belong to another failure than this one.
    const bool remembered = db_ != nullptr && (sqlite3_extended_errcode(db_) & 0xff) == primary;
    raise({.database = name_,
           .text = remembered ? sqlite3_errmsg(db_) : sqlite3_errstr(code),
           .sql = sql,
           .code = remembered ? sqlite3_extended_errcode(db_) : code,
           .waited = waited_});
}

// SQLite's own handler does the same, but does not report the time it took.
int Handle::wait(void* self, int round) noexcept {
    constexpr std::array pauses{1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50};
    auto& handle = *static_cast<Handle*>(self);
    const auto now = std::chrono::steady_clock::now();
    if (round == 0) handle.wait_began_ = now;
    handle.waited_ = std::chrono::duration_cast<milliseconds>(now - handle.wait_began_);
    const auto left = handle.busy_timeout_ - handle.waited_;
    if (left <= milliseconds(0) || (handle.bound_ != nullptr && handle.bound_->over())) return 0;
    const auto step = static_cast<std::size_t>(round) < pauses.size() ? pauses[static_cast<std::size_t>(round)] : 100;
    const auto pause = std::min(left, milliseconds(step));
    std::this_thread::sleep_for(handle.bound_ != nullptr ? handle.bound_->wait(pause) : pause);
    return 1;
}

void Handle::watch(const base::Bound* bound) noexcept {
    constexpr int instructions = 1000; // between two looks at the clock: some 10 µs
    bound_ = bound != nullptr && bound->can_end() ? bound : nullptr;
    commits_ = false;
    sqlite3_progress_handler(db_, bound_ != nullptr ? instructions : 0, bound_ != nullptr ? &Handle::is_over : nullptr,
                             this);
    sqlite3_commit_hook(db_, bound_ != nullptr ? &Handle::begin_commit : nullptr, this);
}

/// SQLite also asks when a statement has ended, and would call one interrupted that is committed.
int Handle::is_over(void* self) noexcept {
    const auto& handle = *static_cast<const Handle*>(self);
    return handle.bound_ != nullptr && !handle.commits_ && handle.bound_->over() ? 1 : 0;
}

int Handle::begin_commit(void* self) noexcept {
    static_cast<Handle*>(self)->commits_ = true;
    return 0;
}

} // namespace kith::backend::sqlite
