import type { World } from '../world/world.ts';

/** One job of a visitor's timetable that is due. */
export interface DueJob {
  readonly user: string;
  readonly command: string;
}

const jobsMax = 5;
const linesMax = 200;
const names = 'sun mon tue wed thu fri sat'.split(' ');
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const nicknames: Readonly<Record<string, string>> = {
  ...{ '@hourly': '0 * * * *', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@weekly': '0 0 * * 0' },
  ...{ '@monthly': '0 0 1 * *', '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *' },
};

/** What cron would start in the minutes of (`fromMs`, `toMs`]: each job once, the first few. */
export function dueJobs(tables: readonly Timetable[], fromMs: number, toMs: number): DueJob[] {
  const due: DueJob[] = [];
  for (const { user, text } of tables) {
    for (const line of text.split('\n').slice(0, linesMax)) {
      const job = readLine(line, user);
      if (job && due.length < jobsMax && isDue(job.when, fromMs, toMs))
        due.push({ user: job.user, command: job.command });
    }
  }
  return due;
}

export function isTimetable(path: string): boolean {
  return /^\/(?:var\/spool\/cron\/crontabs\/|etc\/cron\.d\/|etc\/crontab$)/.test(path);
}

export interface Timetable {
  /** Whose it is; undefined where each line names its user. */
  readonly user: string | undefined;
  readonly text: string;
}

const root = { uid: 0, gid: 0 };

/** Timetables that the visitor made or changed, less the lines that the persona came with. */
export function timetablesOf(world: World, isChanged: (path: string) => boolean): Timetable[] {
  const own = (folder: string) =>
    world.find(folder)?.kind === 'folder' ? world.list(folder, root).map((name) => `${folder}/${name}`) : [];
  const read = (path: string) =>
    Buffer.from(world.read(path, root))
      .toString('utf8')
      .slice(0, 64 * 1024);
  const spool = own('/var/spool/cron/crontabs').filter(isChanged);
  const system = ['/etc/crontab', ...own('/etc/cron.d')].filter((path) => isChanged(path) && world.find(path));
  return [
    ...spool.map((path) => ({ user: path.replace(/^.*\//, ''), text: read(path) })),
    ...system.map((path) => ({ user: undefined, text: read(path).replace(/^.*run-parts.*$/gm, '') })),
  ];
}

interface Job extends DueJob {
  readonly when: readonly string[];
}

function readLine(line: string, owner: string | undefined): Job | undefined {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const [first = ''] = trimmed.split(/\s+/);
  const whole = Object.hasOwn(nicknames, first) ? `${nicknames[first]}${trimmed.slice(first.length)}` : trimmed;
  const words = /^(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(whole)?.slice(1);
  const rest = words?.pop();
  if (!words || rest === undefined) return undefined;
  if (owner !== undefined) return { when: words, user: owner, command: rest };
  const [, user = '', command = ''] = /^(\S+)\s+(.*)$/.exec(rest) ?? [];
  return command === '' ? undefined : { when: words, user, command };
}

const minuteMs = 60_000;
const lookBackMs = 24 * 60 * minuteMs;

function isDue(when: readonly string[], fromMs: number, toMs: number): boolean {
  const last = Math.floor(toMs / minuteMs) * minuteMs;
  for (let at = last; at > fromMs && at > toMs - lookBackMs; at -= minuteMs) if (isAt(when, new Date(at))) return true;
  return false;
}

function isAt([minute = '', hour = '', day = '', month = '', weekday = '']: readonly string[], at: Date): boolean {
  const isDay = holds(day, at.getUTCDate(), 1, 31);
  const today = at.getUTCDay();
  // Sunday is 0 and 7.
  const isWeekday = holds(weekday, today, 0, 7, names) || (today === 0 && holds(weekday, 7, 0, 7, names));
  // Either, where both are told.
  const isThatDay = day.startsWith('*') || weekday.startsWith('*') ? isDay && isWeekday : isDay || isWeekday;
  return (
    holds(minute, at.getUTCMinutes(), 0, 59) &&
    holds(hour, at.getUTCHours(), 0, 23) &&
    holds(month, at.getUTCMonth() + 1, 1, 12, months) &&
    isThatDay
  );
}

function holds(field: string, value: number, low: number, high: number, words: readonly string[] = []): boolean {
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [from, to] = range === '*' ? [low, high] : range.split('-').map((word) => numberOf(word, low, words));
    const end = to ?? (part.includes('/') ? high : from);
    if (from === undefined || end === undefined) return false;
    return value >= from && value <= end && (value - from) % Math.max(1, Number(step) || 1) === 0;
  });
}

function numberOf(word: string, low: number, words: readonly string[]): number {
  const at = words.indexOf(word.toLowerCase());
  return at >= 0 ? at + low : Number(word);
}
