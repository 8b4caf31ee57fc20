import { graver } from '@cerberusmesh/contract/severity';
import type { OriginDelta, OriginSummary } from './origins.ts';
import type { AttackerDelta, BatchSummary, CommandDelta, CredentialDelta, TimeSpan } from './summarize.ts';

/** What a batch adds to attackers and rollups, but for those of the hours, which searches need at once. */
export type Tally = Pick<BatchSummary, 'attackers' | 'commands' | 'credentials' | 'techniques'> & {
  /** Undefined where nothing is known of origins. */
  readonly origins: OriginSummary | undefined;
};

/** As if the batches, in this order, had been one. What is given is used up. */
export function mergeTallies(tallies: readonly Tally[]): Tally {
  const origins = tallies.flatMap((tally) => tally.origins ?? []);
  return {
    attackers: mergeMaps(
      tallies.map((tally) => tally.attackers),
      addAttacker,
    ),
    commands: mergeMaps(
      tallies.map((tally) => tally.commands),
      addCommand,
    ),
    credentials: mergeMaps(
      tallies.map((tally) => tally.credentials),
      addCredential,
    ),
    techniques: mergeMaps(
      tallies.map((tally) => tally.techniques),
      addTechnique,
    ),
    origins: origins.length === 0 ? undefined : mergeOrigins(origins),
  };
}

function mergeMaps<V>(maps: readonly ReadonlyMap<string, V>[], add: (sum: V, more: V) => void): Map<string, V> {
  const merged = new Map<string, V>();
  for (const map of maps) {
    for (const [key, value] of map) {
      const known = merged.get(key);
      if (known === undefined) merged.set(key, value);
      else add(known, value);
    }
  }
  return merged;
}

function mergeOrigins(origins: readonly OriginSummary[]): OriginSummary {
  return {
    origins: new Map(origins.flatMap((summary) => [...summary.origins])),
    counts: mergeMaps(
      origins.map(({ counts }) => counts),
      addEvents,
    ),
  };
}

function addAttacker(sum: AttackerDelta, more: AttackerDelta): void {
  sum.events += more.events;
  sum.highs += more.highs;
  sum.successfulLogins += more.successfulLogins;
  sum.threatScore = Math.max(sum.threatScore, more.threatScore);
  widen(sum, more);
  for (const [name, attempts] of more.usernames) sum.usernames.set(name, (sum.usernames.get(name) ?? 0) + attempts);
  for (const password of more.passwords) sum.passwords.add(password);
}

function addCommand(sum: CommandDelta, more: CommandDelta): void {
  addTechnique(sum, more);
  sum.severity = graver(sum.severity, more.severity);
}

function addCredential(sum: CredentialDelta, more: CredentialDelta): void {
  sum.attempts += more.attempts;
  sum.successes += more.successes;
  if (more.lastTime > sum.lastTime) sum.lastTime = more.lastTime;
}

function addTechnique(sum: TimeSpan & { events: number }, more: TimeSpan & { events: number }): void {
  addEvents(sum, more);
  widen(sum, more);
}

function addEvents(sum: Pick<OriginDelta, 'events'>, more: Pick<OriginDelta, 'events'>): void {
  sum.events += more.events;
}

function widen(span: TimeSpan, { firstTime, lastTime }: TimeSpan): void {
  if (firstTime < span.firstTime) span.firstTime = firstTime;
  if (lastTime > span.lastTime) span.lastTime = lastTime;
}
