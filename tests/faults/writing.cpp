#include "faults/models.hpp"
#include "faults/workload.hpp"

#include <fmt/format.h>

#include <array>
#include <new>
#include <stdexcept>
#include <vector>

namespace faults {

namespace {

using kith::Database;

Author new_author(const std::string& name) { return {.name = long_text(name), .life = long_text("Born")}; }

std::string create(const Database& db) {
    const auto author = db.objects<Author>().create(new_author("Created"));
    return *author->name;
}

std::string create_place(const Database& db) {
    return db.objects<Place>().create({.code = long_text("3"), .name = long_text("Village")})->name;
}

std::string bulk_create(const Database& db) {
    std::vector<Author> rows;
    for (int i = 0; i < 20; ++i) rows.push_back(new_author(fmt::format("Of many {}", i)));
    return fmt::format("{}", db.objects<Author>().bulk_create(rows).size());
}

/// With keys: PostgreSQL copies the rows.
std::string bulk_create_many(const Database& db) {
    constexpr std::int64_t count = 1001;
    std::vector<Author> rows;
    for (std::int64_t i = 0; i < count; ++i) {
        rows.push_back(new_author(fmt::format("Of very many {}", i)));
        rows.back().id = -count + i;
    }
    return fmt::format("{}", db.objects<Author>().bulk_create(rows).size());
}

/// One row exists, the others are new.
std::string bulk_create_on_conflict(const Database& db) {
    std::vector<Author> rows{new_author("Author 1"), new_author("Not yet there")};
    rows[0].note = long_text("Updated");
    const auto updated = db.objects<Author>().bulk_create(rows, kith::on_conflict("name"_f).update("note"_f));
    return *updated[0]->note;
}

std::string bulk_create_ignoring(const Database& db) {
    const std::vector<Tag> tags{{.name = long_text("Tag 1")}, {.name = long_text("Tag of a conflict")}};
    const auto ignored = db.objects<Tag>().bulk_create(tags, kith::on_conflict("name"_f).ignore());
    return fmt::format("{} {}", bool(ignored[0]), bool(ignored[1]));
}

/// Which row it is is looked for, and nothing of that is kept.
std::string bulk_create_refused(const Database& db) {
    std::vector<Author> rows{new_author("Before it"), new_author("Author 1"), new_author("Behind it")};
    try {
        db.objects<Author>().bulk_create(rows);
    } catch (const kith::IntegrityError&) {
        return "refused";
    }
    return "not refused";
}

std::string bulk_update(const Database& db) {
    const auto books = db.objects<Book>().order_by("title").rows();
    for (const auto& book : books) {
        book->title += ", updated";
        book->pages += 1;
    }
    return fmt::format("{}", db.objects<Book>().bulk_update(books, "title"_f, "pages"_f));
}

std::string save(const Database& db) {
    auto book = *db.objects<Book>().get("title__startswith"_f = "Book 1");
    book.title = long_text("Saved");
    book.editor = nullptr;
    db.save(book);
    return book.title;
}

std::string save_new(const Database& db) {
    auto author = new_author("Saved as new");
    db.save(author);
    return fmt::format("{}", author.books.all().size());
}

std::string remove(const Database& db) {
    const auto comment = db.objects<Comment>().get("text__startswith"_f = "Nothing");
    db.remove(*comment);
    return {};
}

/// With comments on it, which go first.
std::string remove_with_children(const Database& db) {
    const auto book = db.objects<Book>().get("title__startswith"_f = "Book 4");
    return fmt::format("{}", db.objects<Book>().filter("id"_f = book->id).remove());
}

std::string update(const Database& db) {
    return fmt::format("{}", db.objects<Book>().filter("pages__gt"_f = 100).update("pages"_f = 7));
}

std::string get_or_create(const Database& db) {
    const auto name = long_text("Found or created");
    const auto made = db.objects<Tag>().get_or_create("name"_f = name);
    return *made.first->name;
}

std::string update_or_create(const Database& db) {
    const auto name = long_text("Author 1");
    const auto made =
        db.objects<Author>().update_or_create("name"_f = name, kith::defaults("note"_f = long_text("Noted")));
    return fmt::format("{} {}", *made.first->name, made.second);
}

std::string links(const Database& db) {
    const auto book = db.objects<Book>().get("title__startswith"_f = "Book 0");
    std::vector<kith::Ref<Tag>> tags{db.objects<Tag>().order_by("-name").first()};
    book->tags.set(tags);
    return fmt::format("{}", book->tags.all().size());
}

std::string create_in_set(const Database& db) {
    const auto book = db.objects<Book>().get("title__startswith"_f = "Book 2");
    return *book->tags.create({.name = long_text("Tag of a book")})->name;
}

std::string children(const Database& db) {
    const auto author = db.objects<Author>().get("name__startswith"_f = "Author 2");
    const auto books = db.objects<Book>().filter("pages__gt"_f = 300);
    author->books.add(*books.first());
    return fmt::format("{}", author->books.count());
}

std::string tables(const Database& db) {
    db.create_tables<Shelf, Board>();
    return {};
}

/// Blocks in a block: one is kept, one is rolled back.
std::string blocks(const Database& db) {
    const auto token = db.on_change([](const kith::Change&) {});
    db.atomic([&](Database& tx) {
        tx.objects<Author>().create(new_author("In a block"));
        tx.atomic([&] { db.objects<Tag>().create({.name = long_text("In an inner block")}); });
        try {
            tx.atomic([&] {
                db.objects<Tag>().create({.name = long_text("In a block that fails")});
                throw std::domain_error("to roll back");
            });
        } catch (const std::domain_error&) { // as intended
        }
        tx.objects<Book>().filter("title__startswith"_f = "Book 3").update("pages"_f = 1);
    });
    return {};
}

/// A stream with writes in its loop.
std::string writing_stream(const Database& db) {
    db.atomic([&] {
        for (Book& book : db.objects<Book>().iterator({.chunk_size = 2})) {
            book.pages += 1;
            db.save(book);
        }
    });
    return {};
}

std::string read_only_block(const Database& db) {
    std::string text;
    db.atomic(
        [&] {
            for (const Book& book : db.objects<Book>().prefetch_related("tags")) text += book.title;
        },
        {.read_only = true});
    db.objects<Tag>().create({.name = long_text("After a block that only reads")});
    return text;
}

std::string raw_write(const Database& db) {
    db.atomic([&] {
        db.raw("UPDATE fault_book SET pages = pages + 1");
        db.raw("DELETE FROM fault_comment");
    });
    return {};
}

/// Copies the journal into the file, and cuts it.
std::string checkpoint(const Database& db) {
    db.objects<Book>().update("pages"_f = 3);
    (void)db.raw<std::int64_t, std::int64_t, std::int64_t>("PRAGMA wal_checkpoint(TRUNCATE)");
    return {};
}

/// A program that catches the failure of `call` inside the block: it must not commit the rest.
template <class Call>
void in_a_block(const Database& db, const Call& call) {
    auto first = new_author("Before the failure");
    db.atomic([&] {
        db.insert(first);
        try {
            call();
        } catch (const std::bad_alloc&) { // the block must not be committed
        } catch (const kith::DatabaseError&) {}
    });
}

std::string caught_insert(const Database& db) {
    auto row = new_author("Inserted");
    in_a_block(db, [&] { db.insert(row); });
    return {};
}

std::string caught_create(const Database& db) {
    const auto row = new_author("Created");
    const auto authors = db.objects<Author>();
    in_a_block(db, [&] { authors.create(row); });
    return {};
}

std::string caught_bulk_create(const Database& db) {
    const std::vector<Author> rows{new_author("One of two"), new_author("The other")};
    const auto authors = db.objects<Author>();
    auto first = new_author("Before the failure");
    db.atomic([&] {
        db.insert(first);
        try {
            authors.bulk_create(rows);
        } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch)
        }
    });
    return {};
}

