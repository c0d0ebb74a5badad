#pragma once

#include <libpq-fe.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// libpq as an expert uses it: statements are prepared once, all statements of a load are sent together, and
/// parameters and cells are binary.
namespace bench::imdb {

/// An integer or a text.
using Parameter = std::variant<std::int32_t, std::string_view>;

/// The rows of one statement. All integers of the tables have four bytes.
class Rows {
public:
    explicit Rows(PGresult* result) : result_(result) {}

    bool is_good() const {
        const auto status = PQresultStatus(result_.get());
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    }
    int size() const { return PQntuples(result_.get()); }
    std::int32_t integer(int row, int column) const { return static_cast<std::int32_t>(bits32(row, column)); }
    std::optional<std::int32_t> optional_integer(int row, int column) const {
        if (PQgetisnull(result_.get(), row, column) != 0) return std::nullopt;
        return integer(row, column);
    }
    std::optional<double> optional_double(int row, int column) const {
        if (PQgetisnull(result_.get(), row, column) != 0) return std::nullopt;
        const auto bits = bits64(row, column);
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }
    std::string_view cell(int row, int column) const {
        return {PQgetvalue(result_.get(), row, column),
                static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
    }
    std::string text(int row, int column) const { return std::string(cell(row, column)); }
    std::chrono::sys_time<std::chrono::microseconds> time(int row, int column) const {
        using namespace std::chrono;
        return sys_days{2000y / January / 1} + microseconds(static_cast<std::int64_t>(bits64(row, column)));
    }

private:
    struct Clear {
        void operator()(PGresult* result) const { PQclear(result); }
    };

    std::uint32_t bits32(int row, int column) const {
        std::uint32_t bits = 0;
        std::memcpy(&bits, PQgetvalue(result_.get(), row, column), sizeof bits);
        return __builtin_bswap32(bits);
    }
    std::uint64_t bits64(int row, int column) const {
        std::uint64_t bits = 0;
        std::memcpy(&bits, PQgetvalue(result_.get(), row, column), sizeof bits);
        return __builtin_bswap64(bits);
    }

    std::unique_ptr<PGresult, Clear> result_;
};

class Connection {
public:
    explicit Connection(const std::string& url);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { PQfinish(connection_); }

    /// Returns the name of the statement. All statements are prepared before the first send().
    std::string prepare(const char* sql);

    /// Adds a statement to the load.
    void send(const std::string& statement, std::initializer_list<Parameter> parameters = {});
    /// Sends what was added. Afterwards, take() once for each statement, and then done().
    void flush();
    Rows take();
    void done();

private:
    [[noreturn]] void fail() const;

    PGconn* connection_;
    int prepared_{0};
};

} // namespace bench::imdb
