#pragma once

#include <libpq-fe.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// libpq with only what every program adds. Parameters and cells travel in binary, several keys as one array.
namespace bench::hand {

using Keys = std::span<const std::int64_t>;

/// The position of a statement in a snapshot. BEGIN travels with the first and COMMIT with the last, without round
/// trips of their own.
enum class Place { alone, first, amid, last };

class Database {
public:
    explicit Database(const std::string& url);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database() { PQfinish(connection_); }

    PGconn* get() const noexcept { return connection_; }
    /// Runs a statement without rows, which is not counted.
    void control(const char* sql) const;
    [[noreturn]] void fail() const;
    /// The number of statements run so far.
    std::size_t statements{0};

private:
    PGconn* connection_;
};

struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

class Statement {
public:
    /// A statement that runs repeatedly is kept prepared on the server, unless it has many keys: planning for the given
    /// keys gains more than it costs.
    enum class Kept : bool { no, yes };

    Statement(Database& db, std::string sql, Kept kept = Kept::no);

    void bind(int parameter, std::int64_t value);
    void bind(int parameter, const std::string& text);
    /// 0 means no key.
    void bind_key(int parameter, std::int64_t key);
    /// For `= ANY($1)`.
    void bind(int parameter, const Keys& keys);

    /// Runs the statement; rows are read with next().
    void start(Place place);
    bool next() noexcept { return ++row_ < size_; }

    /// 0 for NULL. All integers of the tables are bigint.
    std::int64_t integer(int column) const {
        if (PQgetisnull(result_.get(), row_, column) != 0) return 0;
        std::uint64_t value = 0;
        std::memcpy(&value, PQgetvalue(result_.get(), row_, column), sizeof value);
        return static_cast<std::int64_t>(__builtin_bswap64(value));
    }
    void text(int column, std::string& into) const {
        into.assign(PQgetvalue(result_.get(), row_, column),
                    static_cast<std::size_t>(PQgetlength(result_.get(), row_, column)));
    }

private:
    struct Parameter {
        Oid type{0};
        std::string bytes;
        bool is_null{false};
    };

    Parameter& at(int number);
    void send() const;

    Database& db_;
    std::string sql_;
    std::string name_; // empty unless kept
    std::vector<Parameter> parameters_;
    Answer result_;
    int row_{-1};
    int size_{0};
};

/// The rows of a query, `batch` of them in memory at once, in a snapshot of their own.
class Stream {
public:
    Stream(Database& db, const std::string& sql, std::size_t batch);
    bool next();
    const Statement& row() const noexcept { return fetch_; }
    /// Ends the snapshot.
    void finish() { db_.control("COMMIT"); }

private:
    Database& db_;
    Statement fetch_;
    bool begun_{false};
};

/// The texts of statements differ between servers only in how a parameter is written, and in how rows of `table` are
/// found whose `column` is among the keys of the first parameter. `joins` follows the table.
inline std::string parameter(int number) { return "$" + std::to_string(number); }
inline std::string select_by_keys(const std::string& columns, const std::string& table, const std::string& column,
                                  const std::string& joins = {}) {
    return "SELECT " + columns + " FROM " + table + joins + " WHERE " + column + " = ANY($1)";
}
/// Links the person of the first parameter with the cities of the second.
inline std::string insert_links() { return "INSERT INTO person_visitation (person_id, city_id) SELECT $1, unnest($2)"; }

/// The client library's name and version.
std::string client_version();

} // namespace bench::hand
