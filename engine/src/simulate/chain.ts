import { AdaptationPage, DecisionPage } from '@cerberusmesh/contract/api-decisions';
import { EventPage } from '@cerberusmesh/contract/api-events';
import { TouchPage } from '@cerberusmesh/contract/api-lures';
import type { LiveMessage } from '@cerberusmesh/contract/live';
import { counted } from '../kit/counted.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { ApiClient } from './api-client.ts';
import type { Caller } from './played.ts';

/** One link of the chain, as the report shows it. */
export interface Step {
  readonly step: string;
  readonly ok: boolean;
  /** A guard of the policy kept the engine from it, as it should: nothing is broken, and nothing shown either. */
  readonly isHeld?: boolean;
  readonly expected: string;
  readonly came: string;
  /** From when the traffic was sent to when the API told it. */
  readonly tookMs: number;
}

export interface ChainParts {
  readonly api: ApiClient;
  /** What may be older than this is not ours. */
  readonly startedMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** How long one link is waited for. */
  readonly patienceMs: number;
}

const lookAgainMs = 100;
const pagesMax = 20;
/** The honeypot's clock may be somebody else's. */
const clockDifferenceMs = 60_000;

/** What is found of a question: `done` ends the waiting. */
interface Look {
  readonly done: boolean;
  readonly isHeld?: boolean;
  readonly came: string;
}

