"""Scenarios of queries: those of queries.cpp, in Django."""

from django.db.models import Avg, Count, Max, Min, Prefetch, Q, Sum
from press.models import Author, Book, Publisher, Review
from press.scenario import name, names, scenario


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
