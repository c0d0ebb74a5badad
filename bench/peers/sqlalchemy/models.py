from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


visits = Table(
    "person_visitation",
    Base.metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("city_id", ForeignKey("city.id"), primary_key=True),
)


class Province(Base):
    __tablename__ = "province"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    city_set: Mapped[list["City"]] = relationship(back_populates="province")


class City(Base):
    __tablename__ = "city"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"))
    province: Mapped[Province] = relationship(back_populates="city_set")


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    firstname: Mapped[str]
    lastname: Mapped[str]
    hometown_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"))
    living_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"))
    hometown: Mapped[City | None] = relationship(foreign_keys=hometown_id)
    living: Mapped[City | None] = relationship(foreign_keys=living_id)
    visitation: Mapped[list[City]] = relationship(secondary=visits)