/** Asks the API, as a person would, whether what was sent went the whole way. */
export function createChain({ api, startedMs, now, sleep, patienceMs }: ChainParts) {
  const from = encodeURIComponent(new Date(startedMs - clockDifferenceMs).toISOString());
  const shown = new Set<string>();
  let ours: ReadonlyMap<string, string> = new Map();

  return {
    /** Before anything is sent: that the engine can be asked. @throws CerberusError SIMULATION_FAILED */
    async begin(): Promise<void> {
      await api.ask('/api/events?limit=1', EventPage);
    },

    /** The honeypot's ids of the sessions that `seen` found. */
    sessions: (): readonly string[] => [...ours.values()],

    /** What the live feed told; handed to `api.listen`. */
    hear(message: LiveMessage): void {
      if (message.type === 'event' && message.event.session_id !== null) shown.add(message.event.session_id);
    },
    findSessions,
    await: wait,

    /** Each of our connections is a session of its own, found by where it came from. */
    seen(callers: readonly Caller[], sinceMs: number): Promise<Step> {
      return wait('seen', counted(callers.length, 'session'), sinceMs, async () => {
        ours = await findSessions(callers);
        return { done: ours.size === callers.length, came: counted(ours.size, 'session') };
      });
    },

    /** Every command of these sessions that was sent has a severity. */
    assessed(sessions: readonly string[], commands: number, sinceMs: number): Promise<Step> {
      const expected = `${counted(commands, 'command')} with a severity`;
      return wait('assessed', expected, sinceMs, async () => {
        const { data } = await api.ask(
          `/api/events?event_type=cowrie.command.input&from=${from}&limit=1000`,
          EventPage,
        );
        const ours = data.filter(({ session_id }) => session_id !== null && sessions.includes(session_id));
        const ready = ours.filter(({ is_analyzed, severity }) => is_analyzed && severity !== 'UNKNOWN');
        return { done: ready.length >= Math.min(commands, 1000), came: tellSeverities(ready) };
      });
    },

    /** The spy's session calls for a lure. Where the honeypot still rests from an earlier one, it is not asked for long. */
    decided(session: string, sinceMs: number): Promise<Step> {
      return wait('decided', 'insert_trap for the visitor who looks for keys', sinceMs, async () => {
        const { data } = await api.ask(`/api/decisions?session_id=${encodeURIComponent(session)}`, DecisionPage);
        const trap = data.find(({ decision }) => decision === 'insert_trap');
        const resting = data.find(({ wanted, guard }) => wanted === 'insert_trap' && guard === 'cooldown');
        if (!trap && resting) return { done: false, isHeld: true, came: resting.why };
        const other = data.map(({ wanted, guard, why }) =>
          guard === null ? wanted : `${wanted}, kept from it by ${guard} (${why})`,
        );
        return trap
          ? { done: trap.verdict === 'act', came: `${trap.decision}, verdict ${trap.verdict}: ${trap.why}` }
          : { done: false, came: other.join(', ') || 'no decision' };
      });
    },

    /** A lure was planted for it, and a look as an attacker saw it. */
    adapted(session: string, sinceMs: number): Promise<Step> {
      return wait('adapted', 'a verified lure', sinceMs, async () => {
        const { data } = await api.ask(`/api/adaptations?session_id=${encodeURIComponent(session)}`, AdaptationPage);
        const verified = data.find(({ status }) => status === 'verified');
        const came = data.map(
          ({ action_type, status, error }) => `${action_type} ${status}${error ? `: ${error}` : ''}`,
        );
        return { done: verified !== undefined, came: came.join(', ') || 'nothing was planted' };
      });
    },

    /** The secret's use is a touch of that session's. */
    touched(session: string, sinceMs: number): Promise<Step> {
      return wait('touched', 'its use is a touch', sinceMs, async () => {
        const { data } = await api.ask(`/api/touches?session_id=${encodeURIComponent(session)}`, TouchPage);
        const places = data.map(({ place, lure }) => `${lure.kind} as ${place}`);
        return { done: data.length > 0, came: places.join(', ') || 'no touch' };
      });
    },

    /** The live feed, which the dashboard draws, told of every session. */
    shownLive(sessions: readonly string[], sinceMs: number): Promise<Step> {
      return wait('shown', `${counted(sessions.length, 'session')} on the live feed`, sinceMs, async () => {
        const told = sessions.filter((session) => shown.has(session)).length;
        return { done: told === sessions.length, came: counted(told, 'session') };
      });
    },
  };

  /** The honeypot's id of the session of each caller, by `keyOf`. */
  async function findSessions(callers: readonly Caller[]): Promise<Map<string, string>> {
    const wanted = new Set(callers.map(keyOf));
    const found = new Map<string, string>();
    let cursor: string | null = null;
    for (let page = 0; page < pagesMax; page++) {
      const place: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/api/events?event_type=cowrie.session.connect&from=${from}&limit=1000${place}`;
      const { data, next_cursor } = await api.ask(path, EventPage);
      for (const { source_ip, source_port, session_id } of data) {
        if (source_ip === null || source_port === null || session_id === null) continue;
        const keys = [keyOf({ from: source_ip, localPort: source_port }), keyOf({ localPort: source_port })];
        // Newest first: an older session of the same caller was another visitor's.
        const caller = keys.find((key) => wanted.has(key) && !found.has(key));
        if (caller !== undefined) found.set(caller, session_id);
      }
      cursor = next_cursor;
      if (cursor === null || found.size === wanted.size) break;
    }
    return found;
  }

  async function wait(step: string, expected: string, sinceMs: number, look: () => Promise<Look>): Promise<Step> {
    const deadline = now() + patienceMs;
    for (;;) {
      // A question that fails is asked again: that the engine is busy for a moment breaks no chain.
      const { done, isHeld, came } = await look().catch(
        (error: unknown): Look => ({ done: false, came: reasonOf(error) }),
      );
      const tookMs = Math.max(0, Math.round(now() - sinceMs));
      if (isHeld) return { step, ok: false, isHeld, expected, came, tookMs };
      if (done || now() >= deadline) return { step, ok: done, expected, came, tookMs };
      await sleep(lookAgainMs);
    }
  }
}

export type Chain = ReturnType<typeof createChain>;

/** A port alone is no name: two visits from two addresses of loopback had the same, and one of them was not counted. */
export function keyOf({ from = '', localPort }: Caller): string {
  return `${from} ${localPort}`;
}

function tellSeverities(events: readonly { readonly severity: string }[]): string {
  const counts = new Map<string, number>();
  for (const { severity } of events) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  const told = ['HIGH', 'MEDIUM', 'LOW'].flatMap((name) => (counts.has(name) ? [`${counts.get(name)} ${name}`] : []));
  return `${counted(events.length, 'command')} (${told.join(', ') || 'none'})`;
}
