//! The workloads of the benchmark in Diesel.

mod loads;
mod models;
mod protocol;
mod walks;

use std::error::Error;
use std::time::Instant;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::BigInt;

use models::{person, NewPerson};
use protocol::*;

/// Measures one load, and walks what it gave.
fn load<T>(
    workload: &str,
    connection: &mut SqliteConnection,
    rows: impl FnOnce(&mut SqliteConnection) -> QueryResult<Vec<T>>,
    walk: fn(&[T]) -> i64,
) -> QueryResult<()> {
    let (rows, cost) = measure(|| rows(connection))?;
    cost.report(workload, rows.len(), walk(&rows));
    Ok(())
}

/// W5. Diesel's load_iter() keeps the connection busy, so each chunk is a query from where the last one ended.
fn stream(connection: &mut SqliteConnection) -> QueryResult<()> {
    let ((rows, total), cost) = measure(|| {
        let (mut rows, mut total, mut next) = (0, 0, 1);
        loop {
            let people = loads::people_from(next, CHUNK, connection)?;
            let Some(last) = people.last() else {
                return Ok((rows, total));
            };
            next = last.id + 1;
            let people = loads::with_visits(people, connection)?;
            rows += people.len();
            total += walks::visits(&people);
        }
    })?;
    cost.report("W5", rows, total);
    Ok(())
}

fn load_small(connection: &mut SqliteConnection) -> QueryResult<()> {
    let all = person::table.count().get_result(connection)?;
    let mut ten_people = |i| {
        let first = small_first(i, all);
        let people = loads::people_between(first, first + 9, connection)?;
        loads::with_visited_provinces(people, connection)
    };
    for i in 0..SMALL_WARMUP {
        ten_people(i)?;
    }
    let ((rows, total, seconds), cost) = measure(|| {
        let (mut rows, mut total, mut seconds) = (0, 0, 0.0);
        for i in 0..SMALL_LOADS {
            let start = Instant::now();
            let people = ten_people(i)?;
            seconds += start.elapsed().as_secs_f64();
            rows += people.len();
            if i < SMALL_CHECKED {
                total += walks::visited_provinces(&people);
            }
        }
        Ok((rows, total, seconds))
    })?;
    cost.per_load(SMALL_LOADS, seconds).report("W8", rows, total);
    Ok(())
}

fn create(connection: &mut SqliteConnection) -> QueryResult<()> {
    let people: Vec<NewPerson> = (0..PEOPLE_CREATED)
        .map(|i| NewPerson {
            firstname: format!("First{i}"),
            lastname: format!("Last{i}"),
            hometown_id: Some(1 + i * 7919 % 20000),
            living_id: None,
        })
        .collect();
    let (rows, cost) = measure(|| {
        connection.transaction(|connection| {
            people.chunks(1000).try_fold(0, |rows, some| {
                Ok(rows + diesel::insert_into(person::table).values(some).execute(connection)?)
            })
        })
    })?;
    let created = person::table.filter(person::id.gt(PEOPLE_BEFORE));
    let total = created.select(sql::<BigInt>("SUM(hometown_id)")).first(connection)?;
    cost.report("W9", rows, total);
    Ok(())
}

fn run(workload: &str, db: &mut SqliteConnection) -> QueryResult<()> {
    match workload {
        "W1" => load(
            workload,
            db,
            |db| loads::with_hometown(loads::people(db)?, db),
            walks::hometowns,
        ),
        "W2" => load(workload, db, loads::provinces_with_cities, walks::cities),
        "W3" => load(
            workload,
            db,
            |db| loads::with_visits(loads::people(db)?, db),
            walks::visits,
        ),
        "W4" => load(
            workload,
            db,
            |db| loads::with_visited_provinces(loads::people(db)?, db),
            walks::visited_provinces,
        ),
        "W5" => stream(db),
        "W6" => load(workload, db, loads::joined, walks::joined),
        "W7" => load(workload, db, loads::people, walks::plain),
        "W8" => load_small(db),
        "W9" => create(db),
        _ => {
            print_skipped(workload, "not written for this peer");
            Ok(())
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, workload, database] = arguments.as_slice() else {
        return Err("usage: kith-bench-diesel WORKLOAD DATABASE_FILE".into());
    };
    let copy = if workload == "W9" {
        Some(ScratchCopy::of(database)?)
    } else {
        None
    };
    let path = copy.as_ref().map_or(database, |copy| &copy.path);
    let mut connection = SqliteConnection::establish(path)?;
    count_statements(&mut connection);

    match run(workload, &mut connection) {
        // SQLite refuses what is asked of it, such as too many variables.
        Err(DieselError::DatabaseError(DatabaseErrorKind::Unknown, refusal)) => {
            print_skipped(workload, refusal.message());
            Ok(())
        }
        result => Ok(result?),
    }
}
