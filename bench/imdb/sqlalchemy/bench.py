"""The queries of the benchmark in SQLAlchemy, with asyncio."""

import sums
from models import Movie, Person, Review, User
from protocol import Task, run_async
from sqlalchemy import URL, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import defer, joinedload, selectinload


async def connect(task):
    """An engine with one connection for each task, as its documentation recommends: its sessions are not shared."""
    if task.host.startswith("/"):
        url = URL.create("postgresql+asyncpg", task.user, database=task.database, query={"host": task.host})
    else:
        url = URL.create("postgresql+asyncpg", task.user, host=task.host, port=task.port, database=task.database)
    engine = create_async_engine(url, pool_size=1, max_overflow=0, connect_args={"ssl": False})
    return async_sessionmaker(engine, expire_on_commit=False)


async def get_movie(session_of, number):
    async with session_of() as session:
        return await session.get_one(
            Movie,
            number,
            options=[
                selectinload(Movie.directors).options(defer(Person.bio)),
                selectinload(Movie.cast).options(defer(Person.bio)),
                selectinload(Movie.reviews).options(joinedload(Review.author, innerjoin=True)),
            ],
        )


async def get_user(session_of, number):
    async with session_of() as session:
        user = await session.get_one(User, number)
        latest = (
            select(Review)
            .where(Review.author_id == number)
            .order_by(Review.creation_time.desc())
            .limit(10)
            .options(joinedload(Review.movie, innerjoin=True).options(defer(Movie.description)))
        )
        return user, (await session.scalars(latest)).all()


async def get_person(session_of, number):
    async with session_of() as session:
        return await session.get_one(
            Person,
            number,
            options=[
                selectinload(Person.acted_in).options(defer(Movie.description)),
                selectinload(Person.directed).options(defer(Movie.description)),
            ],
        )


def of_movie_page(movie):
    return sums.of_movie_page(movie, movie.directors, movie.cast, movie.reviews)


def of_user_page(page):
    user, reviews = page
    return sums.of_user_page(user, reviews, lambda review: review.movie.avg_rating)


def of_person_page(person):
    return sums.of_person_page(person, person.acted_in, person.directed)


run_async(
    Task(),
    {
        "get_movie": (get_movie, of_movie_page),
        "get_user": (get_user, of_user_page),
        "get_person": (get_person, of_person_page),
    },
    connect,
)
