// Keys for all rows from the sequence, then one COPY in binary form: faster than INSERT … RETURNING.

#include "people.hpp"

#include <cstring>
#include <string_view>
#include <utility>

namespace bench::hand {

namespace {

constexpr std::size_t chunk = 64 * 1024;
constexpr char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"; // the signature, no flags, no extension

template <class T>
void append(std::string& out, T value) {
    for (auto shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8) {
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xff);
    }
}

void append_text(std::string& out, std::string_view text) {
    append(out, static_cast<std::int32_t>(text.size()));
    out += text;
}

void append_key(std::string& out, std::int64_t key) {
    append(out, key == 0 ? std::int32_t{-1} : std::int32_t{sizeof key});
    if (key != 0) append(out, key);
}

void append_row(std::string& out, const Person& person) {
    append(out, std::int16_t{5}); // columns
    append_key(out, person.id);
    append_text(out, person.firstname);
    append_text(out, person.lastname);
    append_key(out, person.hometown_id);
    append_key(out, person.living_id);
}

void send(Database& db, std::string& bytes) {
    if (PQputCopyData(db.get(), bytes.data(), static_cast<int>(bytes.size())) != 1) db.fail();
    bytes.clear();
}

void copy(Database& db, std::span<const Person> people) {
    const Answer begun(PQexec(db.get(), "COPY person (id, firstname, lastname, hometown_id, living_id) FROM STDIN "
                                        "(FORMAT binary)"));
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN) db.fail();
    ++db.statements;
    std::string bytes(head, sizeof head - 1);
    for (const auto& person : people) {
        append_row(bytes, person);
        if (bytes.size() >= chunk) send(db, bytes);
    }
    append(bytes, std::int16_t{-1});
    send(db, bytes);
    if (PQputCopyEnd(db.get(), nullptr) != 1) db.fail();
    const Answer ended(PQgetResult(db.get()));
    if (PQresultStatus(ended.get()) != PGRES_COMMAND_OK) db.fail();
    (void)PQgetResult(db.get()); // null: the end of the statement
}

} // namespace

void insert_people(Database& db, std::span<Person> people) {
    db.control("BEGIN");
    Statement keys(db, "SELECT nextval(pg_get_serial_sequence('person', 'id')) FROM generate_series(1, $1)");
    keys.bind(1, static_cast<std::int64_t>(people.size()));
    keys.start(Place::amid);
    for (auto& person : people) {
        if (!keys.next()) db.fail();
        person.id = keys.integer(0);
    }
    copy(db, people);
    db.control("COMMIT");
}

} // namespace bench::hand
