"""Runs every scenario in Django on the file that Kith filled, and prints one line of JSON for each.

The same scenarios stand in scenarios.cpp, under the same names.
"""

import json
import sys

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}},
    INSTALLED_APPS=["press"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DEBUG=True,
    USE_TZ=True,
)
django.setup()

from django.core.exceptions import ObjectDoesNotExist  # noqa: E402
from django.db import connection, reset_queries, transaction  # noqa: E402
from django.db.models import Avg, Count, Max, Min, Prefetch, Q, Sum, prefetch_related_objects  # noqa: E402
from press.models import (  # noqa: E402
    Author,
    Biography,
    Book,
    Country,
    Cover,
    Listing,
    Note,
    Publisher,
    Review,
    Shop,
)

SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def names(rows):
    return [getattr(row, "title", None) or getattr(row, "name", None) or getattr(row, "text", None) for row in rows]


def name(row):
    return None if row is None else names([row])[0]


def one(read):
    """What `read` gives, or None where there is no row."""
    try:
        return read()
    except ObjectDoesNotExist:
        return None


# Keys


@scenario
def forward_key():
    return [[b.title, name(b.publisher)] for b in Book.objects.prefetch_related("publisher")]


@scenario
def forward_key_of_nulls():
    return [name(b.publisher) for b in Book.objects.filter(publisher=None).prefetch_related("publisher")]


@scenario
def forward_key_shared():
    books = list(Book.objects.prefetch_related("publisher"))
    return [books[0].publisher is books[1].publisher, books[0].publisher is books[2].publisher]


@scenario
def forward_key_lazily():
    return [name(b.publisher) for b in Book.objects.all()]


@scenario
def reverse_key():
    return [[p.name, names(p.books.all())] for p in Publisher.objects.prefetch_related("books")]


@scenario
def reverse_key_leads_back():
    return [b.publisher is p for p in Publisher.objects.prefetch_related("books") for b in p.books.all()]


@scenario
def reverse_key_lazily_leads_back():
    publisher = Publisher.objects.get(name="Acorn")
    return [b.publisher is publisher for b in publisher.books.filter(pages__gt=150)]


@scenario
def key_to_itself():
    return [[a.name, name(a.mentor), names(a.pupils.all())] for a in Author.objects.prefetch_related("mentor", "pupils")]


@scenario
def key_to_itself_and_back():
    return [
        [a.name, names(a.mentor.pupils.all()) if a.mentor else []]
        for a in Author.objects.prefetch_related("mentor__pupils")
    ]


@scenario
def key_of_text():
    return [[c.code, names(c.authors.all())] for c in Country.objects.prefetch_related("authors")]


@scenario
def key_of_uuid():
    found = Publisher.objects.in_bulk(["00010203-0405-0607-0809-0a0b0c0d0e0f"])
    return [[str(key), publisher.name] for key, publisher in found.items()]


# Many-to-manys


@scenario
def many_to_many_forward():
    return [[b.title, names(b.authors.all())] for b in Book.objects.prefetch_related("authors")]


@scenario
def many_to_many_reverse():
    return [[a.name, names(a.books.all())] for a in Author.objects.prefetch_related("books")]


@scenario
def many_to_many_shared():
    books = list(Book.objects.prefetch_related("authors"))
    return books[0].authors.all()[0] is books[1].authors.all()[0]


@scenario
def many_to_many_to_itself():
    return [
        [a.name, names(a.follows.all()), names(a.followers.all())]
        for a in Author.objects.prefetch_related("follows", "followers")
    ]


@scenario
def join_model():
    return [[b.title, names(b.shops.all())] for b in Book.objects.prefetch_related("shops")]


@scenario
def join_model_reverse():
    return [[s.name, names(s.books.all())] for s in Shop.objects.prefetch_related("books")]


@scenario
def join_model_distinct():
    each = Prefetch("books", queryset=Book.objects.distinct())
    return [[s.name, names(s.books.all())] for s in Shop.objects.prefetch_related(each)]


