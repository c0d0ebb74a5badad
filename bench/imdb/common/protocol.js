// The protocol of the benchmark for the peers written in JavaScript: `run QUERY URL IDS LOADS SECONDS`.

import { readFileSync } from 'node:fs';

const connections = 8;
const warmUp = 25; // loads of each connection before the throughput is measured

/** Where the server is, from a URL with an address, or with the folder of a socket. */
function server(url) {
  const [, user, host, port, database, query] = /^postgresql:\/\/([^@]+)@([^:/]*):?(\d*)\/([^?]+)\?(.*)$/.exec(url);
  const folder = new URLSearchParams(query).get('host');
  return { user, host: host || folder, port: Number(port || 5432), database };
}

/**
 * Runs one query. `connect(server, connections)` returns a handle with so many connections, and `disconnect` closes it;
 * `queries` has a `load(handle)` for each name, which returns an async function of an id, and a `sum` of its result.
 */
export async function run(queries, connect, disconnect) {
  const [query, url, idsFile, loadsText, secondsText] = process.argv.slice(2);
  if (!(query in queries)) {
    console.log(JSON.stringify({ query, skipped: 'not written for this peer' }));
    return;
  }
  const ids = readFileSync(idsFile, 'utf8').trim().split('\n').map(Number);
  const loads = Number(loadsText);
  const seconds = Number(secondsText);
  const { load: open, sum } = queries[query];

  const one = await connect(server(url), 1);
  const load = open(one);
  let checksum = 0;
  for (const id of ids) checksum += sum(await load(id));
  const latencies = [];
  const before = process.cpuUsage();
  for (let turn = 0; turn < loads; turn += 1) {
    const began = performance.now();
    await load(ids[turn % ids.length]);
    latencies.push(Math.round((performance.now() - began) * 1e4) / 10);
  }
  const { user, system } = process.cpuUsage(before);
  await disconnect(one);
  const throughput = seconds > 0 ? await measureThroughput(open, ids, seconds) : 0;
  console.log(
    JSON.stringify({
      query,
      checksum: String(checksum),
      cpu_us: (user + system) / Math.max(loads, 1),
      loads_per_second: throughput,
      latencies_us: latencies,
    }),
  );

  async function measureThroughput() {
    const pool = await connect(server(url), connections);
    const loadOfPool = open(pool);
    const worker = async (number, goesOn) => {
      const first = Math.floor((number * ids.length) / connections);
      let count = 0;
      for (; goesOn(count); count += 1) await loadOfPool(ids[(first + count) % ids.length]);
      return count;
    };
    const all = (goesOn) => Promise.all(Array.from({ length: connections }, (_, number) => worker(number, goesOn)));
    await all((count) => count < warmUp);
    const began = performance.now();
    const counts = await all(() => performance.now() - began < seconds * 1000);
    const elapsed = (performance.now() - began) / 1000;
    await disconnect(pool);
    return counts.reduce((total, count) => total + count, 0) / elapsed;
  }
}

// --- Checksums

const length = (text) => Buffer.byteLength(text);
const placed = (sums) => sums.reduce((total, sum, i) => total + (i + 1) * sum, 0);
const thousandths = (average) => (average === null ? 0 : Math.floor(average * 1000 + 1e-6));

export const fullName = ({ firstName, middleName, lastName }) =>
  middleName ? `${firstName} ${middleName} ${lastName}` : `${firstName} ${lastName}`;

const ofPerson = (person) => person.id * 3 + length(fullName(person)) * 5 + length(person.image);
const ofMovie = (movie) => movie.id * 3 + length(movie.image) + length(movie.title) * 5;
const ofReview = (review) => review.id + length(review.body) * 3 + review.rating * 5;

/** `directors` and `cast` are lists of `{ person }`. */
export function ofMoviePage(movie) {
  return (
    ofMovie(movie) +
    movie.year * 7 +
    length(movie.description) * 11 +
    thousandths(movie.avgRating) * 13 +
    placed(movie.directors.map(({ person }) => ofPerson(person))) +
    placed(movie.cast.map(({ person }) => ofPerson(person) * 2)) +
    placed(
      movie.reviews.map(
        (review) =>
          ofReview(review) + review.author.id * 7 + length(review.author.name) * 11 + length(review.author.image) * 13,
      ),
    )
  );
}

export function ofUserPage(user) {
  return (
    user.id * 3 +
    length(user.name) * 5 +
    length(user.image) +
    placed(
      user.reviews.map(
        (review) => ofReview(review) + ofMovie(review.movie) * 7 + thousandths(review.movie.avgRating) * 11,
      ),
    )
  );
}

/** `actedIn` and `directed` are lists of movies. */
export function ofPersonPage(person) {
  return (
    ofPerson(person) +
    length(person.bio) * 7 +
    placed(
      [...person.actedIn, ...person.directed].map(
        (movie) => ofMovie(movie) + movie.year * 7 + thousandths(movie.avgRating) * 11,
      ),
    )
  );
}
