"""The queries of the benchmark with asyncpg: each is one statement, whose related rows are arrays of records."""

import asyncpg
from protocol import Task, run_async
from sums import placed, thousandths, utf8

FULL_NAME = "concat_ws(' ', p.first_name, nullif(p.middle_name, ''), p.last_name)"
AVERAGE = "(SELECT avg(r.rating)::float8 FROM reviews r WHERE r.movie_id = m.id)"


def people(links):
    return f"""ARRAY(
        SELECT (p.id, {FULL_NAME}, p.image) FROM {links} l JOIN persons p ON p.id = l.person_id
        WHERE l.movie_id = m.id ORDER BY l.list_order, p.last_name)"""


def movies(links):
    return f"""ARRAY(
        SELECT (m.id, m.image, m.title, m.year, {AVERAGE}) FROM {links} l JOIN movies m ON m.id = l.movie_id
        WHERE l.person_id = p.id ORDER BY m.year, m.title)"""


GET_MOVIE = f"""
    SELECT m.id, m.image, m.title, m.year, m.description, {AVERAGE} AS avg_rating,
        {people("directors")} AS directors, {people("actors")} AS cast, ARRAY(
            SELECT (r.id, r.body, r.rating, (u.id, u.name, u.image)) FROM reviews r JOIN users u ON u.id = r.author_id
            WHERE r.movie_id = m.id ORDER BY r.creation_time DESC) AS reviews
    FROM movies m WHERE m.id = $1
"""
GET_USER = f"""
    SELECT u.id, u.name, u.image, ARRAY(
        SELECT (latest.id, latest.body, latest.rating, (m.id, m.image, m.title, {AVERAGE}))
        FROM (SELECT * FROM reviews WHERE author_id = u.id ORDER BY creation_time DESC LIMIT 10) latest
        JOIN movies m ON m.id = latest.movie_id ORDER BY latest.creation_time DESC) AS latest_reviews
    FROM users u WHERE u.id = $1
"""
GET_PERSON = f"""
    SELECT p.id, {FULL_NAME} AS full_name, p.image, p.bio, {movies("actors")} AS acted_in,
        {movies("directors")} AS directed
    FROM persons p WHERE p.id = $1
"""


async def connect(task):
    return await asyncpg.connect(host=task.host, port=task.port, user=task.user, database=task.database, ssl=False)


def statement(sql):
    async def load(connection, number):
        return await connection.fetchrow(sql, number)

    return load


# --- The checksums: records in an array have no names ------------------------------------------------------------------


def of_person(person):
    number, full_name, image = person
    return number * 3 + utf8(full_name) * 5 + utf8(image)


def of_movie_page(movie):
    return (
        movie["id"] * 3 + utf8(movie["image"]) + utf8(movie["title"]) * 5 + movie["year"] * 7
        + utf8(movie["description"]) * 11 + thousandths(movie["avg_rating"]) * 13
        + placed(map(of_person, movie["directors"]))
        + placed(of_person(person) * 2 for person in movie["cast"])
        + placed(
            number + utf8(body) * 3 + rating * 5 + author[0] * 7 + utf8(author[1]) * 11 + utf8(author[2]) * 13
            for number, body, rating, author in movie["reviews"]
        )
    )


def of_user_page(user):
    return (
        user["id"] * 3 + utf8(user["name"]) * 5 + utf8(user["image"])
        + placed(
            number + utf8(body) * 3 + rating * 5
            + (movie[0] * 3 + utf8(movie[1]) + utf8(movie[2]) * 5) * 7 + thousandths(movie[3]) * 11
            for number, body, rating, movie in user["latest_reviews"]
        )
    )


def of_person_page(person):
    return (
        of_person((person["id"], person["full_name"], person["image"])) + utf8(person["bio"]) * 7
        + placed(
            number * 3 + utf8(image) + utf8(title) * 5 + year * 7 + thousandths(average) * 11
            for number, image, title, year, average in [*person["acted_in"], *person["directed"]]
        )
    )


run_async(
    Task(),
    {
        "get_movie": (statement(GET_MOVIE), of_movie_page),
        "get_user": (statement(GET_USER), of_user_page),
        "get_person": (statement(GET_PERSON), of_person_page),
    },
    connect,
)
