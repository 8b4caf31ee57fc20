import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Programs, type Result, readOptions, say } from '../program.ts';

/** date: the time now, a file's, or what words tell (`2024-02-28 +2 days`, `next friday`, `@86400`). */
export const datePrograms: Programs = { date };

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const units: Readonly<Record<string, number>> = {
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  fortnight: 1_209_600,
};
const tryHelp = "Try 'date --help' for more information.\n";

function date({ args, machine, shell }: Call): Result {
  const { flags, rest } = readOptions(joinLong(args), 'drsf');
  const bad = [...flags.keys()].find(
    (flag) => flag.length === 1 && !'drsfuRIn0123456789'.includes(flag) && !/^I/.test(flag),
  );
  const iso = isoOf(args);
  if (bad !== undefined && iso === undefined) return fail(`date: invalid option -- '${bad}'\n${tryHelp}`);
  const file = flags.get('r') ?? flags.get('reference');
  const node = file === undefined ? undefined : machine.world.find(resolvePath(shell.cwd, file));
  if (file !== undefined && !node) return fail(`date: ${file}: No such file or directory\n`);
  const words = flags.get('d') ?? flags.get('date');
  const at = words === undefined ? (node?.mtimeMs ?? machine.now()) : timeOf(words, machine.now());
  if (at === undefined || !Number.isFinite(at)) return fail(`date: invalid date ‘${words}’\n`);
  if (flags.has('s') || flags.has('set'))
    return machine.actor.uid === 0
      ? say(`${shown(at, '%a %b %e %H:%M:%S %Z %Y')}\n`)
      : fail('date: cannot set date: Operation not permitted\n');
  const form = rest.find((word) => word.startsWith('+'));
  const other = rest.find((word) => !word.startsWith('+'));
  if (other !== undefined) return fail(`date: invalid date ‘${other}’\n`);
  if (form !== undefined) return say(`${shown(at, form.slice(1))}\n`);
  if (iso !== undefined) return say(`${shown(at, iso)}\n`);
  if (flags.has('R') || flags.has('rfc-email')) return say(`${shown(at, '%a, %d %b %Y %H:%M:%S +0000')}\n`);
  return say(
    `${shown(at, shell.env.get('LANG')?.startsWith('en_') ? '%a %b %d %I:%M:%S %p %Z %Y' : '%a %b %e %H:%M:%S %Z %Y')}\n`,
  );
}

/** `--date TEXT` as `--date=TEXT`. */
function joinLong(args: readonly string[]): string[] {
  return args.flatMap((arg, at) => {
    if (/^--(?:date|reference|set)$/.test(arg)) return [`${arg}=${args[at + 1] ?? ''}`];
    if (/^--(?:date|reference|set)$/.test(args[at - 1] ?? '')) return [];
    return /^-I/.test(arg) ? [] : [arg];
  });
}

function isoOf(args: readonly string[]): string | undefined {
  const [, given] = args.map((arg) => /^(?:-I|--iso-8601=?)(.*)$/.exec(arg)).find((found) => found) ?? [];
  if (given === undefined) return undefined;
  const forms: Readonly<Record<string, string>> = {
    '': '%F',
    date: '%F',
    hours: '%FT%H+00:00',
    minutes: '%FT%H:%M+00:00',
    seconds: '%FT%T+00:00',
    ns: '%FT%T,%N+00:00',
  };
  return Object.entries(forms).find(([name]) => name !== '' && given !== '' && name.startsWith(given))?.[1] ?? '%F';
}

