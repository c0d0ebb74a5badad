// The protocol of the benchmark: time, memory, statements, and the line of JSON.

import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export const peopleCreated = 100_000;
export const peopleBefore = 100_000; // the checksum of W9 is over those with an id above
export const chunk = 2_000;
export const smallWarmup = 50;
export const smallLoads = 2_000;
export const smallChecked = 300;

/** The first id of the ten people of the i-th small load, where there are `people` people. */
export function smallFirst(i, people) {
  return 10 * ((i * 37) % Math.min(9000, Math.floor((people * 9) / 100))) + 1;
}

/** Drizzle tells its logger of each statement. */
export const statementCounter = {
  statements: 0,
  logQuery() {
    this.statements += 1;
  },
};

/** The database itself, or for W9 a copy to write to: beside it, so on the same file system, and removed at exit. */
export function databaseFor(workload, database) {
  if (workload !== 'W9') return database;
  const copy = `${database}.copy-${process.pid}`;
  copyFileSync(database, copy);
  process.on('exit', () => rmSync(copy, { force: true }));
  return copy;
}

/** Now, in seconds. */
export const now = () => performance.now() / 1000;

/** Runs `work`, and gives what it gave and what it cost. */
export async function measure(work) {
  const statementsBefore = statementCounter.statements;
  const idleKb = memoryKb('VmRSS');
  resetPeak();
  const start = now();
  const result = await work();
  const seconds = now() - start;
  const peakKb = memoryKb('VmHWM');
  return [result, { seconds, statements: statementCounter.statements - statementsBefore, peakKb, idleKb }];
}

export function report(workload, cost, rows, checksum) {
  console.log(
    JSON.stringify({
      workload,
      seconds: cost.seconds,
      statements: cost.statements,
      rows,
      checksum: String(checksum),
      peak_kb: cost.peakKb,
      idle_kb: cost.idleKb,
    }),
  );
}

export function reportSkipped(workload, reason) {
  console.log(JSON.stringify({ workload, skipped: reason }));
}

function memoryKb(field) {
  return Number(readFileSync('/proc/self/status', 'latin1').match(new RegExp(`^${field}:\\s+(\\d+)`, 'm'))[1]);
}

function resetPeak() {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // The peak then includes the start of the program.
  }
}
