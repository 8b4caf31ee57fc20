import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { hashText } from '../known-shapes.ts';

/** More events of one visit say nothing new about it. */
const eventsMax = 1_500;

/** What is counted of a visit, event by event; texts are kept as hashes, so that a long visit takes some tens of KB. */
export interface VisitTally {
  add(event: SensorEvent): void;
  /** False of a visit that only knocks: it did not get in, typed nothing and did not guess for long. */
  didSomething(): boolean;
  /** One number for each of `visitRowFeatures`, but for the last two, which are not told by events. */
  numbers(): number[];
}

/** @param oddness How seldom a name and a password are tried together. */
export function createVisitTally(oddness: (username: string, password: string) => number): VisitTally {
  const names = { users: new Set<number>(), passwords: new Set<number>(), commands: new Set<number>() };
  const counts = { events: 0, commands: 0, failed: 0, succeeded: 0, transfers: 0, tunnels: 0, oddest: -1 };
  const typed = { characters: 0, encoded: 0, epochsMs: [] as number[] };
  let [firstMs, lastMs, hasCommand] = [0, 0, false];

  return {
    add(event) {
      if (counts.events >= eventsMax) return;
      if (counts.events++ === 0) firstMs = event.epochMs;
      lastMs = event.epochMs;
      count(event);
    },
    didSomething: () => counts.events >= 8 || hasCommand || counts.succeeded > 0,
    numbers,
  };

  function count({ detail, epochMs }: SensorEvent): void {
    hasCommand ||= detail.kind === 'command';
    if (detail.kind === 'command' && detail.phase === 'typed') addCommand(detail.input, epochMs);
    else if (detail.kind === 'transfer') counts.transfers++;
    else if (detail.kind === 'tunnel') counts.tunnels++;
    else if (detail.kind === 'login') {
      if (detail.succeeded) counts.succeeded = 1;
      else counts.failed++;
      names.users.add(hashText(detail.username));
      if (detail.password === undefined) return;
      names.passwords.add(hashText(detail.password));
      counts.oddest = Math.max(counts.oddest, oddness(detail.username, detail.password));
    }
  }

  function addCommand(text: string, epochMs: number): void {
    counts.commands++;
    names.commands.add(hashText(text));
    typed.characters += text.length;
    typed.epochsMs.push(epochMs);
    if (/\\x|[^\x20-\x7e]|[A-Za-z0-9+/]{40}/.test(text.slice(0, 512))) typed.encoded++;
  }

  function numbers(): number[] {
    const seconds = Math.max(0, lastMs - firstMs) / 1000;
    const commands = Math.max(1, counts.commands);
    return [
      Math.log1p(counts.events),
      Math.log1p(counts.commands),
      Math.log1p(counts.failed),
      counts.succeeded,
      Math.log1p(names.users.size),
      Math.log1p(names.passwords.size),
      counts.oddest,
      Math.log1p(counts.transfers),
      Math.log1p(counts.tunnels),
      Math.log1p(seconds),
      Math.log1p((60 * counts.events) / Math.max(1, seconds)),
      medianPause(typed.epochsMs),
      (firstMs / 3_600_000) % 24,
      names.commands.size / commands,
      Math.log1p(typed.characters / commands),
      typed.encoded / commands,
    ];
  }
}

/** Logarithm of the seconds between commands; -1 where there is no pause. */
function medianPause(epochsMs: readonly number[]): number {
  const pauses = epochsMs.slice(1).map((epochMs, at) => Math.max(0, epochMs - (epochsMs[at] ?? epochMs)));
  pauses.sort((a, b) => a - b);
  const median = pauses[pauses.length >> 1];
  return median === undefined ? -1 : Math.log1p(median / 1000);
}
