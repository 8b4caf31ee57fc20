import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chown, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import pg from 'pg';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { binariesIn, findBinaries, type PostgresBinaries } from './binaries.ts';
import { choosePlace, isAlive, type ServerPlace, serverUser } from './place.ts';

const userName = 'cerberus';
const startDeadlineMs = 60_000;

/** How to reach the running server; kept beside it (mode 0600) for the other `cerberus` processes of this data folder. */
const Connection = z.object({ port: z.number().int(), password: z.string() });
type Connection = z.infer<typeof Connection>;

export interface EmbeddedPostgres {
  readonly url: string;
  readonly notice?: string;
  /**
   * Starts the server again, at the same address, where it ended without being asked to: killed for want of memory, or
   * stopped by a full disk. @returns whether it had ended. @throws CerberusError DATABASE_AWAY where it does not come up.
   */
  revive(): Promise<boolean>;
  /** Stops the server, unless another process is still connected to it: the last one out closes the door. */
  release(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  /** More `postgresql.conf` settings; tests switch fsync off. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called once a process of its own works at it: from there on the caller's may be busy with something else. */
  readonly onSpawned?: () => void;
}

/**
 * Starts the embedded PostgreSQL 18 of this data folder, or joins the one that runs there already (another process, or
 * one that outlived a kill -9).
 * @throws CerberusError DATABASE_AWAY where it does not come up; its log is named.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const place = await choosePlace(options.dataDir, await findBinaries());
  const url = await withStartLock(options, async () => {
    const connection = await readConnection(options.dataDir);
    if (connection && (await isRunning(place))) return urlOf(connection);
    return urlOf(await start(place, options));
  });
  return {
    url,
    ...(place.notice === undefined ? {} : { notice: place.notice }),
    revive: async () => {
      if (await isRunning(place)) return false;
      return await withStartLock(options, async () => {
        if (await isRunning(place)) return false;
        await start(place, options);
        return true;
      });
    },
    release: () => withStartLock(options, () => stopIfLast(place, url, options.clock)),
  };
}

/** The address of the embedded server of this data folder; undefined where none runs. Starts nothing, changes nothing. */
export async function findRunningPostgres(dataDir: string): Promise<string | undefined> {
  const connection = await readConnection(dataDir);
  return connection && (await answers(urlOf(connection))) ? urlOf(connection) : undefined;
}

async function start(place: ServerPlace, options: EmbeddedOptions): Promise<Connection> {
  const binaries = binariesIn(place.native);
  const known = await readConnection(options.dataDir);
  const password = known?.password ?? randomBytes(24).toString('base64url');
  if (!(await exists(join(place.cluster, 'PG_VERSION')))) await makeCluster(binaries, place, password);
  const connection = { port: await choosePort(known?.port), password };
  await writeFile(connectionFile(options.dataDir), JSON.stringify(connection), { mode: 0o600 });
  const log = join(place.cluster, 'server.log');
  const server = spawnServer(binaries, place.cluster, log, {
    ...defaults,
    ...options.settings,
    port: `${connection.port}`,
  });
  options.onSpawned?.();
  try {
    await untilReady(server, urlOf(connection), log, options.clock);
  } finally {
    // It must outlive us where another process still uses it, and must not hold our event loop: one that is still
    // replaying its log would keep a start that gave up from ending, and who restarts us from doing so. The next start joins it.
    server.unref();
  }
  return connection;
}

/**
 * A sixteenth of the memory, at least PostgreSQL's own default. Events go to random places of two of their indexes, which
 * outgrow 128 MB at about a million events a month; from there on each event would cost reads and writes of pages.
 */
function sharedBuffersMegabytes(): number {
  const limit = process.constrainedMemory();
  const bytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(256, Math.max(128, Math.floor(bytes / 16 / 2 ** 20)));
}

/** Small and durable; the write-ahead log is given room, because bulk loads would otherwise checkpoint all the time. */
const defaults: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '50',
  shared_buffers: `${sharedBuffersMegabytes()}MB`,
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // An attacker's text may be in a statement's parameters: not into the server's log.
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
};