@scenario
def join_model_rows():
    return [
        [[line.shop.name, line.price] for line in b.listings.all()]
        for b in Book.objects.prefetch_related("listings__shop")
    ]


@scenario
def filter_of_a_prefetch_over_its_own_links():
    by_ann = Prefetch("books", queryset=Book.objects.filter(authors__name="Ann"))
    return [[a.name, names(a.books.all())] for a in Author.objects.prefetch_related(by_ann)]


@scenario
def filter_of_a_prefetch_over_the_join_model():
    cheap = Prefetch("books", queryset=Book.objects.filter(listings__price__lt=11))
    return [[s.name, names(s.books.all())] for s in Shop.objects.prefetch_related(cheap)]


@scenario
def filter_of_a_set_over_its_own_links():
    bob = Author.objects.get(name="Bob")
    south = Shop.objects.get(name="South")
    return [
        names(bob.books.filter(authors__name="Ann")),
        names(bob.books.filter(pages__gt=1).filter(authors__name="Ann")),
        names(south.books.filter(listings__price__lt=11)),
    ]


# One-to-ones


@scenario
def one_to_one_forward():
    return [[c.colour, name(c.book)] for c in Cover.objects.prefetch_related("book")]


@scenario
def one_to_one_reverse():
    books = Book.objects.prefetch_related("cover")
    return [[b.title, one(lambda: b.cover.colour)] for b in books]


@scenario
def one_to_one_both_ends():
    books = list(Book.objects.filter(cover__isnull=False).prefetch_related("cover"))
    covers = list(Cover.objects.filter(book__isnull=False).prefetch_related("book"))
    return [all(b.cover.book is b for b in books), all(c.book.cover is c for c in covers)]


@scenario
def one_to_one_lazily():
    ash = Book.objects.get(title="Ash")
    yew = Book.objects.get(title="Yew")
    return [ash.cover.book is ash, one(lambda: yew.cover), one(lambda: yew.cover)]


@scenario
def one_to_one_as_primary_key():
    return [
        [a.name, one(lambda: a.biography.text), one(lambda: names(a.biography.notes.all()))]
        for a in Author.objects.prefetch_related("biography__notes")
    ]


@scenario
def one_to_one_as_primary_key_from_below():
    return [[n.text, n.biography.author.name] for n in Note.objects.prefetch_related("biography__author")]


# Lookups


@scenario
def three_levels():
    return [
        [[[b.title for b in a.books.all()], name(a.country)] for a in p_book.authors.all()]
        for p in Publisher.objects.prefetch_related("books__authors__books", "books__authors__country")
        for p_book in p.books.all()
    ]


@scenario
def overlapping_lookups():
    books = Book.objects.prefetch_related("authors", "authors__country", "authors__mentor__country", "authors")
    return [[[a.name, name(a.country)] for a in b.authors.all()] for b in books]


@scenario
def calls_add_up_and_none_clears():
    books = Book.objects.prefetch_related("authors").prefetch_related("cover")
    first = len(list(books))
    return [first, len(list(books.prefetch_related(None)))]


@scenario
def empty_main_rows():
    return len(Book.objects.filter(pages=-1).prefetch_related("authors__country"))


@scenario
def empty_level():
    return [names(b.authors.all()) for b in Book.objects.filter(title="Yew").prefetch_related("authors__country__authors")]


@scenario
def conflicting_querysets():
    french = Author.objects.filter(country="fr")
    try:
        list(Book.objects.prefetch_related("authors", Prefetch("authors", queryset=french)))
    except ValueError as error:
        return str(error)[:62]


@scenario
def queryset_first_then_lookups_behind_it():
    french = Prefetch("authors", queryset=Author.objects.filter(country="fr"))
    books = Book.objects.prefetch_related(french, "authors__country")
    return [[[a.name, a.country.name] for a in b.authors.all()] for b in books]


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


# Single rows and numbers


@scenario
def get_with_lookups():
    return names(Book.objects.prefetch_related("authors").get(title="Ash").authors.all())


@scenario
def get_of_several():
    try:
        Book.objects.get()
    except Book.MultipleObjectsReturned as error:
        return str(error)


