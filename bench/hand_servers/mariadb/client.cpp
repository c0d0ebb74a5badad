#include "client.hpp"

#include <charconv>
#include <stdexcept>
#include <utility>

namespace bench::hand {

namespace {

/// The part of `text` after `before`, up to `behind` or its end.
std::string between(const std::string& text, const std::string& before, char behind) {
    const auto begin = text.find(before) + before.size();
    return text.substr(begin, text.find(behind, begin) - begin);
}

} // namespace

Database::Database(const std::string& url) : connection_(mysql_init(nullptr)) {
    const auto user = between(url, "://", '@');
    const auto database = between(url, "@/", '?');
    const auto socket = between(url, "socket=", '&');
    mysql_options(connection_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (mysql_real_connect(connection_, nullptr, user.c_str(), nullptr, database.c_str(), 0, socket.c_str(), 0) ==
        nullptr) {
        throw std::runtime_error(mysql_error(connection_));
    }
    // The server reads its catalogs once per connection; Kith's variant does this before measuring too.
    Statement warm(*this, "SELECT 1 FROM person p JOIN city c ON c.id = p.hometown_id WHERE c.province_id = 0 LIMIT 1");
    warm.start(Place::alone);
    while (warm.next()) {}
    statements = 0;
}

void Database::control(const char* sql) const {
    if (mysql_query(connection_, sql) != 0) throw std::runtime_error(mysql_error(connection_));
}

void Database::open_snapshot() {
    if (autocommit_) control("SET autocommit = 0");
    autocommit_ = false;
}

Statement::Statement(Database& db, const std::string& sql, Kept) : db_(db), statement_(mysql_stmt_init(db.get())) {
    if (mysql_stmt_prepare(statement_, sql.data(), sql.size()) != 0) fail();
    binds_.resize(mysql_stmt_param_count(statement_));
    parameters_.resize(binds_.size());
    bind_cells();
}

void Statement::bind_cells() {
    auto* const columns = mysql_stmt_result_metadata(statement_);
    if (columns == nullptr) return;
    cells_ = std::vector<Cell>(mysql_num_fields(columns));
    std::vector<MYSQL_BIND> binds(cells_.size());
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        auto& cell = cells_[i];
        auto& bind = binds[i];
        const bool is_number = mysql_fetch_field_direct(columns, static_cast<unsigned>(i))->type == MYSQL_TYPE_LONGLONG;
        bind.buffer_type = is_number ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_STRING;
        bind.buffer = is_number ? static_cast<void*>(&cell.number) : cell.text;
        bind.buffer_length = is_number ? sizeof cell.number : sizeof cell.text;
        bind.length = &cell.length;
        bind.is_null = &cell.is_null;
    }
    mysql_free_result(columns);
    if (mysql_stmt_bind_result(statement_, binds.data()) != 0) fail();
}

MYSQL_BIND& Statement::at(int number) { return binds_[static_cast<std::size_t>(number) - 1]; }

void Statement::bind(int parameter, std::int64_t value) {
    auto& kept = parameters_[static_cast<std::size_t>(parameter) - 1];
    kept.number = value;
    at(parameter) = {};
    at(parameter).buffer_type = MYSQL_TYPE_LONGLONG;
    at(parameter).buffer = &kept.number;
}

void Statement::bind(int parameter, const std::string& text) {
    at(parameter) = {};
    at(parameter).buffer_type = MYSQL_TYPE_STRING;
    at(parameter).buffer = const_cast<char*>(text.data());
    at(parameter).buffer_length = text.size();
    at(parameter).length_value = text.size();
}

void Statement::bind_key(int parameter, std::int64_t key) {
    bind(parameter, key);
    if (key == 0) at(parameter).buffer_type = MYSQL_TYPE_NULL;
}

void Statement::bind(int parameter, const Keys& keys) {
    auto& json = parameters_[static_cast<std::size_t>(parameter) - 1].text;
    json.resize(2 + keys.size() * 21); // the widest number, and its comma
    auto* end = json.data();
    char before = '[';
    for (const auto key : keys) {
        *end++ = before;
        end = std::to_chars(end, json.data() + json.size(), key).ptr;
        before = ',';
    }
    *end++ = ']';
    at(parameter) = {};
    at(parameter).buffer_type = MYSQL_TYPE_STRING;
    at(parameter).buffer = json.data();
    at(parameter).buffer_length = static_cast<unsigned long>(end - json.data());
    at(parameter).length_value = at(parameter).buffer_length;
}

void Statement::stay_at_server(std::size_t batch) {
    const unsigned long cursor = CURSOR_TYPE_READ_ONLY;
    const unsigned long rows = batch;
    mysql_stmt_attr_set(statement_, STMT_ATTR_CURSOR_TYPE, &cursor);
    mysql_stmt_attr_set(statement_, STMT_ATTR_PREFETCH_ROWS, &rows);
}

void Statement::start(Place place) {
    ++db_.statements;
    if (place == Place::first) db_.open_snapshot();
    mysql_stmt_free_result(statement_);
    if (!binds_.empty() && mysql_stmt_bind_param(statement_, binds_.data()) != 0) fail();
    if (mysql_stmt_execute(statement_) != 0) fail();
    if (cells_.empty()) bind_cells(); // the columns of RETURNING are known only now
    is_last_ = place == Place::last;
}

bool Statement::end() {
    if (std::exchange(is_last_, false)) db_.control("COMMIT");
    return false;
}

void Statement::fail() const { throw std::runtime_error(mysql_stmt_error(statement_)); }

Stream::Stream(Database& db, const std::string& sql, std::size_t batch) : db_(db), statement_(db, sql) {
    statement_.stay_at_server(batch);
    statement_.start(Place::first);
}

std::string client_version() { return std::string("libmariadb ") + mysql_get_client_info(); }

} // namespace bench::hand
