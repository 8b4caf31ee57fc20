import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unknownOrigin } from '@cerberusmesh/contract/origin';
import type { RawLine } from '@cerberusmesh/contract/raw-line';
import { startSession } from '../engine/src/assess/assess.ts';
import { addTalliesEveryMs } from '../engine/src/compose/add-tallies.ts';
import { composePipeline } from '../engine/src/compose/compose-pipeline.ts';
import { loadShippedModels } from '../engine/src/compose/learning/current-models.ts';
import { systemClock } from '../engine/src/kit/clock.ts';
import type { Pipeline } from '../engine/src/pipeline.ts';
import { type Database, openDatabase } from '../engine/src/store/database.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { migrate } from '../engine/src/store/migrate.ts';
import { addAllTallies } from '../engine/src/store/tallies.ts';
import { makeLines } from './make-lines.ts';
import { type Percentiles, percentiles } from './percentiles.ts';
import { serverCpuSeconds } from './server-cpu.ts';

/** Lines of a batch as a log brings them at about 500 and at 2,000 lines a second. */
const sizes = [3, 40] as const;
const linesPerTurn = 2400;
const turns = 10;

interface Way {
  readonly pipeline: Pipeline;
  /** What is done besides, ten times a second and at the end of a turn. */
  readonly beside: () => Promise<void>;
  readonly batchMs: number[];
  engineMicros: number;
  serverMicros: number;
}

/**
 * `npm run bench -- batch`: what a live batch costs that is alone, with what it adds to attackers and rollups written at once
 * or left as a tally, which is added ten times a second. Both ways in turns, on one database, so that a noisy neighbour meets
 * both. Nothing is decided, and nobody else works on the database.
 */
export async function benchBatch(): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  const database = openDatabase({ url: server.url, applicationName: 'bench' });
  try {
    await migrate(database);
    const results: object[] = [];
    for (const [seed, size] of sizes.entries()) results.push(await measure(database, server.url, size, seed + 1));
    return { bench: 'batch', results };
  } finally {
    await database.close();
    await server.release();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(database: Database, url: string, size: number, seed: number): Promise<object> {
  const addAll = () => addAllTallies(database);
  const atOnce = makeWay(database, undefined, () => Promise.resolve());
  const tallied = makeWay(database, { left: () => undefined, addAll }, addAll);
  // The first turn of each compiles and plans.
  const lines = makeLines(linesPerTurn * 2 * (turns + 1), seed, Date.now());
  for (let turn = 0; turn <= turns; turn++) {
    for (const way of [atOnce, tallied]) {
      if (turn === 1) forget(way);
      await takeTurn(way, url, lines, size);
    }
  }
  return { linesPerBatch: size, atOnce: tell(atOnce), tallied: tell(tallied) };
}

function makeWay(
  database: Database,
  tallying: Parameters<typeof composePipeline>[0]['tallying'],
  beside: () => Promise<void>,
): Way {
  const pipeline = composePipeline({
    ...{ database, clock: systemClock, timeZone: 'UTC', startSession, isProbe: () => false },
    ...{ assess: loadShippedModels().assess, locate: () => unknownOrigin },
    ...(tallying === undefined ? {} : { tallying }),
    assessFailed: (_event, error) => {
      throw error;
    },
  });
  return { pipeline, beside, batchMs: [], engineMicros: 0, serverMicros: 0 };
}

function forget(way: Way): void {
  way.batchMs.length = 0;
  way.engineMicros = 0;
  way.serverMicros = 0;
}

async function takeTurn(way: Way, url: string, lines: Iterator<string>, size: number): Promise<void> {
  const serverBefore = await serverCpuSeconds(url);
  const engineBefore = process.cpuUsage();
  let besideAt = performance.now() + addTalliesEveryMs;
  let beside: Promise<void> | undefined;
  for (let n = 0; n < linesPerTurn / size; n++) {
    const batch = takeLines(lines, size);
    const started = performance.now();
    const readBytes = batch.reduce((sum, { coveredBytes }) => sum + coveredBytes, 0);
    await way.pipeline.onLines({ sourceId: 'bench', lines: batch, position: { n }, readBytes }, source);
    way.batchMs.push(performance.now() - started);
    if (performance.now() < besideAt) continue;
    await beside;
    beside = way.beside();
    besideAt = performance.now() + addTalliesEveryMs;
  }
  await beside;
  await way.beside();
  const { user, system } = process.cpuUsage(engineBefore);
  way.engineMicros += user + system;
  way.serverMicros += ((await serverCpuSeconds(url)) - serverBefore) * 1e6;
}

const source = { sourceId: 'bench', kind: 'cowrie log', place: 'bench' };

function takeLines(lines: Iterator<string>, size: number): RawLine[] {
  return Array.from({ length: size }, () => {
    const text: string = lines.next().value ?? '';
    return { text, coveredBytes: text.length + 1 };
  });
}

function tell({ batchMs, engineMicros, serverMicros }: Way): {
  batchMs: Percentiles;
  engineMicrosPerBatch: number;
  serverMicrosPerBatch: number;
} {
  return {
    batchMs: percentiles(batchMs),
    engineMicrosPerBatch: Math.round(engineMicros / batchMs.length),
    serverMicrosPerBatch: Math.round(serverMicros / batchMs.length),
  };
}
