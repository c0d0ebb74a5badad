#pragma once

#include <kith/atomic_options.hpp>
#include <kith/connect_options.hpp>
#include <kith/detail/check/model_check.hpp>
#include <kith/detail/core/raw.hpp>
#include <kith/detail/core/row_writes.hpp>
#include <kith/detail/core/schema.hpp>
#include <kith/error.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/ref.hpp>
#include <kith/span.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {

template <class M>
class QuerySet;

/// A statement that ran, as `on_query` sees it.
struct QueryEvent {
    std::uint64_t number{0};     ///< place in the order in which the statements of this Database began
    std::uint64_t evaluation{0}; ///< the id of its Span: the same for all statements of one call
    std::string_view sql{};
    const std::vector<std::string>* parameters{nullptr}; ///< as text; `<redacted>` each where ParameterValues says so
    std::chrono::steady_clock::time_point start{};       ///< when it was sent
    std::chrono::nanoseconds duration{};                 ///< to its last row
    std::size_t rows{0};                                 ///< rows given, or changed
    std::size_t bytes{0};           ///< of the values in the rows given: see QueryLog::Entry::bytes
    std::size_t parameter_bytes{0}; ///< of the values sent: see QueryLog::Entry::parameter_bytes
    std::string_view lookup{};      ///< the path that caused it; empty for a main statement
    std::uint32_t connection{0};    ///< number of the connection among those of this Database, counted from 1
    std::source_location where{};   ///< the call that caused it; line 0 where that is not known
    bool failed{false};
};

namespace connection {
class AtomicBlock;
class DatabaseCore;
struct DatabaseAccess;
} // namespace connection

namespace detail {
/// In the place of the first template argument, which is then no type: `raw<std::int64_t>(sql, std::int64_t{1})` reads
/// numbers, and cannot be taken for the form that reads nothing.
enum class NoTypes : bool {};

/// The text of a statement, and the call that it was written in.
struct SqlText {
    template <std::convertible_to<std::string_view> S>
    SqlText(const S& sql, std::source_location from = std::source_location::current()) : text(sql), where(from) {}

    std::string_view text;
    std::source_location where;
};
} // namespace detail

/// A database: a pool of connections, and the way to the QuerySets of its models. A cheap handle; copies share the
/// pool. Safe to use from many threads at once.
class Database {
public:
    /// All rows of `M`, lazily. No statement.
    template <class M>
    QuerySet<M> objects() const;

    /// Creates tables, join tables, foreign keys and indexes that do not exist yet, in an order of the database's
    /// liking. Existing tables are left as they are.
    template <class... M>
    void create_tables(std::source_location where = std::source_location::current()) const;
    /// Drops the tables and their join tables, where they exist, with all that is in them.
    template <class... M>
    void drop_tables(std::source_location where = std::source_location::current()) const;

    /// Updates the row when it is saved (it came from a database or went into one, as did what it was copied from) or
    /// its key was given, and inserts it under that key when there is no such row; else inserts it. Sets its key, and
    /// binds its relations to this database. One statement, or two.
    template <class M>
        requires(!detail::is_ref<M>)
    void save(M& row, std::source_location where = std::source_location::current()) const;
    template <class M>
    void save(const Ref<M>& row, std::source_location where = std::source_location::current()) const {
        save(*row, where);
    }
    /// Inserts the row, also under a key of its own. One statement. IntegrityError when the key exists.
    template <class M>
        requires(!detail::is_ref<M>)
    void insert(M& row, std::source_location where = std::source_location::current()) const;
    template <class M>
    void insert(const Ref<M>& row, std::source_location where = std::source_location::current()) const {
        insert(*row, where);
    }
    /// Deletes the row by its primary key. One statement; what points at it follows `on_delete`. A single integer key
    /// becomes 0: saved again, the object is a new row.
    template <class M>
        requires(!detail::is_ref<M>)
    void remove(M& row, std::source_location where = std::source_location::current()) const;
    template <class M>
    void remove(const Ref<M>& row, std::source_location where = std::source_location::current()) const {
        remove(*row, where);
    }
    /// Reads the columns again and forgets all loaded relations. One statement. DoesNotExist when the row is gone.
    template <class M>
        requires(!detail::is_ref<M>)
    void refresh(M& row, std::source_location where = std::source_location::current()) const;
    template <class M>
    void refresh(const Ref<M>& row, std::source_location where = std::source_location::current()) const {
        refresh(*row, where);
    }

