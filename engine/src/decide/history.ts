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
  readonly kind: DecisionKind;
  readonly target: string;
  readonly atMs: number;
}

/** The longest cooldown that a policy can ask for. */
const keptMs = 86_400_000;
const keptMax = 20_000;

/** A bounded memory of the last day; it has no clock of its own, so what is too old is told by what is recorded. */
export function createHistory(before: readonly Done[] = []): ActionHistory & { record(done: Done): void } {
  let kept: Done[] = [];
  const latest = new Map<string, number>();
  for (const done of before) record(done);
  return { record, lastAtMs: (kind, target) => latest.get(`${kind} ${target}`), countSince, changedSince };

  /** The same thing told again counts once. */
  function record(done: Done): void {
    const key = `${done.kind} ${done.target}`;
    if (latest.get(key) === done.atMs) return;
    kept.push(done);
    latest.set(key, Math.max(latest.get(key) ?? 0, done.atMs));
    if (kept.length > keptMax) forget(done.atMs);
  }

  function forget(nowMs: number): void {
    kept = kept.filter(({ atMs }) => atMs > nowMs - keptMs).slice(-keptMax / 2);
    for (const [key, atMs] of latest) if (atMs <= nowMs - keptMs) latest.delete(key);
  }

  function countSince(kind: DecisionKind, sinceMs: number): number {
    return kept.reduce((count, done) => count + (done.kind === kind && done.atMs > sinceMs ? 1 : 0), 0);
  }

  function changedSince(sinceMs: number): ReadonlySet<string> {
    const changes = kept.filter(({ kind, atMs }) => atMs > sinceMs && changesSomething(kind));
    return new Set(changes.map(({ target }) => target));
  }
}

/** A notice and a closer look change nothing. */
export function changesSomething(kind: DecisionKind): boolean {
  return kind === 'insert_trap' || kind === 'rotate_key' || kind === 'launch_decoy';
}
