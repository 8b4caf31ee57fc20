import type { Decision } from '@cerberusmesh/contract/decision';
import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import type { Database } from '../../store/database.ts';
import { storeDecisions } from '../../store/decisions.ts';
import {
  endReassessment,
  findOpenReassessment,
  moveCursor,
  type OpenReassessment,
  recountAttackers,
  startReassessment,
} from '../../store/learning/reassessments.ts';
import { findUnanalyzed, readEarlierEvents, readStoredEvents } from '../../store/learning/stored-events.ts';
import { writeReassessed } from '../../store/learning/write-reassessed.ts';
import { lockKeys, oneAtATime } from '../../store/one-at-a-time.ts';
import { createPageReassessor, type PageParts, type ReassessedPage } from './reassess-page.ts';

export interface ReassessorParts extends Omit<PageParts, 'readEarlier'> {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** True while nobody can be asked. */
  readonly isAway: () => boolean;
  /** About events that are still fresh; older ones are history, about which nothing is decided. */
  readonly decide: (changes: ReassessedPage['changes']) => readonly Decision[];
  /** Told when a page is durable: what was remembered of sessions may be out of date. */
  readonly written: (decisions: readonly Decision[]) => void;
}

export interface Reassessor {
  /** Looks for work now instead of at the next round. */
  wake(): void;
  run(signal: AbortSignal): Promise<void>;
}

const pageEvents = 1000;
const idleMs = 5000;
const freshMs = 900_000;
/** Events that no model could assess are not tried for ever; so many are remembered until the next start. */
const leftMax = 1000;
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The slow lane's walk over stored events: those that had to wait for a model, and on demand all of a period. A page is
 * one transaction with the cursor in it, so a kill costs at most the page that was under way.
 */
export function createReassessor(parts: ReassessorParts): Reassessor {
  const { database, clock, log } = parts;
  const left = new Set<string>();
  let alarm = new AbortController();

  return {
    wake: () => alarm.abort(),
    async run(signal) {
      while (!signal.aborted) {
        const worked = await workOnce(signal).catch((error: unknown) => {
          log.warn({ err: error }, 'Events could not be assessed again; it is tried again.');
          return false;
        });
        if (worked) continue;
        await clock.sleep(idleMs, AbortSignal.any([signal, alarm.signal]));
        alarm = new AbortController();
      }
    },
  };

  /** @returns true where something was done to its end. */
  async function workOnce(signal: AbortSignal): Promise<boolean> {
    if (parts.isAway()) return false;
    const open = (await findOpenReassessment(database.pool)) ?? (await openForUnanalyzed());
    if (open === undefined) return false;
    const done = await oneAtATime(database.pool, lockKeys.reassess, async () => {
      // Another process may have moved it between the look and the lock.
      const now = await findOpenReassessment(database.pool);
      return now === undefined || (await walk(now, signal));
    });
    return done === true;
  }

  async function openForUnanalyzed(): Promise<OpenReassessment | undefined> {
    const waiting = await findUnanalyzed(database.pool, eventIdFloor(0), leftMax + 1);
    const [first] = waiting.filter((id) => !left.has(id));
    if (first === undefined || left.size >= leftMax) return undefined;
    await startReassessment(database.pool, { cause: 'unanalyzed', fromId: first, toId: lastId, by: 'engine' });
    return await findOpenReassessment(database.pool);
  }

  async function walk(run: OpenReassessment, signal: AbortSignal): Promise<boolean> {
    const { assess, assessAhead, normalize, failed } = parts;
    const readEarlier: PageParts['readEarlier'] = (sessions) => readEarlierEvents(database.pool, sessions);
    const onlyWaiting = run.cause === 'unanalyzed';
    let reassessPage = createPageReassessor({ assess, assessAhead, normalize, failed, readEarlier });
    let at = { fromId: run.cursorId ?? run.fromId, after: run.cursorId !== null };
    let events = 0;
    while (!signal.aborted) {
      const next = onlyWaiting ? await nextWaiting(at) : at;
      if (next === undefined) break;
      // Events between are passed over, and with them what their sessions did.
      if (next !== at) reassessPage = createPageReassessor({ assess, assessAhead, normalize, failed, readEarlier });
      const page = await readStoredEvents(database.pool, { ...next, toId: run.toId, limit: pageEvents });
      const last = page.at(-1);
      if (last === undefined) break;
      const result = await reassessPage(page, (event) => !onlyWaiting || !event.analyzed);
      if (parts.isAway()) return false;
      for (const id of result.left) left.add(id);
      await write(run, result, last.id);
      events += result.events.length;
      at = { fromId: last.id, after: true };
    }
    if (signal.aborted) return false;
    if (!onlyWaiting) await recountScores(run, signal);
    await endReassessment(database.pool, run.id);
    log.info({ events, cause: run.cause }, 'Stored events were assessed again.');
    return true;
  }

  /** `at` itself where the event after it is one that waits. */
  async function nextWaiting(at: { fromId: string; after: boolean }) {
    const [first] = (await findUnanalyzed(database.pool, at.fromId, leftMax + 1)).filter((id) => !left.has(id));
    if (first === undefined) return undefined;
    const [page] = await readStoredEvents(database.pool, { ...at, toId: lastId, limit: 1 });
    return page?.id === first ? at : { fromId: first, after: false };
  }

  async function write(run: OpenReassessment, { events, changes }: ReassessedPage, cursorId: string): Promise<void> {
    const freshFrom = clock.now().getTime() - freshMs;
    const fresh = changes.filter(({ event }) => event.epochMs >= freshFrom);
    const decisions = fresh.length > 0 ? parts.decide(fresh) : [];
    await database.transaction(async (client) => {
      const changed = await writeReassessed(client, events);
      await storeDecisions(client, decisions);
      await moveCursor(client, run.id, { cursorId, events: events.length, changed });
    });
    parts.written(decisions);
  }

  async function recountScores(run: OpenReassessment, signal: AbortSignal): Promise<void> {
    let cursorAddress = run.cursorAddress;
    do {
      const from = { ...run, cursorAddress };
      cursorAddress = await database.transaction((client) => recountAttackers(client, from));
    } while (cursorAddress !== null && !signal.aborted);
  }
}
