use diesel::prelude::*;

diesel::table! {
    province (id) {
        id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    city (id) {
        id -> BigInt,
        name -> Text,
        province_id -> BigInt,
    }
}

diesel::table! {
    person (id) {
        id -> BigInt,
        firstname -> Text,
        lastname -> Text,
        hometown_id -> Nullable<BigInt>,
        living_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    person_visitation (person_id, city_id) {
        person_id -> BigInt,
        city_id -> BigInt,
    }
}

diesel::joinable!(city -> province (province_id));
diesel::joinable!(person -> city (hometown_id));
diesel::joinable!(person_visitation -> person (person_id));
diesel::joinable!(person_visitation -> city (city_id));
diesel::allow_tables_to_appear_in_same_query!(province, city, person, person_visitation);

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = province)]
pub struct Province {
    pub id: i64,
    pub name: String,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = city, belongs_to(Province))]
pub struct City {
    pub id: i64,
    pub name: String,
    pub province_id: i64,
}

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = person)]
pub struct Person {
    pub id: i64,
    pub firstname: String,
    pub lastname: String,
    pub hometown_id: Option<i64>,
    #[allow(dead_code)] // loaded, as by every other variant, though no walk looks at it
    pub living_id: Option<i64>,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = person_visitation, primary_key(person_id, city_id))]
#[diesel(belongs_to(Person), belongs_to(City))]
pub struct Visit {
    pub person_id: i64,
    pub city_id: i64,
}

#[derive(Insertable)]
#[diesel(table_name = person, treat_none_as_default_value = false)]
pub struct NewPerson {
    pub firstname: String,
    pub lastname: String,
    pub hometown_id: Option<i64>,
    pub living_id: Option<i64>,
}
