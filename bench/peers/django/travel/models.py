from django.db import models


class Province(models.Model):
    name = models.TextField()

    class Meta:
        db_table = "province"


class City(models.Model):
    name = models.TextField()
    province = models.ForeignKey(Province, models.CASCADE)

    class Meta:
        db_table = "city"


class Person(models.Model):
    firstname = models.TextField()
    lastname = models.TextField()
    hometown = models.ForeignKey(City, models.CASCADE, null=True, related_name="natives")
    living = models.ForeignKey(City, models.CASCADE, null=True, related_name="inhabitants")
    visitation = models.ManyToManyField(City, related_name="visitors", db_table="person_visitation")

    class Meta:
        db_table = "person"
