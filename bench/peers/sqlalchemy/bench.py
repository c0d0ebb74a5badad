"""The workloads of the benchmark in SQLAlchemy."""

import sys

from models import City, Person, Province
from protocol import CHUNK, PEOPLE_BEFORE, PEOPLE_CREATED, Measurement, database_for, measure_small_loads, run, utf8
from sqlalchemy import create_engine, event, func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, configure_mappers, joinedload, selectinload

workload, database = sys.argv[1:]
engine = create_engine(f"sqlite:///{database_for(workload, database)}")
configure_mappers()
engine.connect().close()  # The pool keeps the connection.

statements = 0


@event.listens_for(engine, "before_cursor_execute")
def count_statement(*_):
    global statements
    statements += 1


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
        province.id * 3 + city.id * 5 + utf8(city.name) for province in provinces for city in province.city_set
    )


def walk_visits(people):
    return sum(person.id + city.id * 5 + utf8(city.name) for person in people for city in person.visitation)


def walk_visited_provinces(people):
    return sum(
        person.id + city.id * 5 + city.province.id * 7 + utf8(city.province.name)
        for person in people
        for city in person.visitation
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


count_people = select(func.count()).select_from(Person)

# --- The workloads --------------------------------------------------------------------------------------------------


def load(query, walk):
    with Session(engine) as session:
        with measure() as measurement:
            rows = session.scalars(query).all()
        measurement.report(len(rows), walk(rows))


def stream():
    rows = total = 0
    query = select(Person).options(selectinload(Person.visitation)).execution_options(yield_per=CHUNK)
    with Session(engine) as session, measure() as measurement:
        for person in session.scalars(query):
            rows += 1
            total += walk_visits([person])
    measurement.report(rows, total)


def load_small():
    def ten_people(first, last):
        query = (
            select(Person)
            .where(Person.id.between(first, last))
            .order_by(Person.id)
            .options(selectinload(Person.visitation).selectinload(City.province))
        )
        with Session(engine) as session:
            return session.scalars(query).all()

    with Session(engine) as session:
        people = session.scalar(count_people)
    measure_small_loads(ten_people, walk_visited_provinces, 300, people, lambda: statements)


def create():
    people = [
        {"firstname": f"First{i}", "lastname": f"Last{i}", "hometown_id": 1 + i * 7919 % 20000}
        for i in range(PEOPLE_CREATED)
    ]
    with Session(engine) as session:
        with measure() as measurement:
            session.execute(insert(Person), people)
            session.commit()
        checksum = session.scalar(select(func.sum(Person.hometown_id)).where(Person.id > PEOPLE_BEFORE))
    measurement.report(len(people), checksum)


people = select(Person)
provinces = select(Province)
run(
    {
        "W1": lambda: load(people.options(selectinload(Person.hometown)), walk_hometowns),
        "W2": lambda: load(provinces.options(selectinload(Province.city_set)), walk_cities_of_provinces),
        "W3": lambda: load(people.options(selectinload(Person.visitation)), walk_visits),
        "W4": lambda: load(
            people.options(selectinload(Person.visitation).selectinload(City.province)), walk_visited_provinces
        ),
        "W5": stream,
        "W6": lambda: load(people.options(joinedload(Person.hometown).joinedload(City.province)), walk_joined),
        "W7": lambda: load(people, walk_plain),
        "W8": load_small,
        "W9": create,
    },
    workload,
    OperationalError,
)
