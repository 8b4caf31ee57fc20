import type { DecisionKind } from '@cerberusmesh/contract/decision';

/** What was done lately, as far as cooldown, budget and blast radius need it. */
export interface ActionHistory {
  /** Milliseconds since 1970; undefined where this was not done to the target within a day. */
  lastAtMs(kind: DecisionKind, target: string): number | undefined;
  countSince(kind: DecisionKind, sinceMs: number): number;
  /** Sensors and keys that were changed. */
  changedSince(sinceMs: number): ReadonlySet<string>;
}

export interface Done {
  /** The decision's. */
  readonly id: string;
  readonly kind: DecisionKind;
  readonly target: string;
  readonly atMs: number;
}

export interface KeptHistory extends ActionHistory {
  /** The same decision told again counts once. */
  record(done: Done): void;
  /**
   * Call with the time before it is asked. What a clock that was ahead dated later than now was done now at the latest, so
   * it rests its time from here on, and not until that clock would have been right.
   */
  settle(nowMs: number): void;
}

/** The longest cooldown that a policy can ask for. */
const keptMs = 86_400_000;
const keptMax = 20_000;

/** A bounded memory of the last day; it has no clock of its own, so what is too old is told by what is recorded. */
export function createHistory(before: readonly Done[] = []): KeptHistory {
  let kept = new Map<string, Done>();
  const latest = new Map<string, number>();
  let newestMs = 0;
  for (const done of before) record(done);
  return { record, settle, lastAtMs: (kind, target) => latest.get(`${kind} ${target}`), countSince, changedSince };

  function record(done: Done): void {
    if (kept.has(done.id)) return;
    kept.set(done.id, done);
    const key = `${done.kind} ${done.target}`;
    latest.set(key, Math.max(latest.get(key) ?? 0, done.atMs));
    newestMs = Math.max(newestMs, done.atMs);
    if (kept.size > keptMax) forget(done.atMs);
  }

  function settle(nowMs: number): void {
    if (newestMs <= nowMs) return;
    newestMs = nowMs;
    for (const [id, done] of kept) if (done.atMs > nowMs) kept.set(id, { ...done, atMs: nowMs });
    for (const [key, atMs] of latest) if (atMs > nowMs) latest.set(key, nowMs);
  }

  function forget(nowMs: number): void {
    const young = [...kept].filter(([, { atMs }]) => atMs > nowMs - keptMs);
    kept = new Map(young.slice(-keptMax / 2));
    for (const [key, atMs] of latest) if (atMs <= nowMs - keptMs) latest.delete(key);
  }

  function countSince(kind: DecisionKind, sinceMs: number): number {
    let count = 0;
    for (const done of kept.values()) if (done.kind === kind && done.atMs > sinceMs) count++;
    return count;
  }

  function changedSince(sinceMs: number): ReadonlySet<string> {
    const changed = new Set<string>();
    for (const { kind, target, atMs } of kept.values()) {
      if (atMs > sinceMs && changesSomething(kind)) changed.add(target);
    }
    return changed;
  }
}

/** A notice and a closer look change nothing. */
export function changesSomething(kind: DecisionKind): boolean {
  return kind === 'insert_trap' || kind === 'rotate_key' || kind === 'launch_decoy';
}
