/** Commands of a session that are looked at. */
const commandsMax = 400;

/** What was typed in one session, and when where that is known: milliseconds, one for each command. */
export interface TypedVisit {
  readonly commands: readonly string[];
  readonly epochsMs?: readonly number[];
}

/** What tells a person from a script: order, repetition and the pauses between commands, not what the commands do. */
export function actorFeatures({ commands, epochsMs }: TypedVisit): Set<string> {
  const lines = commands
    .slice(0, commandsMax)
    .map((command) => command.trim())
    .filter((command) => command !== '');
  const count = Math.max(1, lines.length);
  const share = (test: (line: string, at: number) => boolean) => bucket(lines.filter(test).length / count);
  const mean = lines.reduce((total, line) => total + Math.min(line.length, 400), 0) / count;
  return new Set([
    `count:${Math.min(7, Math.floor(Math.log2(lines.length + 1)))}`,
    `length:${Math.min(8, Math.floor(Math.log2(mean + 1)))}`,
    `joined:${share((line) => /[;|]|&&/.test(line))}`,
    `looks:${share((line) => /^(?:ls|cd|pwd|clear|man|nano|vi|vim|cat|history|exit|help)\b/.test(line))}`,
    `again:${share((line, at) => line === lines[at - 1])}`,
    `almost:${share((line, at) => isRepair(lines[at - 1], line))}`,
    `encoded:${share((line) => /\\x[0-9a-f]{2}|[A-Za-z0-9+/]{40}/.test(line))}`,
    `markers:${share((line) => /busybox [A-Z]{4,}|\/dev\/null|\/proc\/|2>&1/.test(line))}`,
    `short:${share((line) => line.length <= 6)}`,
    `options:${share((line) => /\s-/.test(line))}`,
    `distinct:${bucket(new Set(lines).size / count)}`,
    `typo:${share((line) => /^(?:sl|cd\.\.|lls|dc|ll|gerp|cta|sudp|pign|nmpa|l|ks|claer|exot|eixt)\b/.test(line))}`,
    `helps:${share((line) => /(?:^|\s)(?:--help|-h|man)\b/.test(line))}`,
    ...pauses(epochsMs?.slice(0, commandsMax) ?? []),
  ]);
}

/**
 * A script waits for nothing or for the same time; a person reads, thinks and types. Buckets are wide, since some logs
 * tell whole seconds only.
 */
function pauses(epochsMs: readonly number[]): string[] {
  const gaps = epochsMs.slice(1).map((epoch, at) => (epoch - (epochsMs[at] ?? epoch)) / 1000);
  if (gaps.length === 0) return ['pause:unknown'];
  const sorted = [...gaps].sort((a, b) => a - b);
  const quantile = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  const quick = gaps.filter((gap) => gap < 1.5).length / gaps.length;
  return [
    `pause:${pauseBucket(quantile(0.5))}`,
    `pauseLong:${pauseBucket(quantile(0.9))}`,
    `quick:${bucket(quick)}`,
    `steady:${quantile(0.9) - quantile(0.1) < 1.5}`,
  ];
}

function pauseBucket(seconds: number): string {
  return seconds < 1.5 ? 'none' : seconds < 4 ? 'short' : seconds < 15 ? 'reading' : seconds < 60 ? 'thinking' : 'away';
}

/** A line that mends or varies the one before: nearly as long, and alike but for a few characters. */
function isRepair(before: string | undefined, line: string): boolean {
  if (before === undefined || before === line || Math.abs(before.length - line.length) > 8) return false;
  let front = 0;
  while (front < line.length && line[front] === before[front]) front++;
  let back = 0;
  while (
    back < line.length - front &&
    back < before.length - front &&
    line[line.length - 1 - back] === before[before.length - 1 - back]
  )
    back++;
  return front + back >= 3 && front + back >= line.length * 0.6;
}

function bucket(share: number): string {
  if (share === 0) return 'none';
  return share < 0.05 ? 'few' : share < 0.2 ? 'some' : share < 0.5 ? 'many' : share < 0.9 ? 'most' : 'all';
}
