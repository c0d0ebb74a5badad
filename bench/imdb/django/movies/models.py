from django.db import models


class User(models.Model):
    name = models.TextField()
    image = models.TextField()

    class Meta:
        db_table = "users"
        managed = False


class Person(models.Model):
    first_name = models.TextField()
    middle_name = models.TextField()
    last_name = models.TextField()
    image = models.TextField()
    bio = models.TextField()

    class Meta:
        db_table = "persons"
        managed = False


class Movie(models.Model):
    image = models.TextField()
    title = models.TextField()
    year = models.IntegerField()
    description = models.TextField()
    directors = models.ManyToManyField(Person, through="Director", related_name="directed")
    actors = models.ManyToManyField(Person, through="CastMember", related_name="acted_in")

    class Meta:
        db_table = "movies"
        managed = False


class Director(models.Model):
    list_order = models.IntegerField(null=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    movie = models.ForeignKey(Movie, models.CASCADE, related_name="director_links")

    class Meta:
        db_table = "directors"
        managed = False


class CastMember(models.Model):
    list_order = models.IntegerField(null=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    movie = models.ForeignKey(Movie, models.CASCADE, related_name="cast_links")

    class Meta:
        db_table = "actors"
        managed = False


class Review(models.Model):
    body = models.TextField()
    rating = models.IntegerField()
    creation_time = models.DateTimeField()
    author = models.ForeignKey(User, models.CASCADE, related_name="reviews")
    movie = models.ForeignKey(Movie, models.CASCADE, related_name="reviews")

    class Meta:
        db_table = "reviews"
        managed = False
