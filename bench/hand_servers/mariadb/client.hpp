#pragma once

#include <mysql.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// libmariadb with only what every program adds. Statements are prepared, so that cells travel in binary; several keys
/// travel as one JSON array.
namespace bench::hand {

using Keys = std::span<const std::int64_t>;

/// The position of a statement in a snapshot. Without autocommit the first SELECT opens it; COMMIT follows the last.
enum class Place { alone, first, amid, last };

class Database {
public:
    /// `mariadb://user@/database?socket=path`
    explicit Database(const std::string& url);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database() { mysql_close(connection_); }

    MYSQL* get() const noexcept { return connection_; }
    /// Runs a statement without rows, which is not counted.
    void control(const char* sql) const;
    /// From now on, the first SELECT after a COMMIT fixes what all see up to the next COMMIT.
    void open_snapshot();
    /// The number of statements run so far.
    std::size_t statements{0};

private:
    MYSQL* connection_;
    bool autocommit_{true};
};

class Statement {
public:
    /// Every statement is prepared, and stays prepared while this object lives.
    enum class Kept : bool { no, yes };

    Statement(Database& db, const std::string& sql, Kept kept = Kept::no);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() { mysql_stmt_close(statement_); }

    void bind(int parameter, std::int64_t value);
    /// `text` must live until the statement has run.
    void bind(int parameter, const std::string& text);
    /// 0 means no key.
    void bind_key(int parameter, std::int64_t key);
    /// For JSON_TABLE.
    void bind(int parameter, const Keys& keys);
    /// Keeps the rows on the server, which sends `batch` of them at once.
    void stay_at_server(std::size_t batch);

    /// Runs the statement. Rows are read as they arrive, with next(), and all of them before anything else is sent.
    void start(Place place);
    bool next() {
        const int code = mysql_stmt_fetch(statement_);
        if (code == 0) return true;
        if (code != MYSQL_NO_DATA) fail();
        return end();
    }

    /// 0 for NULL. All integers of the tables are bigint.
    std::int64_t integer(int column) const {
        const auto& cell = cells_[static_cast<std::size_t>(column)];
        return cell.is_null != 0 ? 0 : cell.number;
    }
    void text(int column, std::string& into) const {
        const auto& cell = cells_[static_cast<std::size_t>(column)];
        into.assign(cell.text, cell.length);
    }

private:
    /// Where the library writes a column of each row. A longer text would be an error.
    struct Cell {
        std::int64_t number{0};
        unsigned long length{0};
        my_bool is_null{0};
        char text[256];
    };
    struct Parameter {
        std::int64_t number{0};
        std::string text;
    };

    MYSQL_BIND& at(int number);
    void bind_cells();
    bool end();
    [[noreturn]] void fail() const;

    Database& db_;
    MYSQL_STMT* statement_;
    std::vector<MYSQL_BIND> binds_;
    std::vector<Parameter> parameters_;
    std::vector<Cell> cells_;
    bool is_last_{false};
};

/// The rows of a query, `batch` of them in memory at once, in a snapshot of their own.
class Stream {
public:
    Stream(Database& db, const std::string& sql, std::size_t batch);
    bool next() { return statement_.next(); }
    const Statement& row() const noexcept { return statement_; }
    /// Ends the snapshot.
    void finish() { db_.control("COMMIT"); }

private:
    Database& db_;
    Statement statement_;
};

/// The texts of statements differ between servers only in how a parameter is written, and in how rows of `table` are
/// found whose `column` is among the keys of the first parameter. `joins` follows the table.
inline std::string parameter(int) { return "?"; }
inline std::string select_by_keys(const std::string& columns, const std::string& table, const std::string& column,
                                  const std::string& joins = {}) {
    return "SELECT " + columns + " FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) k STRAIGHT_JOIN " + table +
           " ON " + column + " = k.id" + joins;
}
/// Links the person of the first parameter with the cities of the second.
inline std::string insert_links() {
    return "INSERT INTO person_visitation (person_id, city_id) SELECT ?, k.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id "
           "BIGINT PATH '$')) k";
}

/// The client library's name and version.
std::string client_version();

} // namespace bench::hand