/// A block whose first statement fails, so that what should have begun it was not sent. It is rolled back.
std::string caught_reading(const Database& db) {
    const auto books = db.objects<Book>().prefetch_related("author");
    auto first = new_author("After the failure");
    auto second = new_author("After the failure as well");
    try {
        db.atomic([&] {
            try {
                (void)books.size();
            } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch)
            }
            db.insert(first);
            db.insert(second);
            throw std::domain_error("to roll back");
        });
    } catch (const std::domain_error&) { // NOLINT(bugprone-empty-catch): as intended
    }
    return {};
}

std::string caught_save(const Database& db) {
    auto book = *db.objects<Book>().get("title__startswith"_f = "Book 1");
    book.title = long_text("Saved");
    in_a_block(db, [&] { db.save(book); });
    return {};
}

std::string caught_remove(const Database& db) {
    const auto comment = db.objects<Comment>().get("text__startswith"_f = "Nothing");
    in_a_block(db, [&] { db.remove(*comment); });
    return {};
}

std::string caught_link(const Database& db) {
    const auto book = db.objects<Book>().get("title__startswith"_f = "Book 3");
    const auto tag = db.objects<Tag>().order_by("name").first();
    in_a_block(db, [&] { book->tags.add(tag); });
    return {};
}

} // namespace

std::span<const Step> reading_steps();

std::span<const Step> all_steps() {
    static const auto steps = [] {
        const auto reading = reading_steps();
        std::vector<Step> all(reading.begin(), reading.end());
        for (const Step& step : {
                 Step{"create", create},
                 Step{"create with a key", create_place},
                 Step{"bulk_create", bulk_create},
                 Step{"bulk_create of many", bulk_create_many, Step::On::network},
                 Step{"bulk_create on conflict", bulk_create_on_conflict},
                 Step{"bulk_create ignoring", bulk_create_ignoring},
                 Step{"bulk_create refused", bulk_create_refused},
                 Step{"bulk_update", bulk_update},
                 Step{"save", save},
                 Step{"save as new", save_new},
                 Step{"remove", remove},
                 Step{"remove with children", remove_with_children},
                 Step{"update", update},
                 Step{"get_or_create", get_or_create},
                 Step{"update_or_create", update_or_create},
                 Step{"set of links", links},
                 Step{"create in a set", create_in_set},
                 Step{"add children", children},
                 Step{"create_tables", tables, Step::On::sqlite},
                 Step{"a checkpoint", checkpoint, Step::On::sqlite},
                 Step{"nested blocks", blocks},
                 Step{"a stream with writes", writing_stream},
                 Step{"a block that only reads", read_only_block},
                 Step{"raw writes", raw_write},
                 Step{"a failed insert, caught", caught_insert},
                 Step{"a failed create, caught", caught_create},
                 Step{"a failed bulk_create, caught", caught_bulk_create},
                 Step{"a failed load, caught", caught_reading},
                 Step{"a failed save, caught", caught_save},
                 Step{"a failed remove, caught", caught_remove},
                 Step{"a failed link, caught", caught_link},
             }) {
            all.push_back(step);
        }
        return all;
    }();
    return steps;
}

} // namespace faults
