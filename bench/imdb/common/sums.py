"""The checksums of bench/README.md, over objects with the columns as attributes."""

import math


def utf8(text):
    return len(text.encode())


def thousandths(average):
    return 0 if average is None else math.floor(float(average) * 1000 + 1e-6)


def full_name(person):
    middle = f" {person.middle_name}" if person.middle_name else ""
    return f"{person.first_name}{middle} {person.last_name}"


def of_person(person):
    return person.id * 3 + utf8(full_name(person)) * 5 + utf8(person.image)


def of_movie(movie):
    return movie.id * 3 + utf8(movie.image) + utf8(movie.title) * 5


def of_review(review):
    return review.id + utf8(review.body) * 3 + review.rating * 5


def placed(sums):
    return sum(place * each for place, each in enumerate(sums, 1))


def of_movie_page(movie, directors, cast, reviews):
    """`directors` and `cast` are people."""
    return (
        of_movie(movie) + movie.year * 7 + utf8(movie.description) * 11 + thousandths(movie.avg_rating) * 13
        + placed(map(of_person, directors))
        + placed(of_person(person) * 2 for person in cast)
        + placed(
            of_review(review) + review.author.id * 7 + utf8(review.author.name) * 11 + utf8(review.author.image) * 13
            for review in reviews
        )
    )


def of_user_page(user, reviews, average_of):
    """`average_of` returns the average of a review's movie."""
    return (
        user.id * 3 + utf8(user.name) * 5 + utf8(user.image)
        + placed(of_review(r) + of_movie(r.movie) * 7 + thousandths(average_of(r)) * 11 for r in reviews)
    )


def of_person_page(person, acted_in, directed):
    return (
        of_person(person) + utf8(person.bio) * 7
        + placed(
            of_movie(movie) + movie.year * 7 + thousandths(movie.avg_rating) * 11 for movie in [*acted_in, *directed]
        )
    )
