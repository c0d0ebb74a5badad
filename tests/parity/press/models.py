"""The models of tests/support/press.hpp as Django sees them, over the tables that Kith made."""

from django.db import models


class Model(models.Model):
    class Meta:
        abstract = True
        managed = False


class Country(Model):
    code = models.TextField(primary_key=True)
    name = models.TextField()

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_country"
        ordering = ["code"]


class Publisher(Model):
    id = models.UUIDField(primary_key=True)
    name = models.TextField(unique=True)

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_publisher"
        ordering = ["name"]


class Author(Model):
    name = models.TextField(unique=True)
    born = models.BigIntegerField(default=0)
    country = models.ForeignKey(Country, models.CASCADE, null=True, related_name="authors")
    mentor = models.ForeignKey("self", models.CASCADE, null=True, related_name="pupils")
    follows = models.ManyToManyField(
        "self", symmetrical=False, related_name="followers", db_table="press_author_follows"
    )

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_author"
        ordering = ["id"]


class Biography(Model):
    author = models.OneToOneField(
        Author, models.CASCADE, to_field="name", primary_key=True, related_name="biography"
    )
    text = models.TextField()

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_biography"
        ordering = ["text"]


class Note(Model):
    text = models.TextField()
    biography = models.ForeignKey(Biography, models.CASCADE, null=True, related_name="notes")

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_note"
        ordering = ["-id"]


class Book(Model):
    title = models.TextField()
    pages = models.BigIntegerField(default=0)
    publisher = models.ForeignKey(
        Publisher, models.CASCADE, to_field="name", null=True, related_name="books"
    )
    authors = models.ManyToManyField(Author, related_name="books", db_table="press_book_authors")
    shops = models.ManyToManyField("Shop", through="Listing", related_name="books")

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_book"
        ordering = ["id"]


class Cover(Model):
    colour = models.TextField()
    book = models.OneToOneField(Book, models.CASCADE, null=True, related_name="cover")

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_cover"
        ordering = ["-id"]


class Review(Model):
    stars = models.BigIntegerField()
    book = models.ForeignKey(Book, models.CASCADE, null=True, related_name="reviews")
    reviewer = models.ForeignKey(Author, models.CASCADE, null=True, related_name="+")

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_review"


class Shop(Model):
    name = models.TextField(unique=True)

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_shop"
        ordering = ["name"]


class Listing(Model):
    book = models.ForeignKey(Book, models.CASCADE, related_name="listings")
    shop = models.ForeignKey(Shop, models.CASCADE, to_field="name", related_name="listings")
    price = models.BigIntegerField()

    class Meta(Model.Meta):
        abstract = False
        db_table = "press_listing"
        ordering = ["id"]
