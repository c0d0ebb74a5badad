"""The queries of the benchmark in Django."""

import django
import sums
from django.conf import settings
from django.db import connection
from django.db.models import Avg, OuterRef, Prefetch, Subquery
from protocol import Task, run_processes

task = Task()
settings.configure(
    INSTALLED_APPS=["movies"],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": task.host,
            "PORT": task.port,
            "USER": task.user,
            "NAME": task.database,
            "OPTIONS": {"sslmode": "disable"},
        }
    },
)
django.setup()

# Models can be defined only after the settings.
from movies.models import CastMember, Director, Movie, Person, Review, User  # noqa: E402


def average(movie):
    """The average rating of a movie, as a subselect."""
    ratings = Review.objects.filter(movie_id=OuterRef(movie)).order_by().values("movie_id")
    return Subquery(ratings.annotate(mean=Avg("rating")).values("mean"))


def links(model):
    return model.objects.select_related("person").defer("person__bio").order_by("list_order", "person__last_name")


def get_movie(number):
    return (
        Movie.objects.annotate(avg_rating=average("id"))
        .prefetch_related(
            Prefetch("director_links", links(Director)),
            Prefetch("cast_links", links(CastMember)),
            Prefetch("reviews", Review.objects.select_related("author").order_by("-creation_time")),
        )
        .get(id=number)
    )


def get_user(number):
    latest = (
        Review.objects.select_related("movie")
        .defer("movie__description")
        .annotate(avg_rating=average("movie_id"))
        .order_by("-creation_time")[:10]
    )
    return User.objects.prefetch_related(Prefetch("reviews", latest, to_attr="latest_reviews")).get(id=number)


def get_person(number):
    movies = Movie.objects.defer("description").annotate(avg_rating=average("id")).order_by("year", "title")
    return Person.objects.prefetch_related(Prefetch("acted_in", movies), Prefetch("directed", movies)).get(id=number)


def of_movie_page(movie):
    directors = [link.person for link in movie.director_links.all()]
    cast = [link.person for link in movie.cast_links.all()]
    return sums.of_movie_page(movie, directors, cast, movie.reviews.all())


def of_user_page(user):
    return sums.of_user_page(user, user.latest_reviews, lambda review: review.avg_rating)


def of_person_page(person):
    return sums.of_person_page(person, person.acted_in.all(), person.directed.all())


run_processes(
    task,
    {
        "get_movie": (get_movie, of_movie_page),
        "get_user": (get_user, of_user_page),
        "get_person": (get_person, of_person_page),
    },
    connection.ensure_connection,
    connection.close,
)
