#pragma once

#include <kith/atomic_options.hpp>
#include <kith/backend.hpp>
#include <kith/connect_options.hpp>
#include <kith/detail/check/model_check.hpp>
#include <kith/detail/core/raw.hpp>
#include <kith/detail/core/row_writes.hpp>
#include <kith/detail/core/schema.hpp>
#include <kith/error.hpp>
#include <kith/fetch_mode.hpp>
#include <kith/limits.hpp>
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
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kith {

template <class M>
class QuerySet;
struct Change;

/// A statement that ended, as an `on_query` observer receives it. Its texts are valid during the call only.
struct QueryEvent {
    std::uint64_t number{0};     ///< position in the order in which the statements of this Database began, from 0
    std::uint64_t evaluation{0}; ///< the id of its evaluation's Span: the same for all statements of one call
    std::string_view sql{};      ///< the text of the statement
    const std::vector<std::string>* parameters{nullptr}; ///< never null; as text: see QueryLog::Entry::parameters
    std::chrono::steady_clock::time_point start{};       ///< when it was sent
    std::chrono::nanoseconds duration{};                 ///< from sending it to its last row
    std::size_t rows{0};                                 ///< the number of rows returned or changed
    std::size_t bytes{0};           ///< the size of the values returned: see QueryLog::Entry::bytes
    std::size_t parameter_bytes{0}; ///< the size of the values sent: see QueryLog::Entry::parameter_bytes
    std::string_view lookup{};      ///< the lookup that caused it; empty for a main statement
    std::uint32_t connection{0};    ///< the number of its connection, from 1 in the order of opening
    std::source_location where{};   ///< the call that caused it; line 0 if unknown
    bool failed{false};             ///< whether the database refused it
};

namespace base {
struct Bounds;
}

namespace connection {
class AtomicBlock;
class DatabaseCore;
struct DatabaseAccess;
} // namespace connection

namespace detail {
/// The first template parameter of the raw() that reads no rows. It is not a type, so a call with types, such as
/// `raw<std::int64_t>(sql, std::int64_t{1})`, never selects that overload.
enum class NoTypes : bool {};

/// A row that can be given to save(), as itself or as a Ref.
template <class R> concept SavableRow = is_ref<std::remove_cvref_t<R>> || std::is_lvalue_reference_v<R>;

/// The text of a statement, with the source position of the call.
struct SqlText {
    template <std::convertible_to<std::string_view> S>
    SqlText(const S& sql, std::source_location from = std::source_location::current()) : text(sql), where(from) {}

    std::string_view text;
    std::source_location where;
};
} // namespace detail

/// A database: a pool of connections, and the source of QuerySets. A cheap handle; copies share the pool. Safe to use
/// from many threads at once.
///
/// Every function that queries the database may throw DatabaseError (IntegrityError, OperationalError). The first use
/// of a model throws ValueError if its declaration contradicts others in a way that the compiler cannot see.
/// Transaction control, such as BEGIN and COMMIT, is not counted.
class Database {
public:
    /// Returns a QuerySet of all rows of `M`, or the default queryset that the model declares (`M::objects`). No
    /// statement. Throws ValueError if default querysets prefetch each other in a cycle.
    template <class M>
    QuerySet<M> objects() const;
    /// Returns a QuerySet of all rows of `M`, whatever default queryset the model declares. Its lookups follow the
    /// default querysets of their own models. No statement.
    template <class M>
    QuerySet<M> all_objects() const;

    /// Creates the tables, join tables, foreign keys and indexes of the models that do not exist yet, in dependency
    /// order and in one transaction. Leaves existing tables as they are, and creates none for read-only models. One
    /// statement for each table and index, and for each foreign key that a cycle of references delays.
    template <class... M>
    void create_tables(std::source_location where = std::source_location::current()) const;
    /// Drops the tables and join tables of the models that exist, with their rows, in one transaction. One statement
    /// for each table, and for each foreign key in a cycle of references.
    template <class... M>
    void drop_tables(std::source_location where = std::source_location::current()) const;

    /// Updates `row` if it is saved or has a key, and inserts it under that key if there is no such row. Inserts any
    /// other row under a new key. A row is saved if it, or the row that it was copied from, came from a database or
    /// was written to one. Sets the key, and binds the relations to this database. One statement, or two if an update
    /// finds no row. Throws ValueError for a read-only model and for a value that the column cannot hold. With a
    /// kith::row_version: StaleRow if another has written the row since it was read, and DoesNotExist if it is gone; an
    /// update that finds no row costs one statement more.
    template <class M>
        requires(!detail::is_ref<M>)
    void save(M& row, std::source_location where = std::source_location::current()) const;
    template <class M>
    void save(const Ref<M>& row, std::source_location where = std::source_location::current()) const {
        save(*row, where);
    }
    /// Updates these columns of `row` alone, which must be saved or have a key: `db.save(article, "title"_f,
    /// "author"_f)`. Columns with kith::auto_now and kith::row_version are written too. One statement. A name is a
    /// literal, or kith::runtime(text). Throws DoesNotExist if there is no such row, ValueError for a row that was
    /// never saved and for a Lazy column that was left out, FieldError for a name at run time that is no such column;
    /// otherwise as save().
    template <class R, class A>
        requires(detail::SavableRow<R> && detail::OtherThan<A, std::source_location>)
    void save(R&& row, A column, std::source_location where = std::source_location::current()) const;
    template <class R, class A, class B>
        requires(detail::SavableRow<R> && detail::OtherThan<B, std::source_location>)
    void save(R&& row, A column, B other, std::source_location where = std::source_location::current()) const;
    template <class R, class... C>
        requires(detail::SavableRow<R> && sizeof...(C) > 2)
    void save(R&& row, C... columns) const;
    /// Inserts `row`, and keeps the key that it has. Sets a generated key, and binds the relations to this database.
    /// One statement. Throws IntegrityError if the key exists, and ValueError as save() does.
    template <class M>
        requires(!detail::is_ref<M>)
    void insert(M& row, std::source_location where = std::source_location::current()) const;
    template <class M>
    void insert(const Ref<M>& row, std::source_location where = std::source_location::current()) const {
        insert(*row, where);
    }
    /// Deletes `row` by its primary key. The database applies `on_delete` to the rows that refer to it. A key of one
    /// integer becomes 0: saving the object again inserts a new row. One statement, and one for each ReverseGeneric of
    /// the model. Throws ValueError if the row was never saved; with a kith::row_version StaleRow if another has
    /// written it since it was read.
    template <class M>
        requires(!detail::is_ref<M>)
    void remove(M& row, std::source_location where = std::source_location::current()) const;
    template <class M>
    void remove(const Ref<M>& row, std::source_location where = std::source_location::current()) const {
        remove(*row, where);
    }
    /// Reads the columns of `row` again, except Lazy columns that were left out, and forgets its loaded relations. One
    /// statement. Throws DoesNotExist if the row no longer exists, ValueError if it was never saved.
    template <class M>
        requires(!detail::is_ref<M>)
    void refresh(M& row, std::source_location where = std::source_location::current()) const;
    template <class M>
    void refresh(const Ref<M>& row, std::source_location where = std::source_location::current()) const {
        refresh(*row, where);
    }

    /// Runs `sql`, a statement in the database's own SQL and with its placeholders, and returns the number of rows
    /// that it changed: `db.raw("UPDATE person SET lastname = upper(lastname) WHERE id < ?", 10)`. One statement.
    template <detail::NoTypes = {}, class... P>
    std::int64_t raw(detail::SqlText sql, const P&... parameters) const;
    /// Runs `sql` and returns its rows as a std::vector of std::tuple<T...>, or of the values if there is one type. A
    /// column that may be NULL needs a std::optional: `db.raw<std::string, std::int64_t>("SELECT lastname, COUNT(*)
    /// FROM person GROUP BY lastname")`. One statement. Throws ValueError if it returns another number of columns.
    template <class First, class... T, class... P>
    auto raw(detail::SqlText sql, const P&... parameters) const;

    /// Runs `work` in a transaction of this thread, and returns its result. Commits at the end, and rolls back if an
    /// exception leaves `work`. Inside another `atomic` it is a savepoint. A statement that fails poisons the innermost
    /// block: nothing else runs in it, and its end rolls back and throws OperationalError, even if the failure was
    /// caught. `work` takes nothing, or a `Database&`: the transaction itself, which may be passed to other threads.
    /// Options give it a deadline and a token to stop it by, and let it run again after conflicts: see AtomicOptions.
    /// No statement of its own.
    template <class F>
    decltype(auto) atomic(F&& work, AtomicOptions options = {},
                          std::source_location where = std::source_location::current()) const;

    /// Returns a handle of the same pool, or block, for which each call may take `longest`; after that the call throws
    /// DeadlineExceeded, within about 20 ms. The time begins anew with each call: an evaluation with its lookups, a
    /// whole stream from its first row on, a write, a whole `atomic` block. It counts what the call waits for: a
    /// connection, a lock, a server. QuerySets made by the handle keep it, and so do their rows when a relation of them
    /// is loaded later. Several deadlines add up: the earliest holds. With `stop` also as stop().
    Database deadline(std::chrono::milliseconds longest, std::stop_token stop = {}) const;
    /// Returns a handle whose calls throw Cancelled, within about 20 ms, once a stop is requested. Several tokens add
    /// up.
    Database stop(std::stop_token token) const;
    /// Returns a handle for which each call may load this much: see QuerySet::limits. The lowest of several holds.
    Database limits(const Limits& limits) const;

    /// Calls `observer` after every statement, on the thread that ran it, until the returned token is destroyed. Drops
    /// what it throws, and does not report the statements that it runs itself. With ParameterValues::redacted it does
    /// not receive the values of parameters. Throws ValueError if `observer` is empty.
    [[nodiscard]] std::shared_ptr<void> on_query(std::function<void(const QueryEvent&)> observer,
                                                 ParameterValues values = ParameterValues::shown) const;
    /// Reports the spans of this Database to `tracer` until the returned token is destroyed: `atomic` blocks,
    /// evaluations, their statements and transaction control. Throws ValueError if `tracer.ended` is empty.
    [[nodiscard]] std::shared_ptr<void> on_trace(Tracer tracer) const;

    /// Calls `observer` for each change that Kith writes, once it is committed, on the thread that committed it, until
    /// the returned token is destroyed: at the end of the call, or of the outermost `atomic` block. Changes that are
    /// rolled back are not reported, nor those of raw() and of the database itself, such as cascades and triggers, nor
    /// any whose commit ended in doubt. One call at a time. The changes are committed: what the observer throws is
    /// dropped, and changes that it writes itself are not reported to it. No statement. Throws ValueError if `observer`
    /// is empty.
    [[nodiscard]] std::shared_ptr<void> on_change(std::function<void(const Change&)> observer) const;

    /// Returns the kind of the database.
    Backend backend() const noexcept;
    /// Returns the options in effect: those given to connect(), overridden by those of the URL.
    const ConnectOptions& options() const noexcept;
    /// Whether both are handles of one pool.
    friend bool operator==(const Database& a, const Database& b) noexcept { return a.core_ == b.core_; }

    /// Internal.
    explicit Database(std::shared_ptr<connection::DatabaseCore> core) noexcept;

private:
    friend struct connection::DatabaseAccess;

    /// An `atomic` block, open from begin() to commit(). Otherwise it rolls back when it is destroyed.
    class Atomic {
    public:
        Atomic(const Database& db, const AtomicOptions& options, std::source_location where);
        Atomic(const Atomic&) = delete;
        Atomic& operator=(const Atomic&) = delete;
        ~Atomic();
        void begin();
        void commit();
        /// Whether to begin again after this failure: rolls back, and waits. Throws DeadlineExceeded or Cancelled.
        bool retries_after(const Error& failure);
        Database& handle() noexcept;

    private:
        struct Plan;
        struct State;
        void end_with_commit();
        void roll_back() noexcept;
        std::unique_ptr<Plan> plan_;
        std::unique_ptr<State> state_; // null before begin() and after commit()
    };

    std::shared_ptr<connection::DatabaseCore> core_;
    std::shared_ptr<connection::AtomicBlock> block_;
    std::shared_ptr<const base::Bounds> bounds_; // of each call; null for none
};

/// Opens a database, with one connection; the pool opens others when they are needed. `url` is one of
///
///     sqlite:travel.db                             a file, relative to the working directory; created if missing
///     sqlite::memory:                              an empty database in memory, with one connection
///     postgresql://user:password@host:port/name    or postgres://; postgresql:///name uses the local socket
///     mariadb://user:password@host:port/name       or mysql://
///
/// Options may follow, as `?name=value&name=value`: those of ConnectOptions, which override `options`, and those of the
/// client library, such as `sslmode` or `ssl_ca` (docs/databases.md). `%` and two hexadecimal digits encode a
/// character. No statement. Throws ValueError for a URL or option that cannot be used, and for a database whose client
/// library this build of Kith lacks; OperationalError if the database cannot be opened or reached.
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
    while (true) {
        try {
            block.begin();
            if constexpr (std::is_void_v<decltype(run())>) {
                run();
                block.commit();
                return;
            } else {
                decltype(auto) result = run();
                block.commit();
                return result;
            }
        } catch (const Error& failure) {
            if (!block.retries_after(failure)) throw;
        }
    }
}

} // namespace kith
