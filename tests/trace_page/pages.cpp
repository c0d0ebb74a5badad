#include <kith/kith.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

// kith_trace_pages FOLDER: makes what the browser test looks at. library.db is for `kith fetch --trace`; findings.html
// and empty.html are traces of this program.

namespace {

constexpr const char* evil = "</script><img src=x onerror=alert(3)>";

struct Author {
    kith::PrimaryKey<> id{};
    std::string name{};
};

struct Book {
    kith::PrimaryKey<> id{};
    std::string title{};
    kith::ForeignKey<Author> author{};
};

void make_library(const std::filesystem::path& file) {
    const auto db = kith::connect("sqlite:" + file.string());
    db.raw("CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
    db.raw("CREATE TABLE \"<img src=x onerror=alert(1)>\" (id INTEGER PRIMARY KEY, title TEXT NOT NULL, "
           "author_id INTEGER NOT NULL REFERENCES author(id))");
    for (int i = 1; i <= 4; ++i) db.raw("INSERT INTO author VALUES (?, ?)", i, std::string(evil));
    for (int i = 1; i <= 12; ++i)
        db.raw("INSERT INTO \"<img src=x onerror=alert(1)>\" VALUES (?, ?, ?)", i, "Book " + std::to_string(i),
               (i - 1) % 4 + 1);
}

/// 70 books whose authors are loaded one by one, in a transaction, and a statement that fails.
void trace_findings(const std::filesystem::path& file) {
    const auto db = kith::connect("sqlite::memory:");
    db.create_tables<Author, Book>();
    for (int i = 0; i < 70; ++i) {
        const auto author = db.objects<Author>().create({.name = evil});
        db.objects<Book>().create({.title = "Book", .author = author});
    }
    const kith::Trace trace(db, {.title = evil});
    db.atomic([&] {
        for (const Book& book : db.objects<Book>()) (void)book.author->name;
    });
    try {
        db.raw(std::string("SELECT '") + evil + "' FROM nowhere WHERE x = ?", std::string(evil));
    } catch (const kith::DatabaseError&) { // a failure is to be seen on the page
    }
    trace.write(file);
}

void trace_nothing(const std::filesystem::path& file) {
    const auto db = kith::connect("sqlite::memory:");
    const kith::Trace trace(db, {.title = "Nothing"});
    trace.write(file);
}

} // namespace

int main(int argc, char** argv) {
    try {
        const std::filesystem::path folder = argc > 1 ? argv[1] : ".";
        make_library(folder / "library.db");
        trace_findings(folder / "findings.html");
        trace_nothing(folder / "empty.html");
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
