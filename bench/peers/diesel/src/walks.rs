//! The walks, which prove that everything was loaded.

use crate::loads::*;
use crate::models::Person;

fn len(text: &str) -> i64 {
    text.len() as i64
}

pub fn hometowns(people: &[Native]) -> i64 {
    let town = |(_, hometown): &Native| hometown.as_ref().map_or(0, |city| city.id * 5 + len(&city.name));
    people
        .iter()
        .map(|native| native.0.id * 3 + len(&native.0.firstname) * 7 + town(native))
        .sum()
}

pub fn cities(provinces: &[ProvinceWithCities]) -> i64 {
    let pairs = provinces
        .iter()
        .flat_map(|(province, cities)| cities.iter().map(move |city| (province, city)));
    pairs
        .map(|(province, city)| province.id * 3 + city.id * 5 + len(&city.name))
        .sum()
}

pub fn visits(people: &[Traveller]) -> i64 {
    let pairs = people
        .iter()
        .flat_map(|(person, cities)| cities.iter().map(move |city| (person, city)));
    pairs
        .map(|(person, city)| person.id + city.id * 5 + len(&city.name))
        .sum()
}

pub fn visited_provinces(people: &[TravellerWithProvinces]) -> i64 {
    let visits = people
        .iter()
        .flat_map(|(person, cities)| cities.iter().map(move |visit| (person, visit)));
    visits
        .map(|(person, (city, province))| person.id + city.id * 5 + province.id * 7 + len(&province.name))
        .sum()
}

pub fn joined(people: &[Joined]) -> i64 {
    people
        .iter()
        .map(|(person, hometown, province)| {
            let town = hometown.as_ref().map_or(0, |city| city.id * 5 + len(&city.name));
            let province = province
                .as_ref()
                .map_or(0, |province| province.id * 7 + len(&province.name));
            person.id * 3 + town + province
        })
        .sum()
}

pub fn plain(people: &[Person]) -> i64 {
    people
        .iter()
        .map(|person| person.id * 3 + len(&person.firstname) + len(&person.lastname) * 7)
        .sum()
}