@scenario
def first_and_last():
    books = Book.objects.prefetch_related("authors")
    return [books.first().title, books.last().title, Review.objects.first().stars]


@scenario
def count_and_exists():
    books = Book.objects.prefetch_related("authors")
    return [books.count(), books.exists(), len(books), books.count(), books.exists()]


@scenario
def contains_in_a_prefetched_set():
    ann = Author.objects.get(name="Ann")
    return [ann in b.authors.all() for b in Book.objects.prefetch_related("authors")]


@scenario
def first_of_a_prefetched_set():
    return [name(b.authors.first()) for b in Book.objects.prefetch_related("authors")]


@scenario
def last_of_a_prefetched_set():
    return [name(b.authors.last()) for b in Book.objects.prefetch_related("authors")]


@scenario
def filter_on_a_prefetched_set():
    return [names(b.authors.filter(born__gte=1910)) for b in Book.objects.prefetch_related("authors")]


@scenario
def filter_on_a_filtered_set():
    long_ones = Prefetch("books", queryset=Book.objects.filter(pages__gt=150))
    return [names(a.books.filter(pages__lt=250)) for a in Author.objects.prefetch_related(long_ones)]


@scenario
def refinements_of_a_prefetched_set():
    ash = Book.objects.prefetch_related("authors").get(title="Ash")
    return [
        names(ash.authors.order_by("-born")),
        names(ash.authors.exclude(name="Ann")),
        ash.authors.count(),
        ash.authors.exists(),
        list(ash.authors.values_list("name", flat=True)),
    ]


@scenario
def in_bulk_with_lookups():
    return [[key, names(b.authors.all())] for key, b in Book.objects.prefetch_related("authors").in_bulk([1, 3, 99]).items()]


@scenario
def values_list_across_relations():
    return list(map(list, Book.objects.prefetch_related("authors").values_list("title", "publisher__name")))


@scenario
def slice_of_the_main_rows():
    books = Book.objects.order_by("-pages").prefetch_related("authors")[1:3]
    return [[b.title, names(b.authors.all())] for b in books]


# Streams


@scenario
def stream_in_chunks():
    books = Book.objects.prefetch_related("authors__country").iterator(chunk_size=2)
    return [[b.title, names(b.authors.all())] for b in books]


@scenario
def stream_without_chunk_size():
    try:
        Book.objects.prefetch_related("authors").iterator()
    except ValueError as error:
        return str(error)


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


# Conditions


@scenario
def one_filter_call():
    found = Author.objects.filter(books__title="Ash", books__pages__gte=200)
    return names(found.distinct())


@scenario
def chained_filter_calls():
    found = Author.objects.filter(books__title="Ash").filter(books__pages__gte=200)
    return names(found.distinct())


@scenario
def exclude_over_a_set():
    return [
        names(Author.objects.exclude(books__title="Ash")),
        names(Publisher.objects.exclude(books__pages__gt=250)),
        names(Book.objects.exclude(reviews__stars=5)),
    ]


@scenario
def exclude_over_a_nullable_key():
    return names(Book.objects.exclude(publisher__name="Acorn"))


@scenario
def rows_come_once_for_each_match():
    return names(Book.objects.filter(listings__price__gt=0))


@scenario
def distinct_rows():
    return names(Book.objects.filter(listings__price__gt=0).distinct())


@scenario
def conditions_joined_by_or():
    return names(Book.objects.filter(Q(publisher__name="Birch") | ~Q(pages__gte=100)))


@scenario
def filter_by_a_subquery():
    return names(Book.objects.filter(publisher__in=Publisher.objects.filter(name__startswith="A")))


# Aggregates


@scenario
def aggregates():
    found = Book.objects.aggregate(Count("id"), Sum("pages"), Avg("pages"), Min("pages"), Max("pages"))
    return list(found.values())


@scenario
def aggregate_over_a_relation():
    return Publisher.objects.aggregate(n=Count("books"))["n"]


@scenario
def annotation():
    return [[a.name, a.book_count] for a in Author.objects.annotate(book_count=Count("books"))]


