#include "faults/models.hpp"
#include "faults/workload.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <list>
#include <thread>
#include <utility>
#include <vector>

namespace faults {

namespace {

using kith::Database;
using kith::Prefetch;

void add(std::string& text, std::string_view part) { text.append(part).append(";"); }

// ---- reading

std::string conditions(const Database& db) {
    std::string text;
    const auto add_titles = [&](const kith::QuerySet<Book>& books) {
        for (const Book& book : books) add(text, book.title);
        add(text, "|");
    };
    const auto books = db.objects<Book>();
    add_titles(books.filter("pages__gte"_f = 200, "title__icontains"_f = "book"));
    add_titles(books.filter("author__name__startswith"_f = "Author 0", "editor__isnull"_f = true));
    add_titles(books.filter("title__iregex"_f = "^book [12]", "pages__range"_f = std::pair(100, 300)));
    add_titles(books.exclude("tags__name__endswith"_f = "length").order_by("-pages"));
    add_titles(books.filter("id__in"_f = std::vector<std::int64_t>{1'000'000, 1'000'002, 7}));
    add_titles(books.filter("author__in"_f = db.objects<Author>().filter("books__pages__lt"_f = 200)));
    add_titles(books.filter("price"_f = kith::Decimal("12.5")).distinct().slice(1, 3));
    return text;
}

std::string to_one(const Database& db) {
    std::string text;
    const auto books = db.objects<Book>().prefetch_related("author", "editor", "cover");
    for (const Book& book : books) {
        add(text, *book.author->name);
        add(text, book.editor ? std::string_view(*book.editor->name) : "no editor");
        add(text, book.cover == nullptr ? "no cover" : std::string_view(book.cover->colour));
    }
    for (const Book& book : db.objects<Book>().select_related("author", "editor", "cover")) {
        add(text, *book.author->name);
        add(text, book.editor ? std::string_view(*book.editor->name) : "no editor");
    }
    return text;
}

std::string sets(const Database& db) {
    std::string text;
    const auto tags = db.objects<Tag>().filter("name__contains"_f = "Tag").order_by("-name");
    const auto first = db.objects<Book>().order_by("-pages").slice(0, 2);
    const auto authors =
        db.objects<Author>().prefetch_related("books__tags__books", Prefetch("books"_f, first, "first_books"_f),
                                              Prefetch("books__tags"_f, tags, "chosen_tags"_f), "comments");
    for (const Author& author : authors) {
        for (const Book& book : author.books.all()) {
            for (const Tag& tag : book.tags.all()) add(text, fmt::format("{} {}", *tag.name, tag.books.all().size()));
            for (const Tag& tag : book.chosen_tags) add(text, *tag.name);
        }
        for (const Book& book : author.first_books) add(text, book.title);
        for (const Comment& comment : author.comments.all()) add(text, comment.text);
    }
    return text;
}

std::string generic(const Database& db) {
    std::string text;
    for (const Comment& comment : db.objects<Comment>().prefetch_related("on")) {
        comment.on.visit([&](const auto& row) {
            using Row = std::remove_cvref_t<decltype(row)>;
            if constexpr (std::is_same_v<Row, Author>) add(text, *row.name);
            if constexpr (std::is_same_v<Row, Book>) add(text, row.title);
        });
    }
    return text;
}

std::string lazily(const Database& db) {
    std::string text;
    for (const auto mode : {kith::FetchMode::one, kith::FetchMode::peers}) {
        for (const Book& book : db.objects<Book>().fetch_mode(mode)) {
            add(text, *book.author->name);
            for (const Tag& tag : book.tags.all()) add(text, *tag.name);
        }
        for (const Author& author : db.objects<Author>().defer("life").fetch_mode(mode)) add(text, *author.life);
        for (const Place& place : db.objects<Place>().fetch_mode(mode)) {
            add(text, place.inside ? std::string_view(place.inside->name) : "nowhere");
            add(text, fmt::format("{}", place.parts.all().size()));
        }
    }
    return text;
}

std::string copies(const Database& db) {
    std::string text;
    std::list<Book> kept; // rows beyond their QuerySet
    for (const Book& book : db.objects<Book>()) kept.push_back(book);
    for (const Book& book : kept) add(text, *book.author->name);
    const auto place = db.objects<Place>().get("inside__isnull"_f = false);
    const Place copy = *place;
    add(text, copy.inside->name);
    // Rows of two QuerySets that lead to each other.
    const auto one = db.objects<Book>().order_by("id").first();
    const auto other = db.objects<Author>().order_by("id").last();
    one->author = other;
    add(text, *one->author->name);
    // A circle of them, which then live together.
    const auto land = db.objects<Place>().get("inside__isnull"_f = true);
    place->inside = land;
    land->inside = place;
    add(text, place->inside->inside->name);
    return text;
}

std::string numbers(const Database& db) {
    const auto books = db.objects<Book>();
    std::string text = fmt::format("{} {} ", books.count(), books.filter("pages"_f = 100).exists());
    text += fmt::format("{} {} ", books.aggregate(kith::Sum("pages"_f)).value_or(0),
                        books.aggregate(kith::Sum("price"_f)).value_or(kith::Decimal("0")).str());
    for (const Author& author :
         db.objects<Author>().annotate("book_count"_f = kith::Count("books"_f)).order_by("-book_count")) {
        text += fmt::format("{} {};", *author.name, *author.book_count);
    }
    for (const auto& [title, name] : books.values_list<"title", "author__name">()) {
        add(text, title);
        add(text, name);
    }
    text += fmt::format("{}", books.in_bulk(std::vector<std::int64_t>{1'000'000, 1'000'001}).size());
    return text;
}

std::string together(const Database& db) {
    std::string text;
    const auto asked = db.objects<Author>().prefetch_related("books__tags");
    const auto [authors, count, most] = kith::evaluate_together(
        asked, kith::count_of(db.objects<Tag>()), kith::aggregates_of(db.objects<Book>(), kith::Max("pages"_f)));
    for (const Author& author : authors) {
        for (const Book& book : author.books.all()) add(text, fmt::format("{} {}", book.title, book.tags.all().size()));
    }
    return text + fmt::format("{} {}", count, most.value_or(0));
}

std::string raw(const Database& db) {
    std::string text;
    for (const Book& book : db.objects<Book>().raw("SELECT * FROM fault_book ORDER BY id").prefetch_related("author")) {
        add(text, *book.author->name);
    }
    for (const auto& [title, pages] :
         db.raw<std::string, std::int64_t>("SELECT title, pages FROM fault_book ORDER BY id")) {
        add(text, fmt::format("{} {}", title, pages));
    }
    return text;
}

std::string streams(const Database& db) {
    std::string text;
    const auto books = db.objects<Book>().prefetch_related("author", "tags");
    for (const bool snapshot : {false, true}) {
        for (const Book& book : books.iterator({.chunk_size = 2, .snapshot = snapshot})) {
            add(text, *book.author->name);
            for (const Tag& tag : book.tags.all()) add(text, *tag.name);
            text += fmt::format("{}", db.objects<Tag>().count());
        }
    }
    auto left = books.iterator({.chunk_size = 1});
    const auto first = left.begin();
    add(text, first->title);
    return text;
}

/// Two streams and a statement of one thread, with one of the streams ended on another thread.
std::string threads(const Database& db) {
    auto stream = db.objects<Book>().iterator({.chunk_size = 2});
    std::string text = stream.begin()->title;
    std::array<std::string, 3> parts;
    std::array<std::exception_ptr, 3> failures;
    {
        std::vector<std::jthread> all;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            all.emplace_back([&, i] {
                try {
                    if (i == 0) {
                        const auto moved = std::move(stream);
                    } else {
                        for (const Book& book : db.objects<Book>().prefetch_related("author"))
                            add(parts[i], *book.author->name);
                    }
                } catch (...) {
                    failures[i] = std::current_exception();
                }
            });
        }
    }
    for (const auto& failure : failures) {
        if (failure) std::rethrow_exception(failure);
    }
    for (const auto& part : parts) add(text, part);
    return text;
}

std::string observed(const Database& db) {
    std::size_t spans = 0;
    std::size_t events = 0;
    const kith::QueryLog log(db);
    const kith::LoadingDetector detector(db, {.prints = false});
    const auto trace = db.on_trace({.ended = [&](const kith::Span&) { ++spans; }});
    const auto told = db.on_query([&](const kith::QueryEvent&) { ++events; });
    std::string text = sets(db);
    text += lazily(db);
    db.atomic([&] { text += numbers(db); }, {.read_only = true});
    (void)log.entries();
    (void)detector.findings();
    return text;
}

} // namespace

std::span<const Step> reading_steps() {
    static constexpr std::array steps{
        Step{"conditions", conditions},
        Step{"to-one relations", to_one},
        Step{"sets", sets},
        Step{"generic relations", generic},
        Step{"lazy loading", lazily},
        Step{"copies", copies},
        Step{"aggregates and values", numbers},
        Step{"evaluate_together", together},
        Step{"raw", raw},
        Step{"streams", streams},
        Step{"threads", threads, Step::On::threads},
        Step{"observers", observed},
    };
    return steps;
}

} // namespace faults
