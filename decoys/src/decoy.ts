import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type DecoySettings, decoyLogPath } from '@cerberusmesh/contract/decoy';
import type { Persona } from '@cerberusmesh/contract/persona';
import { createDoor } from './door.ts';
import { createEventLog } from './events/event-log.ts';
import { createFetchBudget } from './fetch/fetch-budget.ts';
import { createGuardedFetch, type Fetch } from './fetch/guarded-fetch.ts';
import { listenHttp } from './http/server.ts';
import { buildImage } from './persona/build-image.ts';
import { openPersona } from './persona/open-persona.ts';
import { createShellPool, type ShellPool } from './shell/pool.ts';
import { hostKeyFiles, openHostKeys } from './ssh/host-keys.ts';
import { listenSsh } from './ssh/server.ts';
import { createUploads, type Uploads } from './ssh/uploads.ts';
import { listenTelnet } from './telnet/server.ts';
import { createFileKeeper } from './world/file-keeper.ts';
import type { WorldKeeper } from './world/world-keeper.ts';
import { createWorldStore, type WorldStore } from './world/world-store.ts';

/** What the protocols of a decoy share. */
export interface Ground {
  readonly settings: DecoySettings;
  readonly persona: Persona;
  readonly pool: ShellPool;
  readonly worlds: WorldStore;
  readonly uploads: Uploads;
  readonly door: ReturnType<typeof createDoor>;
  readonly log: ReturnType<typeof createEventLog>;
  readonly now: () => number;
  /** What a visitor's URL names, where that is allowed; null is what he gets otherwise. */
  readonly fetch: Fetch;
}

export interface Decoy {
  readonly ports: Readonly<Record<'ssh' | 'telnet' | 'http', number | null>>;
  readonly logPath: string;
  readonly ground: Ground;
  readonly close: () => Promise<void>;
}

/** A file is written whole, rows one by one. */
const flushMs = { files: 5_000, engine: 2_000 };
const logBytesMax = 256 * 1024 * 1024;

/**
 * Starts every protocol of one decoy in this process. Its worlds are files in its folder where nobody else keeps them.
 * Throws what `listen` throws where a port is taken.
 */
export async function startDecoy(settings: DecoySettings, worldKeeper?: WorldKeeper): Promise<Decoy> {
  const { folder, limits, sensor, uuid } = settings;
  const persona = openPersona(settings, new Date());
  const logPath = decoyLogPath(folder);
  const log = createEventLog({ path: logPath, sensor, uuid, now: () => new Date(), bytesMax: logBytesMax });
  const keptMs = limits.worldDays * 86_400_000;
  const keys = await openHostKeys(join(folder, 'keys'), persona.ssh.hostKeys);
  const hostKeys = hostKeyFiles(keys, persona.ssh.hostKeys, persona.hostname);
  const worlds: WorldStore = createWorldStore({
    keeper: worldKeeper ?? createFileKeeper({ folder: join(folder, 'worlds'), now: Date.now, keptMs }),
    image: buildImage(persona, Date.now, hostKeys),
    now: Date.now,
    bytesMax: limits.worldBytesMax,
    changed: (key, changes) => pool.patch(key, changes),
    left: (key) => pool.close(key),
  });
  const pool = createShellPool({
    setup: { persona, hostKeys, worldBytesMax: limits.worldBytesMax },
    workersMax: limits.workersMax,
    silentMsMax: limits.silentMs,
    memoryMbMax: limits.workerMemoryMb,
    changesOf: worlds.changesOf,
    changed: worlds.merge,
    killed: (why) => log.write({ eventid: 'cerberus.decoy.killed', message: why }),
  });
  const ground: Ground = {
    settings,
    persona,
    pool,
    worlds,
    log,
    now: Date.now,
    fetch: settings.fetches ? guardedFetch(settings) : async () => null,
    uploads: createUploads(join(folder, 'downloads'), limits.uploadsBytesMax),
    door: createDoor(limits),
  };
  const { sshPort, telnetPort, httpPort } = settings;
  const ssh = sshPort === null ? undefined : await listenSsh(ground, sshPort);
  const telnet = telnetPort === null ? undefined : await listenTelnet(ground, telnetPort);
  const http = httpPort === null ? undefined : await listenHttp(ground, httpPort);
  worlds.expire();
  const flushing = setInterval(() => void worlds.flush(), flushMs[worldKeeper ? 'engine' : 'files']);
  await pool.ready;

  return {
    ports: { ssh: ssh?.port ?? null, telnet: telnet?.port ?? null, http: http?.port ?? null },
    logPath,
    ground,
    async close() {
      clearInterval(flushing);
      await Promise.all([ssh?.close(), telnet?.close(), http?.close()]);
      await pool.end();
      await worlds.flush();
    },
  };
}

/** Small and slow: it is to get one payload, not to serve anybody. */
const fetchLimits = { timeoutMs: 20_000, redirectsMax: 3, perMinuteMax: 30, rememberMs: 600_000 };

function guardedFetch({ host, limits }: DecoySettings): Fetch {
  const ownAddresses = [
    host,
    ...Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .map(({ address }) => address),
  ];
  const fetch = createGuardedFetch({ ...fetchLimits, bytesMax: limits.uploadBytesMax, ownAddresses });
  return createFetchBudget(fetch, { ...fetchLimits, now: Date.now });
}
