"""The workloads of the benchmark in Django."""

import sys
from urllib.parse import parse_qsl, urlsplit

import django
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Prefetch, Sum
from protocol import CHUNK, PEOPLE_BEFORE, PEOPLE_CREATED, Measurement, database_for, measure_small_loads, run, utf8

workload, database = sys.argv[1:]
on_server = "://" in database


def connection_settings():
    """The settings for an SQLite file, or for a URL in the benchmark's form: with a user, a name and a socket."""
    if not on_server:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": database_for(workload, database)}
    url = urlsplit(database)
    options = dict(parse_qsl(url.query))
    common = {"NAME": url.path.strip("/"), "USER": url.username}
    if url.scheme == "postgresql":
        return {"ENGINE": "django.db.backends.postgresql", "HOST": options["host"], **common}
    return {"ENGINE": "django.db.backends.mysql", "HOST": "", "OPTIONS": {"unix_socket": options["socket"]}, **common}


settings.configure(INSTALLED_APPS=["travel"], DATABASES={"default": connection_settings()})
django.setup()

# Models can be defined only after the settings.
from travel.models import City, Person, Province  # noqa: E402

statements = 0


def count_statement(execute, sql, params, many, context):
    global statements
    statements += 1
    return execute(sql, params, many, context)


connection.ensure_connection()
connection.execute_wrappers.append(count_statement)


def measure():
    return Measurement(workload, lambda: statements)


# --- The walks, which prove that everything was loaded --------------------------------------------------------------


def walk_hometowns(people):
    total = 0
    for person in people:
        total += person.id * 3 + utf8(person.firstname) * 7
        if person.hometown:
            total += person.hometown.id * 5 + utf8(person.hometown.name)
    return total


def walk_cities_of_provinces(provinces):
    return sum(
        province.id * 3 + city.id * 5 + utf8(city.name) for province in provinces for city in province.city_set.all()
    )


def walk_visits(people):
    return sum(person.id + city.id * 5 + utf8(city.name) for person in people for city in person.visitation.all())


def walk_visited_provinces(people):
    return sum(
        person.id + city.id * 5 + city.province.id * 7 + utf8(city.province.name)
        for person in people
        for city in person.visitation.all()
    )


def walk_joined(people):
    total = 0
    for person in people:
        total += person.id * 3
        if person.hometown:
            province = person.hometown.province
            total += person.hometown.id * 5 + utf8(person.hometown.name) + province.id * 7 + utf8(province.name)
    return total


def walk_plain(people):
    return sum(person.id * 3 + utf8(person.firstname) + utf8(person.lastname) * 7 for person in people)


# --- The workloads --------------------------------------------------------------------------------------------------


# Servers take the keys of all people at once. For SQLite, Django 5.2 writes the keys of a forward foreign key as
# `id = 1 OR id = 2 OR …` (since its ticket 36116), and SQLite refuses more than about 1,000 of them. So one prefetch for
# all people is not possible: W1 runs in batches, and W4 joins the province to the prefetched city, which is faster here
# than batches.


def people_with_hometown():
    if on_server:
        return Person.objects.prefetch_related("hometown")
    return Person.objects.prefetch_related("hometown").iterator(chunk_size=500)


def people_with_visited_provinces():
    if on_server:
        return Person.objects.prefetch_related("visitation__province")
    return Person.objects.prefetch_related(Prefetch("visitation", City.objects.select_related("province")))


def load(queryset, walk):
    with measure() as measurement:
        rows = list(queryset)
    measurement.report(len(rows), walk(rows))


def stream():
    rows = total = 0
    with measure() as measurement:
        for person in Person.objects.prefetch_related("visitation").iterator(chunk_size=CHUNK):
            rows += 1
            total += walk_visits([person])
    measurement.report(rows, total)


def load_small():
    def ten_people(first, last):
        people = Person.objects.filter(id__range=(first, last)).order_by("id")
        return list(people.prefetch_related("visitation__province"))

    measure_small_loads(ten_people, walk_visited_provinces, 300, Person.objects.count(), lambda: statements)


def create():
    people = [
        Person(firstname=f"First{i}", lastname=f"Last{i}", hometown_id=1 + i * 7919 % 20000)
        for i in range(PEOPLE_CREATED)
    ]
    with measure() as measurement:
        Person.objects.bulk_create(people)
    created = Person.objects.filter(id__gt=PEOPLE_BEFORE).aggregate(total=Sum("hometown_id"))
    measurement.report(len(people), created["total"])


run(
    {
        "W1": lambda: load(people_with_hometown(), walk_hometowns),
        "W2": lambda: load(Province.objects.prefetch_related("city_set"), walk_cities_of_provinces),
        "W3": lambda: load(Person.objects.prefetch_related("visitation"), walk_visits),
        "W4": lambda: load(people_with_visited_provinces(), walk_visited_provinces),
        "W5": stream,
        "W6": lambda: load(Person.objects.select_related("hometown__province"), walk_joined),
        "W7": lambda: load(Person.objects.all(), walk_plain),
        "W8": load_small,
        "W9": create,
    },
    workload,
    OperationalError,
)
