"""Scenarios of prefetching: those of prefetching.cpp, in Django."""

from django.db.models import Count, Prefetch, prefetch_related_objects
from press.models import Author, Book, Country, Cover, Listing, Publisher
from press.scenario import name, names, one, scenario


# Prefetch objects


@scenario
def prefetch_with_filter():
    long_ones = Prefetch("books", queryset=Book.objects.filter(pages__gt=150))
    return [[a.name, names(a.books.all())] for a in Author.objects.prefetch_related(long_ones)]


@scenario
def prefetch_with_order():
    sorted_ = Prefetch("books", queryset=Book.objects.order_by("-pages"))
    return [[a.name, names(a.books.all())] for a in Author.objects.prefetch_related(sorted_)]


@scenario
def prefetch_into_a_slot():
    long_ones = Prefetch("books", queryset=Book.objects.filter(pages__gt=150), to_attr="some_books")
    return [
        [a.name, names(a.some_books), names(a.books.all())]
        for a in Author.objects.prefetch_related(long_ones, "books", "some_books__cover")
    ]


@scenario
def prefetch_one_into_a_slot():
    acorn = Prefetch("publisher", queryset=Publisher.objects.filter(name="Acorn"), to_attr="some_publisher")
    return [[b.title, name(b.some_publisher)] for b in Book.objects.prefetch_related(acorn)]


@scenario
def prefetch_filtered_key():
    acorn = Prefetch("publisher", queryset=Publisher.objects.filter(name="Acorn"))
    return [[b.title, name(b.publisher)] for b in Book.objects.prefetch_related(acorn)]


@scenario
def prefetch_slice():
    longest = Prefetch("books", queryset=Book.objects.order_by("-pages")[:1], to_attr="some_books")
    return [[a.name, names(a.some_books)] for a in Author.objects.prefetch_related(longest)]


@scenario
def prefetch_slice_from_the_second():
    rest = Prefetch("books", queryset=Book.objects.order_by("-pages")[1:], to_attr="some_books")
    return [[a.name, names(a.some_books)] for a in Author.objects.prefetch_related(rest)]


@scenario
def prefetch_slice_of_a_reverse_key():
    youngest = Prefetch("authors", queryset=Author.objects.order_by("-born")[:1], to_attr="some_authors")
    return [[c.code, names(c.some_authors)] for c in Country.objects.prefetch_related(youngest)]


@scenario
def prefetch_nested():
    with_cover = Book.objects.prefetch_related(Prefetch("cover", queryset=Cover.objects.filter(colour="blue")))
    authors = Author.objects.prefetch_related(Prefetch("books", queryset=with_cover))
    return [[[b.title, one(lambda: b.cover.colour)] for b in a.books.all()] for a in authors]


@scenario
def prefetch_nested_way_back():
    acorn = Publisher.objects.filter(name="Acorn")
    books = Book.objects.prefetch_related(Prefetch("publisher", queryset=acorn))
    publishers = Publisher.objects.prefetch_related(Prefetch("books", queryset=books))
    return [[one(lambda: name(b.publisher)) for b in p.books.all()] for p in publishers]


@scenario
def prefetch_nested_plain_way_back():
    books = Book.objects.prefetch_related("publisher")
    publishers = Publisher.objects.prefetch_related(Prefetch("books", queryset=books))
    return [[b.publisher.name for b in p.books.all()] for p in publishers]


@scenario
def prefetch_with_annotation():
    counted = Prefetch("books", queryset=Book.objects.annotate(review_count=Count("reviews")).order_by("id"))
    return [[[b.title, b.review_count] for b in a.books.all()] for a in Author.objects.prefetch_related(counted)]


@scenario
def prefetch_with_none():
    nothing = Prefetch("books", queryset=Book.objects.none())
    return [names(a.books.all()) for a in Author.objects.prefetch_related(nothing)]


@scenario
def prefetch_with_select_related():
    joined = Prefetch("books", queryset=Book.objects.select_related("publisher"))
    return [[name(b.publisher) for b in a.books.all()] for a in Author.objects.prefetch_related(joined)]


# select_related


@scenario
def select_related_deep():
    return [
        [line.book.title, name(line.book.publisher), line.shop.name]
        for line in Listing.objects.select_related("book__publisher", "shop")
    ]


@scenario
def select_related_nullable():
    return [[a.name, name(a.mentor), name(a.country)] for a in Author.objects.select_related("mentor", "country")]


@scenario
def select_related_reverse_one_to_one():
    books = list(Book.objects.select_related("cover"))
    return [[one(lambda: b.cover.colour), one(lambda: b.cover.book is b)] for b in books]


@scenario
def select_related_there_and_back():
    books = list(Book.objects.select_related("cover__book").filter(cover__isnull=False))
    return [b.cover.book is b for b in books]


@scenario
def select_related_then_prefetch():
    authors = Author.objects.select_related("mentor").prefetch_related("mentor__books", "books")
    return [[a.name, names(a.mentor.books.all()) if a.mentor else None, names(a.books.all())] for a in authors]


@scenario
def select_related_sharing():
    books = list(Book.objects.select_related("publisher"))
    return books[0].publisher is books[1].publisher


# Rows that are there already


@scenario
def objects_that_have_nothing():
    books = list(Book.objects.all())
    prefetch_related_objects(books, "authors__country")
    return [[[a.name, name(a.country)] for a in b.authors.all()] for b in books]


@scenario
def objects_that_have_a_part():
    books = list(Book.objects.all())
    prefetch_related_objects(books[:2], "authors")
    prefetch_related_objects(books, "authors__country")
    return [[[a.name, name(a.country)] for a in b.authors.all()] for b in books]


@scenario
def objects_twice():
    books = list(Book.objects.all())
    prefetch_related_objects(books, "authors")
    prefetch_related_objects(books, "authors")
    return len(books)
