import type { DecisionKind, Verdict } from '@cerberusmesh/contract/decision';
import type { DecisionInputs } from '@cerberusmesh/contract/situation';
import { createDecide, type Judgement, type VersionedPolicy } from './decide.ts';
import { createHistory } from './history.ts';

/** A recorded state of a session, with what was decided on it then; a session's last state has no decision of its own. */
export interface RecordedMoment {
  readonly at: Date;
  readonly inputs: DecisionInputs;
  readonly recorded: { readonly decision: DecisionKind; readonly verdict: Verdict; readonly rule: string } | null;
}

/** A session about which the policy would have decided something else; kinds of decisions, sorted. */
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
  readonly recorded: Set<string>;
  readonly would: Set<string>;
  readonly done: Set<string>;
  readonly kept: Set<string>;
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
    if (recorded && recorded.verdict !== 'nothing') trace.recorded.add(recorded.decision);
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
      trace.would.add(decision);
      const id = `${sensor}\0${sessionId}\0${key}`;
      history.record({ id, kind: decision, target, atMs: Date.parse(decidedAt) });
    } else if (guard !== null && !trace.kept.has(guard)) {
      trace.kept.add(guard);
      keptFrom[guard] = (keptFrom[guard] ?? 0) + 1;
    }
  }

  function result(): DryRunResult {
    const all = [...traces.values()];
    const changed = all.filter(({ recorded, would }) => !isSame(recorded, would));
    return {
      sessions: all.length,
      moments,
      recorded: countKinds(all.map((trace) => trace.recorded)),
      would: countKinds(all.map((trace) => trace.would)),
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
  return { recorded: new Set(), would: new Set(), done: new Set(), kept: new Set() };
}

function toChange({ first, recorded, would }: SessionTrace): OtherwiseDecided {
  const { sensor, sessionId, sourceIp } = first.inputs.situation;
  return { at: first.at, sensor, sessionId, sourceIp, recorded: [...recorded].sort(), would: [...would].sort() };
}

/** Of sessions. */
function countKinds(sets: readonly ReadonlySet<string>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const set of sets) for (const kind of set) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
