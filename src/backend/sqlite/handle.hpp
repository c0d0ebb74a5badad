#pragma once

#include "backend/regex.hpp"
#include "backend/sqlite/encoding.hpp"
#include "base/bound.hpp"

#include <sqlite3.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace kith::backend::sqlite {

/// An open sqlite3, with the data for its errors: the name of the database and how long it waited for a lock.
class Handle {
public:
    /// Opens the file at `path`, which is never read as a URI, or `:memory:`. `name` appears in messages.
    Handle(const std::string& path, int flags, std::string name, std::chrono::milliseconds busy_timeout,
           Encodings encodings = {});
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    /// All statements must be finalized.
    ~Handle();

    sqlite3* get() const noexcept { return db_; }
    const std::string& name() const noexcept { return name_; }
    const Encodings& encodings() const noexcept { return encodings_; }

    /// Throws the error for `code` and sqlite3_errmsg(), unless `code` is SQLITE_OK.
    void check(int code, std::string_view sql = {}) {
        if (code != SQLITE_OK) fail(code, sql);
    }
    /// Throws IntegrityError, OperationalError or DatabaseError with the remedy; never with a value.
    [[noreturn]] void fail(int code, std::string_view sql);

    /// From now on statements, and waits for locks, end when `bound` is over. Without one SQLite is not slowed down.
    void watch(const base::Bound* bound) noexcept;
    /// Null for none.
    const base::Bound* bound() const noexcept { return bound_; }

    /// Begins a statement: forgets how long earlier ones waited, and what their regular expressions cost.
    void restart_clock() noexcept {
        waited_ = {};
        commits_ = false;
        match_steps_.refill();
    }
    /// To be called when it turned out that tables were altered.
    void note_alteration() noexcept { altered_ = true; }
    /// Whether that was so since the last call.
    bool take_alteration() noexcept { return std::exchange(altered_, false); }
    MatchSteps& match_steps() noexcept { return match_steps_; }
    /// Whether an error has shown that the file can no longer be relied on through this handle.
    bool damaged() const noexcept { return damaged_; }

private:
    static int wait(void* self, int round) noexcept;
    static int is_over(void* self) noexcept;
    static int begin_commit(void* self) noexcept;

    sqlite3* db_{nullptr};
    std::string name_;
    std::chrono::milliseconds busy_timeout_;
    Encodings encodings_;
    const base::Bound* bound_{nullptr};
    std::chrono::steady_clock::time_point wait_began_{};
    std::chrono::milliseconds waited_{};
    MatchSteps match_steps_{};
    bool commits_{false}; // from the beginning of a commit to the next statement
    bool damaged_{false};
    bool altered_{false};
};

} // namespace kith::backend::sqlite