/** The milliseconds that words tell; undefined where they tell no time. */
function timeOf(words: string, now: number): number | undefined {
  let rest = words.trim().toLowerCase();
  if (rest === '') return Math.floor(now / 86_400_000) * 86_400_000;
  const take = (pattern: RegExp) => {
    const found = pattern.exec(rest);
    if (found) rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`.trim();
    return found;
  };
  const epoch = take(/^@(-?\d{1,13})(?:\.\d+)?/);
  let at = epoch ? new Date(Number(epoch[1]) * 1000) : new Date(now);
  take(/\b(?:utc|gmt|z)\b/);
  const isDay = takeDay();
  const isTime = takeTime();
  if (isDay && !isTime) at.setUTCHours(0, 0, 0, 0);
  for (let moved = takeMove(); moved; moved = takeMove());
  return rest === '' ? at.getTime() : undefined;

  function takeDay(): boolean {
    const whole = take(/\b(\d{4})-(\d{1,2})-(\d{1,2})t?/) ?? take(/\b(\d{4})(\d\d)(\d\d)\b/);
    if (whole) return setDay(Number(whole[1]), Number(whole[2]), Number(whole[3]));
    const american = take(/\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/);
    if (american) return setDay(Number(american[3]), Number(american[1]), Number(american[2]));
    const names = months.map((name) => name.slice(0, 3).toLowerCase()).join('|');
    const written = take(new RegExp(`\\b(\\d{1,2})[ -](${names})[a-z]*(?:[ -](\\d{4}))?`));
    if (written) return setDay(Number(written[3] ?? at.getUTCFullYear()), monthOf(written[2]), Number(written[1]));
    const turned = take(new RegExp(`\\b(${names})[a-z]* (\\d{1,2})(?:,? (\\d{4}))?(?!:)`));
    if (turned) return setDay(Number(turned[3] ?? at.getUTCFullYear()), monthOf(turned[1]), Number(turned[2]));
    const named = take(/\b(now|today|yesterday|tomorrow)\b/)?.[1];
    if (named === undefined) return false;
    at = new Date(at.getTime() + (named === 'yesterday' ? -1 : named === 'tomorrow' ? 1 : 0) * 86_400_000);
    return false;
  }

  function setDay(year: number, month: number, day: number): boolean {
    const made = new Date(Date.UTC(year, month - 1, day));
    if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== day) rest = 'no such day';
    made.setUTCHours(at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), 0);
    at = made;
    return true;
  }

  function takeTime(): boolean {
    const found = take(/\b(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(am|pm)?/) ?? take(/\b(noon|midnight)\b/);
    if (!found) return false;
    if (found[1] === 'noon' || found[1] === 'midnight') at.setUTCHours(found[1] === 'noon' ? 12 : 0, 0, 0, 0);
    else
      at.setUTCHours(
        (Number(found[1]) % (found[4] ? 12 : 24)) + (found[4] === 'pm' ? 12 : 0),
        Number(found[2]),
        Number(found[3] ?? 0),
        0,
      );
    return true;
  }

  function takeMove(): boolean {
    const found = take(
      /([-+]?\s*\d{1,9}|\b(?:next|last|a|an)\b)?\s*\b(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\b(\s+ago)?/,
    );
    if (!found) return takeWeekday();
    const [, given = '1', unit = '', ago] = found;
    const count =
      (given === 'last' ? -1 : Number(given.replace(/\s/g, '')) || (given === '0' ? 0 : 1)) * (ago ? -1 : 1);
    const seconds = units[unit];
    if (seconds !== undefined) at = new Date(at.getTime() + count * seconds * 1000);
    else if (unit === 'month') at.setUTCMonth(at.getUTCMonth() + count);
    else at.setUTCFullYear(at.getUTCFullYear() + count);
    return true;
  }

  function takeWeekday(): boolean {
    const found = take(/\b(next |last )?(sun|mon|tue|wed|thu|fri|sat)[a-z]*\b/);
    if (!found) return false;
    const wanted = days.findIndex((name) => name.toLowerCase().startsWith(found[2] ?? '-'));
    const ahead = (wanted - at.getUTCDay() + 7) % 7;
    const moved = found[1] === 'last ' ? ahead - 7 : found[1] === 'next ' && ahead === 0 ? 7 : ahead;
    at.setUTCHours(0, 0, 0, 0);
    at = new Date(at.getTime() + moved * 86_400_000);
    return true;
  }
}

function monthOf(name = ''): number {
  return months.findIndex((month) => month.toLowerCase().startsWith(name)) + 1;
}

/** A time in a form of `%…`. */
function shown(ms: number, form: string): string {
  const at = new Date(ms);
  const two = (value: number, by = '0') => String(value).padStart(2, by);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  const [hours, minutes, seconds] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  const ofYear = Math.floor((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000);
  const values: Readonly<Record<string, () => string>> = {
    ...{
      Y: () => String(year),
      y: () => two(year % 100),
      C: () => two(Math.floor(year / 100)),
      m: () => two(month + 1),
    },
    ...{
      d: () => two(day),
      e: () => two(day, ' '),
      H: () => two(hours),
      k: () => two(hours, ' '),
      M: () => two(minutes),
    },
    ...{
      I: () => two(hours % 12 || 12),
      l: () => two(hours % 12 || 12, ' '),
      p: () => (hours < 12 ? 'AM' : 'PM'),
      P: () => (hours < 12 ? 'am' : 'pm'),
    },
    ...{ S: () => two(seconds), s: () => String(Math.floor(ms / 1000)), j: () => String(ofYear + 1).padStart(3, '0') },
    ...{
      N: () =>
        String(Math.floor((((ms % 1000) + 1000) % 1000) * 1e6 + ((ms * 7919) % 999_983)))
          .padStart(9, '0')
          .slice(0, 9),
    },
    ...{
      a: () => (days[at.getUTCDay()] ?? '').slice(0, 3),
      A: () => days[at.getUTCDay()] ?? '',
      b: () => (months[month] ?? '').slice(0, 3),
    },
    ...{
      h: () => (months[month] ?? '').slice(0, 3),
      B: () => months[month] ?? '',
      u: () => String(at.getUTCDay() || 7),
      w: () => String(at.getUTCDay()),
    },
    ...{
      U: () => two(Math.floor((ofYear + 7 - at.getUTCDay()) / 7)),
      W: () => two(Math.floor((ofYear + 7 - ((at.getUTCDay() + 6) % 7)) / 7)),
    },
    ...{
      V: () => two(isoWeek(at).week),
      G: () => String(isoWeek(at).year),
      Z: () => 'UTC',
      z: () => '+0000',
      n: () => '\n',
      t: () => '\t',
      '%': () => '%',
    },
    ...{
      F: () => shown(ms, '%Y-%m-%d'),
      T: () => shown(ms, '%H:%M:%S'),
      R: () => shown(ms, '%H:%M'),
      D: () => shown(ms, '%m/%d/%y'),
    },
    ...{
      c: () => shown(ms, '%a %b %e %H:%M:%S %Y'),
      x: () => shown(ms, '%m/%d/%y'),
      X: () => shown(ms, '%H:%M:%S'),
      r: () => shown(ms, '%I:%M:%S %p'),
    },
  };
  return form.replace(
    /%([-_0^#]?)(:?)(\d*)([a-zA-Z%])/g,
    (whole, flag: string, colon: string, width: string, letter: string) => {
      if (colon !== '') return '+00:00';
      const value = Object.hasOwn(values, letter) ? values[letter]?.() : undefined;
      if (value === undefined) return whole;
      if (letter === 'N' && width !== '') return value.slice(0, Number(width));
      if (flag === '-') return value.replace(/^[0 ]+(?=.)/, '');
      return flag === '^' ? value.toUpperCase() : flag === '_' ? value.replace(/^0+(?=.)/, ' ') : value;
    },
  );
}

/** The week that the Thursday of this one is in. */
function isoWeek(at: Date): { year: number; week: number } {
  const thursday = new Date(
    Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 4 - (at.getUTCDay() || 7)),
  );
  const year = thursday.getUTCFullYear();
  return { year, week: Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) };
}