    /// Runs a statement of your own, in the database's SQL with its placeholders, and gives the number of rows it
    /// changed: `db.raw("UPDATE person SET lastname = upper(lastname) WHERE id < ?", 10)`.
    template <detail::NoTypes = {}, class... P>
    std::int64_t raw(detail::SqlText sql, const P&... parameters) const;
    /// The rows of a statement as a std::vector of std::tuple<T...>, of a single `T` its values; std::optional where a
    /// column may be NULL: `db.raw<std::string, std::int64_t>("SELECT lastname, COUNT(*) FROM person GROUP BY
    /// lastname")`. ValueError when the statement gives another number of columns.
    template <class First, class... T, class... P>
    auto raw(detail::SqlText sql, const P&... parameters) const;

    /// Runs `work` in a transaction of this thread: committed at the end, rolled back when an exception leaves it.
    /// Inside another `atomic` it is a savepoint. A statement that fails poisons the innermost scope: nothing else runs
    /// in it, and its end rolls back and throws OperationalError even when the failure was caught.
    /// `work` may take a `Database&`: the transaction itself, which may be handed to other threads.
    template <class F>
    decltype(auto) atomic(F&& work, AtomicOptions options = {},
                          std::source_location where = std::source_location::current()) const;

    /// Calls `observer` after every statement, on the thread that ran it, until the returned token is destroyed. What
    /// it throws is dropped. With ParameterValues::redacted it is not given the values of parameters.
    [[nodiscard]] std::shared_ptr<void> on_query(std::function<void(const QueryEvent&)> observer,
                                                 ParameterValues values = ParameterValues::shown) const;
    /// Tells `tracer` of the spans of this Database, until the returned token is destroyed: of blocks, of evaluations,
    /// and of the statements within them. ValueError without a function to call.
    [[nodiscard]] std::shared_ptr<void> on_trace(Tracer tracer) const;

    const ConnectOptions& options() const noexcept;
    /// Whether both are handles of one pool.
    friend bool operator==(const Database& a, const Database& b) noexcept { return a.core_ == b.core_; }

    explicit Database(std::shared_ptr<connection::DatabaseCore> core) noexcept;

private:
    friend struct connection::DatabaseAccess;

    /// An open `atomic` block: commits in commit(), otherwise rolls back when it is destroyed.
    class Atomic {
    public:
        Atomic(const Database& db, const AtomicOptions& options, std::source_location where);
        Atomic(const Atomic&) = delete;
        Atomic& operator=(const Atomic&) = delete;
        ~Atomic();
        void commit();
        Database& handle() noexcept;

    private:
        struct State;
        std::unique_ptr<State> state_;
    };

    std::shared_ptr<connection::DatabaseCore> core_;
    std::shared_ptr<connection::AtomicBlock> block_;
};

/// Opens a database: `sqlite:file.db`, `sqlite::memory:`. The file is made when it does not exist. Throws
/// OperationalError when it cannot be opened or is no database, ValueError for an URL that cannot be read.
Database connect(std::string_view url, ConnectOptions options = {});

template <class... M>
void Database::create_tables(std::source_location where) const {
    const detail::ModelInfo* const models[] = {&detail::model<M>()...};
    detail::create_tables(*this, models, where);
}

template <class... M>
void Database::drop_tables(std::source_location where) const {
    const detail::ModelInfo* const models[] = {&detail::model<M>()...};
    detail::drop_tables(*this, models, where);
}

template <class M>
    requires(!detail::is_ref<M>)
void Database::save(M& row, std::source_location where) const {
    detail::save_row(*this, detail::model<M>(), &row, where);
}

template <class M>
    requires(!detail::is_ref<M>)
void Database::insert(M& row, std::source_location where) const {
    detail::insert_row(*this, detail::model<M>(), &row, where);
}

template <class M>
    requires(!detail::is_ref<M>)
void Database::remove(M& row, std::source_location where) const {
    detail::remove_row(*this, detail::model<M>(), &row, where);
}

template <class M>
    requires(!detail::is_ref<M>)
void Database::refresh(M& row, std::source_location where) const {
    detail::refresh_row(*this, detail::model<M>(), &row, where);
}

template <class F>
decltype(auto) Database::atomic(F&& work, AtomicOptions options, std::source_location where) const {
    Atomic block(*this, options, where);
    const auto run = [&]() -> decltype(auto) {
        if constexpr (std::invocable<F, Database&>) {
            return std::forward<F>(work)(block.handle());
        } else {
            return std::forward<F>(work)();
        }
    };
    if constexpr (std::is_void_v<decltype(run())>) {
        run();
        block.commit();
    } else {
        decltype(auto) result = run();
        block.commit();
        return result;
    }
}

} // namespace kith