async function makeCluster(binaries: PostgresBinaries, place: ServerPlace, password: string): Promise<void> {
  await rm(place.cluster, { recursive: true, force: true });
  await mkdir(place.cluster, { mode: 0o700 });
  if (serverUser) await chown(place.cluster, serverUser.uid, serverUser.gid);
  // Not by standard input: Node's pipes are sockets, and initdb cannot open /dev/stdin on one.
  const passwordFile = `${place.cluster}.password`;
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (serverUser) await chown(passwordFile, serverUser.uid, serverUser.gid);
  try {
    await runInitdb(binaries, place.cluster, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function runInitdb(binaries: PostgresBinaries, cluster: string, passwordFile: string): Promise<void> {
  const options = ['-U', userName, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C'];
  // Until a checkpoint leaves old segments of the log to write on, each new one is filled with zeros by whoever commits,
  // while all wait: 31 to 125 ms for the 16 MB that are usual, 8 to 13 for 4.
  options.push('--wal-segsize=4');
  const stdio: StdioOptions = ['ignore', 'ignore', 'pipe'];
  const initdb = spawn(binaries.initdb, ['-D', cluster, ...options], {
    ...serverUser,
    cwd: '/',
    stdio,
    env: { LC_ALL: 'C' },
  });
  let said = '';
  initdb.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2000);
  });
  const [code] = await once(initdb, 'close');
  if (code !== 0) throw new CerberusError('DATABASE_AWAY', `initdb could not make ${cluster}: ${said.trim()}`);
}

function spawnServer(
  binaries: PostgresBinaries,
  cluster: string,
  log: string,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const out = openSync(log, 'a');
  try {
    // A process group of its own: Ctrl-C in the terminal must reach us, not the database that we still write to.
    return spawn(
      binaries.postgres,
      ['-D', cluster, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
      {
        ...serverUser,
        cwd: '/',
        detached: true,
        stdio: ['ignore', out, out],
        env: { LC_ALL: 'C' },
      },
    );
  } finally {
    closeSync(out);
  }
}

async function untilReady(server: ChildProcess, url: string, log: string, clock: Clock): Promise<void> {
  const deadline = clock.now().getTime() + startDeadlineMs;
  while (clock.now().getTime() < deadline && server.exitCode === null) {
    if (await answers(url)) return;
    await clock.sleep(25);
  }
  const tail = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-3).join(' | ');
  throw new CerberusError('DATABASE_AWAY', `The embedded PostgreSQL did not come up; its log ${log} ends: ${tail}`);
}

async function stopIfLast(place: ServerPlace, url: string, clock: Clock): Promise<void> {
  if ((await countOthers(url)) > 0) return;
  const pidFile = join(place.cluster, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!(pid > 0)) return;
  process.kill(pid, 'SIGINT');
  const deadline = clock.now().getTime() + startDeadlineMs;
  while ((await exists(pidFile)) && clock.now().getTime() < deadline) await clock.sleep(20);
}

async function countOthers(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return rows[0]?.others ?? 0;
  } catch {
    return 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function answers(url: string): Promise<boolean> {
  // Where nobody listens, or it is not ready, that is said at once; on a busy machine a sign-in was seen to take over 2 s.
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function isRunning(place: ServerPlace): Promise<boolean> {
  return await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').then(isAlive, () => false);
}

/** Start and stop are told apart between processes by a file that only one can make; a dead maker's file is removed. */
async function withStartLock<T>({ dataDir, clock }: EmbeddedOptions, work: () => Promise<T>): Promise<T> {
  const file = join(dataDir, 'postgres.lock');
  const deadline = clock.now().getTime() + startDeadlineMs;
  for (;;) {
    const handle = await open(file, 'wx', 0o600).catch(() => undefined);
    if (handle) {
      await handle.writeFile(`${process.pid}\n`);
      await handle.close();
      break;
    }
    const holder = await readFile(file, 'utf8').catch(() => '');
    // An empty file may be one that is just being written: give its maker the time of a few rounds.
    if (holder !== '' && !isAlive(holder)) await rm(file, { force: true });
    if (clock.now().getTime() > deadline) {
      throw new CerberusError(
        'DATABASE_AWAY',
        `Another process holds ${file} (pid ${holder.trim()}); stop it or remove the file.`,
      );
    }
    await clock.sleep(50);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** The same as before if it is free: processes that were connected look for the server there. */
async function choosePort(before: number | undefined): Promise<number> {
  if (before === undefined) return await findFreePort(0);
  return await findFreePort(before).catch(() => findFreePort(0));
}

async function findFreePort(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has no port');
  return address.port;
}

async function readConnection(dataDir: string): Promise<Connection | undefined> {
  const text = await readFile(connectionFile(dataDir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return Connection.parse(JSON.parse(text));
}

function connectionFile(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}

function urlOf({ port, password }: Connection): string {
  return `postgresql://${userName}:${password}@127.0.0.1:${port}/postgres`;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
