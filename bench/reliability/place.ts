import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '../../engine/src/kit/clock.ts';
import { startEmbeddedPostgres } from '../../engine/src/store/embedded/server.ts';
import { type EngineProcess, startProcess } from '../../engine/test/support/engine-process.ts';

/** A folder of its own, a durable PostgreSQL 18 and a fresh database in it. */
export interface Place {
  readonly folder: string;
  readonly log: string;
  readonly databaseUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** Starts `cerberus up` and waits until it is up. */
  up(more?: Readonly<Record<string, string>>): Promise<EngineProcess>;
}

/** A place with a PostgreSQL of its own, both gone afterwards, whatever `work` does. */
export async function withPlace<T>(work: (place: Place) => Promise<T>): Promise<T> {
  return await withFolder(async (folder) => {
    const server = await startEmbeddedPostgres({ dataDir: join(folder, 'server'), clock: systemClock });
    try {
      return await work(await placeOn(server.url, folder));
    } finally {
      await server.release();
    }
  });
}

/** The same on a server of somebody else's. */
export async function placeOn(serverUrl: string, folder: string): Promise<Place> {
  const name = `reliability_${randomBytes(4).toString('hex')}`;
  await ask(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const databaseUrl = url.toString();
  return placeAt(folder, databaseUrl, { DATABASE_URL: databaseUrl });
}

/** `more` without DATABASE_URL: the engine starts its own. */
export function placeAt(folder: string, databaseUrl: string, more: Readonly<Record<string, string>>): Place {
  const log = join(folder, 'cowrie.json');
  const env = { CERBERUS_DATA_DIR: join(folder, 'state'), COWRIE_LOG_PATH: log, PORT: '0', ...more };
  return { folder, log, databaseUrl, env, up: (further = {}) => startUp({ ...env, ...further }) };
}

/** `cerberus up`, once it says that it is up. */
export async function startUp(env: Readonly<Record<string, string>>): Promise<EngineProcess> {
  const up = start(['up'], env);
  await up.untilSaid(/is up/);
  return up;
}

const started = new Set<EngineProcess>();

/** A `cerberus` of any role, which `endAll` ends where the scenario did not come to it. */
export function start(args: readonly string[], env: Readonly<Record<string, string>>): EngineProcess {
  const child = startProcess(args, env);
  started.add(child);
  return child;
}

/** Ends what `start` began and the scenario did not. */
export async function endAll(): Promise<void> {
  await Promise.all([...started].map((child) => child.kill('SIGTERM')));
  started.clear();
}

/** A folder with a `state` folder in it; afterwards it is gone, and so is all that was started. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cerberus-reliability-'));
  // PostgreSQL runs as another user where root runs this, and has to pass through.
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'state'));
  try {
    return await work(folder);
  } finally {
    await endAll();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One row's first column, over a connection of its own. */
export async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query(text);
    return rows.length === 0 ? undefined : Object.values(rows[0])[0];
  } finally {
    await client.end();
  }
}

/** The number that a query gives as its only value. */
export async function count(url: string, text: string): Promise<number> {
  return Number(await ask(url, text));
}

/** Waits on a condition, not on a time; a condition that throws does not hold yet. @returns whether it came to hold. */
export async function until(condition: () => Promise<boolean>, seconds = 120): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    if (await condition().catch(() => false)) return true;
    await systemClock.sleep(100);
  }
  return false;
}

/** Gives up where nothing more is stored for so long: on a busy machine all of it may take any time. */
export async function untilStored(url: string, expected: number, silentSeconds = 300): Promise<boolean> {
  let last = -1;
  for (;;) {
    const isMore = async () => (await count(url, 'select count(*) from events')) > last;
    if (!(await until(isMore, silentSeconds))) return false;
    last = await count(url, 'select count(*) from events').catch(() => last);
    if (last >= expected) return true;
  }
}
