//! The loads, written as Diesel's guide to relations does.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use diesel::prelude::*;

use crate::models::*;

// Diesel's models have no members for what they are related to: pairs hold both. What several rows refer to is shared.
pub type Native = (Person, Option<Rc<City>>);
pub type ProvinceWithCities = (Province, Vec<City>);
pub type Traveller = (Person, Vec<City>);
pub type CityWithProvince = (City, Rc<Province>);
pub type TravellerWithProvinces = (Person, Vec<CityWithProvince>);
pub type Joined = (Person, Option<City>, Option<Province>);

type Loaded<T> = QueryResult<Vec<T>>;

pub fn people(connection: &mut SqliteConnection) -> Loaded<Person> {
    person::table.select(Person::as_select()).load(connection)
}

pub fn people_from(first: i64, limit: i64, connection: &mut SqliteConnection) -> Loaded<Person> {
    person::table
        .filter(person::id.ge(first))
        .order(person::id)
        .limit(limit)
        .select(Person::as_select())
        .load(connection)
}

pub fn people_between(first: i64, last: i64, connection: &mut SqliteConnection) -> Loaded<Person> {
    person::table
        .filter(person::id.between(first, last))
        .order(person::id)
        .select(Person::as_select())
        .load(connection)
}

/// belonging_to() goes from parents to children only; the other way is a query by the ids.
pub fn with_hometown(people: Vec<Person>, connection: &mut SqliteConnection) -> Loaded<Native> {
    let ids: HashSet<i64> = people.iter().filter_map(|person| person.hometown_id).collect();
    let cities = city::table
        .filter(city::id.eq_any(ids))
        .select(City::as_select())
        .load(connection)?;
    let by_id: HashMap<i64, Rc<City>> = cities.into_iter().map(|city| (city.id, Rc::new(city))).collect();
    let hometown = |person: &Person| by_id.get(&person.hometown_id?).cloned();
    Ok(people
        .into_iter()
        .map(|person| {
            let town = hometown(&person);
            (person, town)
        })
        .collect())
}

pub fn provinces_with_cities(connection: &mut SqliteConnection) -> Loaded<ProvinceWithCities> {
    let provinces = province::table.select(Province::as_select()).load(connection)?;
    let cities = City::belonging_to(&provinces)
        .select(City::as_select())
        .load(connection)?;
    Ok(cities
        .grouped_by(&provinces)
        .into_iter()
        .zip(provinces)
        .map(|(cities, province)| (province, cities))
        .collect())
}

pub fn with_visits(people: Vec<Person>, connection: &mut SqliteConnection) -> Loaded<Traveller> {
    let visits: Vec<(Visit, City)> = Visit::belonging_to(&people)
        .inner_join(city::table)
        .select((Visit::as_select(), City::as_select()))
        .load(connection)?;
    Ok(visits
        .grouped_by(&people)
        .into_iter()
        .zip(people)
        .map(|(visits, person)| (person, visits.into_iter().map(|(_, city)| city).collect()))
        .collect())
}

/// Faster than joining the province to each visited city.
pub fn with_visited_provinces(
    people: Vec<Person>,
    connection: &mut SqliteConnection,
) -> Loaded<TravellerWithProvinces> {
    let travellers = with_visits(people, connection)?;
    let visited = travellers.iter().flat_map(|(_, cities)| cities);
    let ids: HashSet<i64> = visited.map(|city| city.province_id).collect();
    let provinces = province::table
        .filter(province::id.eq_any(ids))
        .select(Province::as_select())
        .load(connection)?;
    let by_id: HashMap<i64, Rc<Province>> = provinces
        .into_iter()
        .map(|province| (province.id, Rc::new(province)))
        .collect();
    let with_province = |city: City| {
        let province = by_id[&city.province_id].clone();
        (city, province)
    };
    Ok(travellers
        .into_iter()
        .map(|(person, cities)| (person, cities.into_iter().map(with_province).collect()))
        .collect())
}

pub fn joined(connection: &mut SqliteConnection) -> Loaded<Joined> {
    person::table
        .left_join(city::table.left_join(province::table))
        .select((
            Person::as_select(),
            Option::<City>::as_select(),
            Option::<Province>::as_select(),
        ))
        .load(connection)
}
