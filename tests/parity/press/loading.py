"""Scenarios of loading: those of loading.cpp, in Django."""

from django.db.models import Prefetch
from press.models import Author, Book, Country, Cover, Note, Publisher, Shop
from press.scenario import name, names, one, scenario


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
