"""Scenarios of writes: those of writes.cpp, in Django."""

from press.models import Author, Book, Publisher, Shop
from press.scenario import names, scenario


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
