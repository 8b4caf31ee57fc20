import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DecoyLimits, decoyLogPath } from '@cerberusmesh/contract/decoy';
import type { WorldAnswer, WorldRequest } from '@cerberusmesh/contract/decoy-world';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { PersonaTemplate } from '@cerberusmesh/contract/persona';
import { type RunningDecoy, startDecoyProcess } from '../act/decoys/decoy-process.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { WatchedSource } from '../serve/health.ts';
import type { Database } from '../store/database.ts';
import { decoySensor } from './decoy-sensor.ts';
import { composeDecoyWorlds, type DecoyWorlds } from './decoy-worlds.ts';
import type { FollowedLog } from './follow-log.ts';
import { projectDir } from './project.ts';

export interface DecoysOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** Goes on from a start that was begun before there was a database, or a way to read its log. */
export type BegunDecoys = (parts: {
  readonly database: Database;
  readonly follow: (path: string) => Promise<FollowedLog>;
}) => Promise<Decoys>;

export interface Decoys {
  readonly watched: () => WatchedSource[];
  /** How to get in, for the terminal; null while it is not up. */
  readonly invitation: () => string | null;
  readonly running: () => RunningDecoy | undefined;
  /** Resolves when it is up, could not be started, or takes so long that nothing should wait for it. */
  readonly settled: Promise<void>;
  /** Keeps the decoy up and its log followed until `signal` aborts. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

const againMs = 5_000;
/** It mostly takes a second; on a machine that has much to do, longer. The engine serves meanwhile. */
const settledMsMax = 20_000;

export const noDecoys: Decoys = {
  watched: () => [],
  invitation: () => null,
  running: () => undefined,
  settled: Promise.resolve(),
  run: async () => undefined,
};

/**
 * The decoy that comes with every start: its process, and its log read as any Cowrie's. It needs a second or two of a processor,
 * so it is begun first of all and comes up beside the rest; who visits it before there is a database waits for his world.
 */
export function beginDecoys({ config, clock, log }: DecoysOptions, signal: AbortSignal): BegunDecoys {
  if (!config.decoy.enabled) return async () => noDecoys;
  const folder = decoyFolder(config);
  const { worldDays, worldsMb } = config.decoy;
  const keeper = Promise.withResolvers<DecoyWorlds>();
  const answerWorld = async (request: WorldRequest) => await (await keeper.promise).answer(request);
  let running: RunningDecoy | undefined;
  let isKept = false;
  const first = startConfigured(config, folder, log, answerWorld).then((decoy) => {
    running = decoy;
    return decoy;
  });
  // Awaited by `run`; until then a fault must not end the program.
  const tried = new AbortController();
  first.then(
    (decoy) => {
      tried.abort();
      // Where the start of the rest failed, nobody keeps it up, and it would keep us from ending.
      const end = () => void (isKept || decoy.stop());
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    },
    () => tried.abort(),
  );

  return async ({ database, follow }) => {
    const worlds = composeDecoyWorlds({
      ...{ database, sensor: decoySensor, clock, log },
      ...{ keptDays: worldDays, allMb: worldsMb },
    });
    keeper.resolve(worlds);
    const followed = await follow(decoyLogPath(folder));
    return {
      settled: clock.sleep(settledMsMax, tried.signal),
      watched: () => [followed.watched()],
      invitation() {
        if (!running) return null;
        const { ssh, telnet, http } = running.ports;
        const { host } = config.decoy;
        return `ssh -p ${ssh} root@${host}   (telnet ${host} ${telnet}, http://${host}:${http}/)`;
      },
      running: () => running,
      run: async (signal) => void (await Promise.all([followed.run(), keepUp(signal), worlds.run(signal)])),
    };
  };

  async function keepUp(signal: AbortSignal): Promise<void> {
    isKept = true;
    let next: Promise<RunningDecoy> = first;
    while (!signal.aborted) {
      try {
        running = await next;
        const stopped = new Promise<null>((resolve) =>
          signal.addEventListener('abort', () => resolve(null), { once: true }),
        );
        const lastWords = signal.aborted ? null : await Promise.race([running.ended, stopped]);
        if (lastWords === null) return await running.stop();
        log.warn({ lastWords }, 'The decoy ended by itself; it is started again.');
      } catch (error) {
        log.warn({ err: error }, 'The decoy could not be started; it is tried again.');
      }
      running = undefined;
      await clock.sleep(againMs, signal).catch(() => undefined);
      if (!signal.aborted) next = startConfigured(config, folder, log, answerWorld);
    }
  }
}

/** Where it keeps its worlds, its log and what visitors left. */
export function decoyFolder(config: Pick<Config, 'state'>): string {
  return join(config.state.dir, 'decoys', 'decoy');
}

/** Starts it at the ports that are set; where one is taken, at any free one. */
export async function startConfigured(
  config: Config,
  folder: string,
  log: Pick<Log, 'info' | 'warn'>,
  answerWorld?: (request: WorldRequest) => Promise<WorldAnswer>,
): Promise<RunningDecoy> {
  const { host, sshPort, telnetPort, httpPort, persona, worldDays, fetches } = config.decoy;
  const seed = openSeed(folder);
  const settings = {
    folder,
    sensor: decoySensor,
    uuid: `decoy-${seed.slice(0, 12)}`,
    host,
    template: readTemplate(persona),
    seed,
    fetches,
    limits: DecoyLimits.parse({ worldDays }),
    proxies: config.decoy.proxies.map(({ cidr }) => ({ cidr })),
  };
  let ports = { sshPort, telnetPort, httpPort };
  for (;;) {
    try {
      return await startDecoyProcess({
        projectDir,
        settings: { ...settings, ...ports },
        ...(answerWorld ? { answerWorld } : {}),
      });
    } catch (error) {
      const taken = takenPort(error);
      const names = (['sshPort', 'telnetPort', 'httpPort'] as const).filter(
        (name) => ports[name] === taken && taken > 0,
      );
      if (names.length === 0) throw error;
      log.warn({ port: taken }, 'A port of the decoy is taken, by a Cowrie perhaps; another one is used.');
      ports = { ...ports, ...Object.fromEntries(names.map((name) => [name, 0])) };
    }
  }
}

/** @throws CerberusError BAD_CONFIGURATION where there is no such persona. */
export function readTemplate(name: string): PersonaTemplate {
  const path = join(projectDir, 'policy', 'personas', `${name.replace(/[^\w-]/g, '')}.json`);
  try {
    return PersonaTemplate.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new CerberusError(
      'BAD_CONFIGURATION',
      `CERBERUS_DECOY_PERSONA: "${name}" is no persona of policy/personas.`,
      error,
    );
  }
}

/** What makes this installation's decoy unlike any other: drawn once. Throws where it cannot be read or kept. */
export function openSeed(folder: string): string {
  const path = join(folder, 'seed');
  const known = readSeed(path);
  if (known !== undefined) return known;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, randomBytes(16).toString('hex'), { mode: 0o600, flush: true });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}

/** What a full disk left half-written is none: with an empty one all such decoys would be the same. */
function readSeed(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return /^[0-9a-f]{32}$/.test(text) ? text : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The port that the decoy could not have because somebody else has it; 0 where that was not the reason. */
function takenPort(error: unknown): number {
  if (!(error instanceof CerberusError)) return 0;
  return Number(/EADDRINUSE.*:(\d+)$/.exec(error.detail)?.[1] ?? 0);
}
