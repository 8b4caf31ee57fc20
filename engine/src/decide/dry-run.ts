import type { Decision } from '@cerberusmesh/contract/decision';
import { wordsFor } from '@cerberusmesh/contract/decision-words';
import type { DecisionInputs } from '@cerberusmesh/contract/situation';
import { createDecide, type Judgement, type VersionedPolicy } from './decide.ts';
import { createHistory } from './history.ts';

/** A recorded state of a session, with what was decided on it then; a session's last state has no decision of its own. */
export interface RecordedMoment {
  readonly at: Date;
  readonly inputs: DecisionInputs;
  readonly recorded: Decided | null;
}

/** What of a decision makes a difference to visitors and to us. */
export type Decided = Pick<
  Decision,
  'decision' | 'verdict' | 'adaptations' | 'parameters' | 'also' | 'alsoParameters' | 'lifetimeSeconds' | 'draws'
>;

/** A session about which the policy would have decided something else; decisions in words, sorted. */
export interface OtherwiseDecided {
  readonly at: Date;
  readonly sensor: string;
  readonly sessionId: string;
  readonly sourceIp: string | null;
  readonly recorded: readonly string[];
  readonly would: readonly string[];
}

export interface DryRunResult {
  readonly sessions: number;
  readonly moments: number;
  readonly recorded: Readonly<Record<string, number>>;
  readonly would: Readonly<Record<string, number>>;
  readonly keptFrom: Readonly<Record<string, number>>;
  readonly changed: number;
  readonly changes: readonly OtherwiseDecided[];
}

interface SessionTrace {
  readonly first: RecordedMoment;
  readonly recorded: Doings;
  readonly would: Doings;
  readonly done: Set<string>;
  readonly kept: Set<string>;
}

/** What is done about a session, or was. */
interface Doings {
  readonly kinds: Set<string>;
  readonly words: Set<string>;
}

const changesShown = 200;

/**
 * What a policy would have decided on what was recorded: take the moments in the order of time, then ask for the result.
 * Cooldown, budget and blast radius count what this policy would have done, not what was done.
 */
export function createDryRun(policy: VersionedPolicy) {
  const decide = createDecide(policy);
  const history = createHistory();
  const traces = new Map<string, SessionTrace>();
  const keptFrom: Record<string, number> = {};
  let moments = 0;
  return { take, result };

  function take(moment: RecordedMoment): void {
    moments++;
    const { at, inputs, recorded } = moment;
    const { situation, circumstances } = inputs;
    const key = `${situation.sensor}\0${situation.sessionId}`;
    const trace = traces.get(key) ?? { first: moment, ...newTrace() };
    traces.set(key, trace);
    if (recorded && recorded.verdict !== 'nothing') add(trace.recorded, recorded);
    for (const judgement of decide(situation, { circumstances, history, lures: new Map(), now: at }))
      count(judgement, trace);
  }

  function count(judgement: Judgement, trace: SessionTrace): void {
    const { decision, verdict, rule, guard, wanted, target, decidedAt } = judgement;
    const key = `${rule} ${wanted}`;
    if (trace.done.has(key)) return;
    if (verdict !== 'nothing') {
      trace.done.add(key);
      const { sensor, sessionId } = judgement;
      add(trace.would, judgement);
      const id = `${sensor}\0${sessionId}\0${key}`;
      history.record({ id, kind: decision, target, atMs: Date.parse(decidedAt) });
    } else if (guard !== null && !trace.kept.has(guard)) {
      trace.kept.add(guard);
      keptFrom[guard] = (keptFrom[guard] ?? 0) + 1;
    }
  }

  function result(): DryRunResult {
    const all = [...traces.values()];
    const changed = all.filter(({ recorded, would }) => !isSame(recorded.words, would.words));
    return {
      sessions: all.length,
      moments,
      recorded: countKinds(all.map((trace) => trace.recorded.kinds)),
      would: countKinds(all.map((trace) => trace.would.kinds)),
      keptFrom,
      changed: changed.length,
      changes: changed.slice(0, changesShown).map(toChange),
    };
  }
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

function newTrace(): Omit<SessionTrace, 'first'> {
  return { recorded: newDoings(), would: newDoings(), done: new Set(), kept: new Set() };
}

function newDoings(): Doings {
  return { kinds: new Set(), words: new Set() };
}

function add({ kinds, words }: Doings, decided: Decided): void {
  kinds.add(decided.verdict === 'ask' ? `${decided.decision} (asked)` : decided.decision);
  words.add(inWords(decided));
}

/** Which of several lures was drawn depends on what they had brought until then, and so is no difference. */
function inWords(decided: Decided): string {
  const { verdict, draws, lifetimeSeconds } = decided;
  const drawn = draws.map(({ adaptation }) => adaptation).sort();
  return [
    wordsFor(drawn.length === 0 ? decided : { ...decided, adaptations: drawn }),
    ...(drawn.length === 0 ? [] : ['one of these']),
    ...(lifetimeSeconds === null ? [] : [`for ${lifetimeSeconds / 60} minutes`]),
    ...(verdict === 'ask' ? ['once a person agrees'] : []),
  ].join(', ');
}

function toChange({ first, recorded, would }: SessionTrace): OtherwiseDecided {
  const { sensor, sessionId, sourceIp } = first.inputs.situation;
  const [was, now] = [recorded, would].map(({ words }) => [...words].sort());
  return { at: first.at, sensor, sessionId, sourceIp, recorded: was ?? [], would: now ?? [] };
}

/** Of sessions. */
function countKinds(sets: readonly ReadonlySet<string>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const set of sets) for (const kind of set) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