@scenario
def annotation_in_conditions_and_order():
    books = Book.objects.annotate(review_count=Count("reviews")).filter(review_count__gte=1)
    return [[b.title, b.review_count] for b in books.order_by("-review_count", "id")]


@scenario
def annotation_beside_a_filter_over_another_set():
    books = Book.objects.filter(listings__price__gte=0).annotate(review_count=Count("reviews")).order_by("id")
    return [[b.title, b.review_count] for b in books.distinct()]


# Writes


@scenario
def links_added():
    ash = Book.objects.prefetch_related("authors").get(title="Ash")
    ash.authors.add(1, 3)
    return names(ash.authors.all())


@scenario
def links_removed():
    ash = Book.objects.prefetch_related("authors").get(title="Ash")
    ash.authors.remove(1)
    return names(ash.authors.all())


@scenario
def links_cleared():
    ash = Book.objects.prefetch_related("authors").get(title="Ash")
    ash.authors.clear()
    return names(ash.authors.all())


@scenario
def links_set():
    ash = Book.objects.prefetch_related("authors").get(title="Ash")
    ash.authors.set([2, 3])
    return names(ash.authors.all())


@scenario
def links_set_unchanged():
    ash = Book.objects.prefetch_related("authors").get(title="Ash")
    ash.authors.set([1, 2])
    return names(ash.authors.all())


@scenario
def children_added():
    books = [Book.objects.get(title="Oak"), Book.objects.get(title="Yew")]
    acorn = Publisher.objects.prefetch_related("books").get(name="Acorn")
    acorn.books.add(*books)
    return names(acorn.books.all())


@scenario
def children_removed():
    ash = Book.objects.get(title="Ash")
    acorn = Publisher.objects.prefetch_related("books").get(name="Acorn")
    acorn.books.remove(ash)
    return names(acorn.books.all())


@scenario
def children_cleared():
    acorn = Publisher.objects.prefetch_related("books").get(name="Acorn")
    acorn.books.clear()
    return names(acorn.books.all())


@scenario
def children_created():
    acorn = Publisher.objects.prefetch_related("books").get(name="Acorn")
    acorn.books.create(title="Fir", pages=1)
    return names(acorn.books.all())


@scenario
def children_got_or_created():
    acorn = Publisher.objects.prefetch_related("books").get(name="Acorn")
    acorn.books.get_or_create(title="Fir", defaults={"pages": 1})
    return names(acorn.books.all())


@scenario
def other_instances_keep_what_they_have():
    ash = Book.objects.prefetch_related("authors").get(title="Ash")
    Author.objects.get(name="Cyd").books.add(ash)
    return names(ash.authors.all())


@scenario
def got_or_created():
    found = Shop.objects.get_or_create(name="North")
    made = Shop.objects.get_or_create(name="East")
    return [found[0].id, found[1], made[1], Shop.objects.count()]


@scenario
def updated_or_created():
    found = Author.objects.update_or_create(name="Ann", defaults={"born": 1899})
    made = Author.objects.update_or_create(name="Eve", defaults={"born": 1940})
    return [found[1], made[1], list(Author.objects.values_list("name", "born").order_by("id").values_list("born", flat=True))]


@scenario
def updated_through_a_set():
    ann = Author.objects.prefetch_related("pupils").get(name="Ann")
    ann.pupils.update(born=1)
    return [pupil.born for pupil in ann.pupils.all()]


@scenario
def refreshed():
    ash = Book.objects.prefetch_related("authors").get(title="Ash")
    Book.objects.filter(title="Ash").update(pages=7)
    ash.refresh_from_db()
    return [ash.pages, names(ash.authors.all())]


CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def main():
    for called, run in SCENARIOS.items():
        with transaction.atomic():
            reset_queries()
            result = run()
            ran = [query["sql"] for query in connection.queries if not query["sql"].startswith(CONTROL)]
            transaction.set_rollback(True)
        print(json.dumps({"name": called, "result": result, "statements": len(ran), "sql": ran}))


main()
