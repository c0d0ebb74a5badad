// The queries of the benchmark in Prisma. It has no average of related rows: a second query computes them.

import { PrismaPg } from '@prisma/adapter-pg';

import prismaClient from './client/index.js';
import { ofMoviePage, ofPersonPage, ofUserPage, run } from './protocol.js';

async function connect(server, connections) {
  const client = new prismaClient.PrismaClient({
    adapter: new PrismaPg({ ...server, max: connections, ssl: false, idleTimeoutMillis: 0 }),
  });
  await client.$connect();
  return client;
}

const people = {
  include: { person: { omit: { bio: true } } },
  orderBy: [{ listOrder: 'asc' }, { person: { lastName: 'asc' } }],
};
const movie = { omit: { description: true } };
const moviesOf = { include: { movie }, orderBy: [{ movie: { year: 'asc' } }, { movie: { title: 'asc' } }] };

/** Adds avgRating to the movies. */
async function withAverages(client, movies) {
  const groups = await client.review.groupBy({
    by: ['movieId'],
    where: { movieId: { in: movies.map(({ id }) => id) } },
    _avg: { rating: true },
  });
  const averages = new Map(groups.map((group) => [group.movieId, group._avg.rating]));
  for (const each of movies) each.avgRating = averages.get(each.id) ?? null;
}

const getMovie = (client) => async (id) => {
  const [found, { _avg }] = await Promise.all([
    client.movie.findUniqueOrThrow({
      relationLoadStrategy: 'join',
      where: { id },
      include: {
        directors: people,
        cast: people,
        reviews: { include: { author: true }, orderBy: { creationTime: 'desc' } },
      },
    }),
    client.review.aggregate({ where: { movieId: id }, _avg: { rating: true } }),
  ]);
  found.avgRating = _avg.rating;
  return found;
};

const getUser = (client) => async (id) => {
  const found = await client.user.findUniqueOrThrow({
    relationLoadStrategy: 'join',
    where: { id },
    include: { reviews: { include: { movie }, orderBy: { creationTime: 'desc' }, take: 10 } },
  });
  await withAverages(client, found.reviews.map((review) => review.movie));
  return found;
};

const getPerson = (client) => async (id) => {
  const found = await client.person.findUniqueOrThrow({
    relationLoadStrategy: 'join',
    where: { id },
    include: { actedIn: moviesOf, directed: moviesOf },
  });
  const actedIn = found.actedIn.map((link) => link.movie);
  const directed = found.directed.map((link) => link.movie);
  await withAverages(client, [...actedIn, ...directed]);
  return { ...found, actedIn, directed };
};

await run(
  {
    get_movie: { load: getMovie, sum: ofMoviePage },
    get_user: { load: getUser, sum: ofUserPage },
    get_person: { load: getPerson, sum: ofPersonPage },
  },
  connect,
  (client) => client.$disconnect(),
);
