// The workloads of the benchmark in Drizzle, with its driver better-sqlite3.

import Database from 'better-sqlite3';
import { between, eq, gt, sum } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';

import { chunk, databaseFor, measure, now, peopleBefore, peopleCreated, report, reportSkipped } from './protocol.js';
import { smallChecked, smallFirst, smallLoads, smallWarmup, statementCounter } from './protocol.js';
import * as schema from './schema.js';
import { walkCities, walkHometowns, walkJoined, walkPlain, walkVisitedProvinces, walkVisits } from './walks.js';

const { cities, people, provinces } = schema;
const [workload, database] = process.argv.slice(2);
const client = new Database(databaseFor(workload, database));
const db = drizzle({ client, schema, logger: statementCounter });

async function load(query, walk) {
  const [rows, cost] = await measure(() => query);
  report(workload, cost, rows.length, walk(rows));
}

// Drizzle streams no relations: each chunk is a query from where the last one ended.
async function stream() {
  const [[rows, total], cost] = await measure(async () => {
    let rows = 0;
    let total = 0;
    for (let last = 0; ; ) {
      const some = await db.query.people.findMany({
        where: gt(people.id, last),
        orderBy: people.id,
        limit: chunk,
        with: { visitation: { with: { city: true } } },
      });
      if (some.length === 0) return [rows, total];
      rows += some.length;
      total += walkVisits(some);
      last = some.at(-1).id;
    }
  });
  report(workload, cost, rows, total);
}

async function loadSmall() {
  const count = await db.$count(people);
  const tenPeople = (i) => {
    const first = smallFirst(i, count);
    return db.query.people.findMany({
      where: between(people.id, first, first + 9),
      orderBy: people.id,
      with: { visitation: { with: { city: { with: { province: true } } } } },
    });
  };
  for (let i = 0; i < smallWarmup; i += 1) await tenPeople(i);

  let rows = 0;
  let total = 0;
  let seconds = 0;
  const [, cost] = await measure(async () => {
    for (let i = 0; i < smallLoads; i += 1) {
      const start = now();
      const loaded = await tenPeople(i);
      seconds += now() - start;
      rows += loaded.length;
      if (i < smallChecked) total += walkVisitedProvinces(loaded);
    }
  });
  const statements = cost.statements / smallLoads;
  report(workload, { ...cost, seconds: seconds / smallLoads, statements }, rows, total);
}

async function create() {
  const created = Array.from({ length: peopleCreated }, (_, i) => ({
    firstname: `First${i}`,
    lastname: `Last${i}`,
    hometownId: 1 + ((i * 7919) % 20000),
  }));
  const [, cost] = await measure(() =>
    db.transaction((transaction) => {
      for (let i = 0; i < created.length; i += 100) {
        transaction.insert(people).values(created.slice(i, i + 100)).run();
      }
    }),
  );
  const [{ total }] = await db
    .select({ total: sum(people.hometownId) })
    .from(people)
    .where(gt(people.id, peopleBefore));
  report(workload, cost, created.length, total);
}

const workloads = {
  W1: () => load(db.query.people.findMany({ with: { hometown: true } }), walkHometowns),
  W2: () => load(db.query.provinces.findMany({ with: { citySet: true } }), walkCities),
  W3: () => load(db.query.people.findMany({ with: { visitation: { with: { city: true } } } }), walkVisits),
  W4: () =>
    load(
      db.query.people.findMany({ with: { visitation: { with: { city: { with: { province: true } } } } } }),
      walkVisitedProvinces,
    ),
  W5: stream,
  W6: () =>
    load(
      db
        .select()
        .from(people)
        .leftJoin(cities, eq(people.hometownId, cities.id))
        .leftJoin(provinces, eq(cities.provinceId, provinces.id)),
      walkJoined,
    ),
  W7: () => load(db.select().from(people), walkPlain),
  W8: loadSmall,
  W9: create,
};

const run = workloads[workload] ?? (() => reportSkipped(workload, 'not written for this peer'));
await run();
