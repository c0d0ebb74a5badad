#include "fuzz/fuzz.hpp"
#include "inspect/models.hpp"
#include "inspect/schema.hpp"
#include "literal.hpp"
#include "printable.hpp"
#include "query/resolve.hpp"

#include <kith/kith.hpp>

#include <cstdint>
#include <string>

/// Conditions as the program `kith` takes them, `name__icontains=wu`, for a table of every type of column; and names
/// from databases, which are printed on one line whatever is in them.

using namespace fuzz;

namespace {

struct Models {
    kith::inspect::Schema schema;
    kith::inspect::Models models;

    static kith::inspect::Schema read() {
        const auto db = kith::connect("sqlite::memory:");
        db.raw("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, number BIGINT, truth BOOLEAN, ratio DOUBLE, "
               "price DECIMAL(10, 2), born DATE, seen DATETIME, code CHAR(32), picture BLOB, note JSON, anything)");
        db.raw("CREATE TABLE part (id INTEGER PRIMARY KEY, thing_id INTEGER REFERENCES thing (id), name TEXT)");
        return kith::inspect::read_schema(db);
    }
    Models() : schema(read()), models(schema) {}
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Models models;
    Input input(data, size);
    const auto* const table = input.take_byte() % 2 == 0 ? "thing" : "part";
    const auto text = input.take_rest();
    (void)answered(
        [&] { (void)kith::query::resolve_condition(models.models.of(table), kith::cli::parse_condition(text)); });
    for (const auto& part : kith::split(text, ',')) {
        require(part == kith::trimmed(part), "parts have no blanks around them");
    }
    const auto line = kith::cli::printable(text);
    require(line.find('\n') == std::string::npos && line.find('\033') == std::string::npos,
            "what is printed is a line");
    const auto comment = kith::cli::in_comment(text);
    require(!comment.ends_with('\\') && !comment.ends_with("?\?/"), "a comment ends where its line does");
    return 0;
}
