from datetime import datetime
from typing import Optional

from sqlalchemy import Column, DateTime, Float, ForeignKey, Integer, Table, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    image: Mapped[str]


def link_table(name):
    return Table(
        name,
        Base.metadata,
        Column("id", Integer, primary_key=True),
        Column("list_order", Integer),
        Column("person_id", ForeignKey("persons.id")),
        Column("movie_id", ForeignKey("movies.id")),
    )


directors = link_table("directors")
actors = link_table("actors")


class Person(Base):
    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str]
    middle_name: Mapped[str]
    last_name: Mapped[str]
    image: Mapped[str]
    bio: Mapped[str]
    acted_in: Mapped[list["Movie"]] = relationship(
        secondary=actors, order_by="[Movie.year, Movie.title]", viewonly=True
    )
    directed: Mapped[list["Movie"]] = relationship(
        secondary=directors, order_by="[Movie.year, Movie.title]", viewonly=True
    )


class Review(Base):
    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]
    rating: Mapped[int]
    creation_time: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    movie_id: Mapped[int] = mapped_column(ForeignKey("movies.id"))
    author: Mapped[User] = relationship()
    movie: Mapped["Movie"] = relationship(viewonly=True)


class Movie(Base):
    __tablename__ = "movies"

    id: Mapped[int] = mapped_column(primary_key=True)
    image: Mapped[str]
    title: Mapped[str]
    year: Mapped[int]
    description: Mapped[str]
    directors: Mapped[list[Person]] = relationship(
        secondary=directors, order_by=[directors.c.list_order, Person.last_name], viewonly=True
    )
    cast: Mapped[list[Person]] = relationship(
        secondary=actors, order_by=[actors.c.list_order, Person.last_name], viewonly=True
    )
    reviews: Mapped[list[Review]] = relationship(order_by=Review.creation_time.desc(), viewonly=True)
    avg_rating: Mapped[Optional[float]] = column_property(
        select(func.avg(Review.rating).cast(Float)).where(Review.movie_id == id).correlate_except(Review).scalar_subquery()
    )
