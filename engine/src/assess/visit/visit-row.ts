import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';

export const visitRowFeatures = [
  'events',
  'commands',
  'failedLogins',
  'succeededLogin',
  'usernames',
  'passwords',
  'oddestLogin',
  'transfers',
  'tunnels',
  'seconds',
  'eventsPerMinute',
  'medianPause',
  'hour',
  'distinctCommands',
  'meanLength',
  'encodedShare',
];

/** One row per whole session: what was typed and tried, how long it took, how quick it was and when. Events in order. */
export function visitRow(
  events: readonly SensorEvent[],
  oddness: (username: string, password: string) => number,
): Float32Array {
  const commands: { text: string; epochMs: number }[] = [];
  const [usernames, passwords] = [new Set<string>(), new Set<string>()];
  const counts = { failed: 0, succeeded: 0, transfers: 0, tunnels: 0, oddest: -1 };
  for (const { detail, epochMs } of events) {
    if (detail.kind === 'command' && detail.phase === 'typed') commands.push({ text: detail.input, epochMs });
    else if (detail.kind === 'transfer') counts.transfers++;
    else if (detail.kind === 'tunnel') counts.tunnels++;
    else if (detail.kind === 'login') {
      if (detail.succeeded) counts.succeeded = 1;
      else counts.failed++;
      usernames.add(detail.username);
      if (detail.password === undefined) continue;
      passwords.add(detail.password);
      counts.oddest = Math.max(counts.oddest, oddness(detail.username, detail.password));
    }
  }
  const seconds = Math.max(0, (events.at(-1)?.epochMs ?? 0) - (events[0]?.epochMs ?? 0)) / 1000;
  const typed = Math.max(1, commands.length);
  return Float32Array.of(
    Math.log1p(events.length),
    Math.log1p(commands.length),
    Math.log1p(counts.failed),
    counts.succeeded,
    Math.log1p(usernames.size),
    Math.log1p(passwords.size),
    counts.oddest,
    Math.log1p(counts.transfers),
    Math.log1p(counts.tunnels),
    Math.log1p(seconds),
    Math.log1p((60 * events.length) / Math.max(1, seconds)),
    medianPause(commands),
    ((events[0]?.epochMs ?? 0) / 3_600_000) % 24,
    new Set(commands.map(({ text }) => text)).size / typed,
    Math.log1p(commands.reduce((sum, { text }) => sum + text.length, 0) / typed),
    commands.filter(({ text }) => /\\x|[^\x20-\x7e]|[A-Za-z0-9+/]{40}/.test(text.slice(0, 512))).length / typed,
  );
}

/** A visit that only knocks says nothing of itself: it did not get in, typed nothing and did not guess for long. */
export function didSomething(events: readonly SensorEvent[]): boolean {
  return (
    events.length >= 8 ||
    events.some(({ detail }) => detail.kind === 'command' || (detail.kind === 'login' && detail.succeeded))
  );
}

/** Logarithm of the seconds between commands; -1 where there is no pause. */
function medianPause(commands: readonly { readonly epochMs: number }[]): number {
  const pauses = commands.slice(1).map(({ epochMs }, at) => Math.max(0, epochMs - (commands[at]?.epochMs ?? epochMs)));
  pauses.sort((a, b) => a - b);
  const median = pauses[pauses.length >> 1];
  return median === undefined ? -1 : Math.log1p(median / 1000);
}
