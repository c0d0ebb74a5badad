#include "faults/models.hpp"
#include "faults/workload.hpp"
#include "support/connections.hpp"
#include "support/test_database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace faults {

namespace {

/// The database gives the keys that are not named here numbers below these, or above.
constexpr std::int64_t first_key = 1'000'000;

void fill(const kith::Database& db) {
    std::vector<Author> authors;
    std::vector<Tag> tags;
    for (const std::int64_t i : {0, 1, 2}) {
        authors.push_back(
            {.id = first_key + i, .name = long_text(fmt::format("Author {}", i)), .life = long_text("Born")});
        tags.push_back({.id = first_key + i, .name = long_text(fmt::format("Tag {}", i))});
    }
    const auto made = db.objects<Author>().bulk_create(authors);
    const auto labels = db.objects<Tag>().bulk_create(tags);
    std::vector<Book> books;
    for (const std::int64_t i : {0, 1, 2, 3, 4}) {
        books.push_back({.id = first_key + i,
                         .title = long_text(fmt::format("Book {}", i)),
                         .pages = 100 * (i + 1),
                         .price = kith::Decimal("12.50"),
                         .author = made[i < 3 ? 0 : 1]});
        if (i == 0) books.back().editor = made[2];
    }
    const auto printed = db.objects<Book>().bulk_create(books);
    printed[0]->tags.add(labels[0], labels[1], labels[2]);
    printed[1]->tags.add(labels[0]);
    db.objects<Cover>().bulk_create({{.id = first_key, .book = printed[0], .colour = long_text("Red")},
                                     {.id = first_key + 1, .book = printed[1], .colour = long_text("Blue")}});
    db.objects<Comment>().bulk_create({{.id = first_key, .text = long_text("Good"), .on = printed[0]},
                                       {.id = first_key + 1, .text = long_text("Tall"), .on = made[0]},
                                       {.id = first_key + 2, .text = long_text("Nothing")}});
    const auto land = db.objects<Place>().create({.code = long_text("1"), .name = "Land"});
    db.objects<Place>().create({.code = long_text("2"), .name = "Town", .inside = land});
    db.objects<Probe>().create({.id = 1, .value = 0});
}

std::int64_t tables_of_one_step(const kith::Database& db) {
    return db
        .raw<std::int64_t>(
            travel::by_backend("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'fault_shelf%' AND type = 'table'",
                               "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'fault_shelf%' "
                               "AND schemaname = current_schema()",
                               "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'fault_shelf%' "
                               "AND table_schema = database()"))
        .front();
}

template <class Rows>
void add(std::string& text, Rows rows) {
    std::ranges::sort(rows);
    for (const auto& row : rows) {
        std::apply([&](const auto&... cell) { ((text += fmt::format("{}|", cell)), ...); }, row);
        text += '\n';
    }
    text += '\n';
}

} // namespace

void make_tables(const kith::Database& db) {
    db.create_tables<Author, Book, Tag, Cover, Comment, Place, Probe>();
    db.atomic([&] { fill(db); });
}

void restore(const kith::Database& db) {
    if (tables_of_one_step(db) != 0) db.drop_tables<Shelf, Board>();
    db.atomic([&] {
        for (const Book& book : db.objects<Book>()) book.tags.clear();
        db.objects<Comment>().remove();
        db.objects<Cover>().remove();
        db.objects<Book>().remove();
        db.objects<Author>().remove();
        db.objects<Tag>().remove();
        db.objects<Place>().filter("inside__isnull"_f = false).remove();
        db.objects<Place>().remove();
        db.objects<Probe>().remove();
        fill(db);
    });
}

std::string state_of(const kith::Database& db) {
    const auto text_of = [](const std::optional<std::string>& value) { return value.value_or("NULL"); };
    std::string text = fmt::format("{}\n", tables_of_one_step(db));
    db.atomic(
        [&] {
            std::vector<std::tuple<std::string, std::string, std::string>> authors;
            for (const Author& a : db.objects<Author>()) authors.emplace_back(*a.name, text_of(a.note), *a.life);
            add(text, std::move(authors));
            std::vector<std::tuple<std::string, std::int64_t, std::string, std::string, std::string>> books;
            for (const Book& b : db.objects<Book>().select_related("author", "editor")) {
                books.emplace_back(b.title, b.pages, b.price.str(), *b.author->name,
                                   b.editor ? std::string(*b.editor->name) : "NULL");
            }
            add(text, std::move(books));
            std::vector<std::tuple<std::string, std::string>> links;
            for (const auto& [title, tag] : db.objects<Book>().values_list<"title", "tags__name">()) {
                links.emplace_back(title, text_of(tag));
            }
            add(text, std::move(links));
            std::vector<std::tuple<std::string>> names;
            for (const Tag& tag : db.objects<Tag>()) names.emplace_back(*tag.name);
            for (const Cover& cover : db.objects<Cover>()) names.emplace_back(cover.colour);
            for (const Comment& comment : db.objects<Comment>()) names.emplace_back(comment.text);
            for (const Place& place : db.objects<Place>()) names.emplace_back(place.name);
            add(text, std::move(names));
        },
        {.read_only = true});
    return text;
}

void use(const kith::Database& db) {
    const auto before = db.objects<Probe>().get("id"_f = 1)->value;
    db.atomic([&] { db.objects<Probe>().filter("id"_f = 1).update("value"_f = before + 1); });
    if (db.objects<Probe>().get("id"_f = 1)->value != before + 1) throw std::runtime_error("a write was lost");
}

void take_connections(const kith::Database& db, std::size_t count) { travel::take_connections<Tag>(db, count); }

} // namespace faults
