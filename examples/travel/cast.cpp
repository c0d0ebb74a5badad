#include "cast.hpp"

#include "models.hpp"

namespace travel {

void fill_cast(const kith::Database& db) {
    db.create_tables<Province, City, Person, Author, Book>();

    const auto provinces = db.objects<Province>();
    const auto hubei = provinces.create({.name = "Hubei Province"});
    const auto guangdong = provinces.create({.name = "Guangdong Province"});

    const auto cities = db.objects<City>();
    const auto wuhan = cities.create({.name = "Wuhan City", .province = hubei});
    const auto guangzhou = cities.create({.name = "Guangzhou City", .province = guangdong});
    const auto shiyan = cities.create({.name = "Shiyan City", .province = hubei});

    const auto people = db.objects<Person>();
    const auto zhang_san = people.create(
        {.firstname = "San", .lastname = "Zhang", .hometown = shiyan, .living = wuhan});
    const auto li_si = people.create(
        {.firstname = "Si", .lastname = "Li", .hometown = guangzhou, .living = guangzhou});
    const auto wang_wu = people.create(
        {.firstname = "Wu", .lastname = "Wang", .hometown = wuhan, .living = shiyan});
    const auto zhang_liu = people.create(
        {.firstname = "Liu", .lastname = "Zhang", .hometown = guangzhou, .living = guangzhou});

    zhang_san->visitation.add(wuhan, guangzhou, shiyan);
    li_si->visitation.add(wuhan);
    wang_wu->visitation.add(guangzhou, shiyan);
    zhang_liu->visitation.add(guangzhou);
}

void fill_first_shelf(const kith::Database& db) {
    const auto anik = db.objects<Author>().create({.name = "Anik"});
    db.objects<Book>().create({.title = "Python Basics", .author = anik});
    db.objects<Book>().create({.title = "Advanced Django", .author = anik});
}

void fill_second_shelf(const kith::Database& db) {
    db.objects<Author>()
        .remove(); // and their books with them: a ForeignKey cascades unless told otherwise

    const auto write = [&](const char* author, const char* title) {
        db.objects<Book>().create(
            {.title = title, .author = db.objects<Author>().create({.name = author})});
    };
    write("Anik", "Python Mastery");
    write("Mahmud", "Django for Professionals");
    write("Sadia", "Machine Learning Simplified");
}

} // namespace travel
