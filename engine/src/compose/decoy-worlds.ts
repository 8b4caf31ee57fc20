import type { WorldAnswer, WorldRequest } from '@cerberusmesh/contract/decoy-world';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Database } from '../store/database.ts';
import { createDecoyWorldStore } from '../store/decoy-worlds.ts';

export interface DecoyWorldParts {
  readonly database: Database;
  readonly sensor: string;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly keptDays: number;
  readonly allMb: number;
}

const roundMs = 3_600_000;
const dayMs = 86_400_000;
/** The decoy stops an attacker at half of it; this is for a decoy that does not. */
const worldBytesMax = 32 * 1024 * 1024;

export type DecoyWorlds = ReturnType<typeof composeDecoyWorlds>;

/** What attackers left in our decoy, kept in the database and found again when they come back. */
export function composeDecoyWorlds({ database, sensor, clock, log, keptDays, allMb }: DecoyWorldParts) {
  const store = createDecoyWorldStore(database);
  return { answer, run };

  /** A fault of the database is an answer too: the decoy goes on, and tries again. */
  async function answer(request: WorldRequest): Promise<WorldAnswer> {
    const { id } = request;
    try {
      if (request.kind === 'find-world') {
        const found = await store.find(sensor, request.names);
        return { kind: 'found-world', id, world: found?.world ?? null, files: [...(found?.files ?? [])] };
      }
      const isKept = await store.keep(sensor, request.world, request.names, request.files, worldBytesMax);
      return { kind: 'kept-world', id, isKept };
    } catch (error) {
      log.warn({ err: error }, 'A world of the decoy could not be read or kept; it is tried again.');
      return request.kind === 'find-world'
        ? { kind: 'found-world', id, world: null, files: [] }
        : { kind: 'kept-world', id, isKept: false };
    }
  }

  /** Forgets old worlds, at the start and every hour, until `signal` aborts. */
  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const forgotten = await store.expire(new Date(clock.now().getTime() - keptDays * dayMs), allMb * 1024 * 1024);
        if (forgotten > 0) log.info({ forgotten }, 'Worlds of the decoy that nobody visits were forgotten.');
      } catch (error) {
        log.warn({ err: error }, 'Old worlds of the decoy could not be forgotten; it is tried again in an hour.');
      }
      await clock.sleep(roundMs, signal).catch(() => undefined);
    }
  }
}
