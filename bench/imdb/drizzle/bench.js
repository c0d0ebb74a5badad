// The queries of the benchmark in Drizzle.

import { desc, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

import { ofMoviePage, ofPersonPage, ofUserPage, run } from './protocol.js';
import * as schema from './schema.js';

const { movies, persons, users } = schema;

async function connect(server, connections) {
  const pool = new pg.Pool({ ...server, max: connections, ssl: false, idleTimeoutMillis: 0 });
  return { pool, db: drizzle(pool, { schema }) };
}

const person = { columns: { bio: false } };
const avgRating = (movie) => ({
  avgRating: sql`(SELECT avg(r.rating)::float8 FROM reviews r WHERE r.movie_id = ${movie.id})`.as('avg_rating'),
});
const movie = { columns: { description: false }, extras: avgRating };

const people = {
  columns: { id: true },
  with: { person },
  orderBy: (links) => [links.listOrder, sql`(SELECT p.last_name FROM persons p WHERE p.id = ${links.personId})`],
};

const moviesOf = {
  columns: {},
  with: { movie },
  orderBy: (links) => [
    sql`(SELECT m.year FROM movies m WHERE m.id = ${links.movieId})`,
    sql`(SELECT m.title FROM movies m WHERE m.id = ${links.movieId})`,
  ],
};

function getMovie({ db }) {
  const query = db.query.movies
    .findFirst({
      extras: avgRating,
      with: {
        directors: people,
        cast: people,
        reviews: { with: { author: true }, orderBy: (review) => desc(review.creationTime) },
      },
      where: eq(movies.id, sql.placeholder('id')),
    })
    .prepare('get_movie');
  return (id) => query.execute({ id });
}

function getUser({ db }) {
  const query = db.query.users
    .findFirst({
      with: { reviews: { with: { movie }, orderBy: (review) => desc(review.creationTime), limit: 10 } },
      where: eq(users.id, sql.placeholder('id')),
    })
    .prepare('get_user');
  return (id) => query.execute({ id });
}

function getPerson({ db }) {
  const query = db.query.persons
    .findFirst({
      with: { actedIn: moviesOf, directed: moviesOf },
      where: eq(persons.id, sql.placeholder('id')),
    })
    .prepare('get_person');
  return async (id) => {
    const found = await query.execute({ id });
    const moviesIn = (links) => links.map((link) => link.movie);
    return { ...found, actedIn: moviesIn(found.actedIn), directed: moviesIn(found.directed) };
  };
}

await run(
  {
    get_movie: { load: getMovie, sum: ofMoviePage },
    get_user: { load: getUser, sum: ofUserPage },
    get_person: { load: getPerson, sum: ofPersonPage },
  },
  connect,
  ({ pool }) => pool.end(),
);
